// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.screen;

import dev.rastro.client.failure.ClientFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jline.keymap.BindingReader;
import org.jline.keymap.KeyMap;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/**
 * The terminal while it is ours: an alternate screen without a cursor, and keys that come one by
 * one. ^C still is a signal. Closing gives everything back as it was. One thread.
 */
public final class Screen implements AutoCloseable {
  /** An escape that nothing follows for so long is the key of that name. */
  private static final int ESCAPE_MILLIS = 50;

  /** POSIX_VDISABLE of Linux: no character. */
  private static final int NO_CHARACTER = 0;

  private final Terminal terminal;
  private final Attributes before;
  private final Display display;
  private final BindingReader keys;
  private final KeyMap<Key> bindings;
  private final boolean colours;
  private int rows;
  private int columns;

  private Screen(Terminal terminal, boolean colours) {
    this.terminal = terminal;
    this.colours = colours;
    before = terminal.enterRawMode();
    Attributes ours = terminal.getAttributes();
    ours.setLocalFlag(Attributes.LocalFlag.ISIG, true);
    // Stopped and continued, the terminal would not be as we left it.
    ours.setControlChar(Attributes.ControlChar.VSUSP, NO_CHARACTER);
    terminal.setAttributes(ours);
    terminal.puts(Capability.enter_ca_mode);
    terminal.puts(Capability.cursor_invisible);
    terminal.puts(Capability.keypad_xmit);
    display = new Display(terminal, true);
    keys = new BindingReader(terminal.reader());
    bindings = bindings(terminal);
  }

  /**
   * @param colours whether there may be any
   * @throws ClientFailure when the terminal cannot be had
   */
  public static Screen open(boolean colours) {
    try {
      // With the tool stty instead of a library of native code, which would have to be unpacked.
      Terminal terminal =
          TerminalBuilder.builder()
              .system(true)
              .provider("exec")
              .dumb(false)
              .nativeSignals(false)
              .build();
      return new Screen(terminal, colours);
    } catch (IOException | IllegalStateException refused) {
      throw ClientFailure.failed("cannot take the terminal: " + refused.getMessage());
    }
  }

  /** Shows these lines, and nothing below them; what does not fit is cut off. */
  public void draw(List<Line> lines, int newRows, int newColumns) {
    if (newRows != rows || newColumns != columns) {
      rows = newRows;
      columns = newColumns;
      display.resize(Size.of(columns, rows));
      // What the terminal has made of the old picture is anybody's guess.
      display.clear();
      display.reset();
      terminal.puts(Capability.clear_screen);
    }
    List<AttributedString> drawn = new ArrayList<>(rows);
    for (int row = 0; row < rows; row++) {
      Line line = row < lines.size() ? lines.get(row) : Line.EMPTY;
      drawn.add(styled(line).columnSubSequence(0, columns));
    }
    display.update(drawn, 0);
    terminal.flush();
  }

  /** Waits so long for a key. */
  public Optional<Key> key(long timeoutMillis) {
    if (keys.peekCharacter(timeoutMillis) < 0) {
      return Optional.empty();
    }
    Key key = keys.readBinding(bindings, null, false);
    if (key == null) {
      return Optional.empty();
    }
    return Optional.of(key.name() == Key.Name.CHARACTER ? Key.of(keys.getLastBinding()) : key);
  }

  private AttributedString styled(Line line) {
    AttributedStringBuilder text = new AttributedStringBuilder();
    for (Line.Piece piece : line.pieces()) {
      text.styled(style(piece.style()), piece.text());
    }
    return text.toAttributedString();
  }

  private AttributedStyle style(Style style) {
    return switch (style) {
      case PLAIN -> AttributedStyle.DEFAULT;
      case INVERSE -> AttributedStyle.DEFAULT.inverse();
      case STRONG -> AttributedStyle.DEFAULT.bold();
      case FAINT -> colours ? AttributedStyle.DEFAULT.faint() : AttributedStyle.DEFAULT;
      case ALERT ->
          colours
              ? AttributedStyle.DEFAULT.foreground(AttributedStyle.RED)
              : AttributedStyle.DEFAULT.bold();
    };
  }

  private static KeyMap<Key> bindings(Terminal terminal) {
    KeyMap<Key> keys = new KeyMap<>();
    keys.setAmbiguousTimeout(ESCAPE_MILLIS);
    keys.setUnicode(Key.of("?"));
    keys.setNomatch(Key.of(Key.Name.OTHER));
    for (char character = ' '; character < KeyMap.del().charAt(0); character++) {
      keys.bind(Key.of(String.valueOf(character)), String.valueOf(character));
    }
    bind(keys, terminal, Key.Name.UP, Capability.key_up, "\033[A");
    bind(keys, terminal, Key.Name.DOWN, Capability.key_down, "\033[B");
    bind(keys, terminal, Key.Name.BACK, Capability.key_left, "\033[D");
    bind(keys, terminal, Key.Name.ENTER, Capability.key_right, "\033[C");
    bind(keys, terminal, Key.Name.PAGE_UP, Capability.key_ppage, "\033[5~");
    bind(keys, terminal, Key.Name.PAGE_DOWN, Capability.key_npage, "\033[6~");
    bind(keys, terminal, Key.Name.HOME, Capability.key_home, "\033[H");
    bind(keys, terminal, Key.Name.END, Capability.key_end, "\033[F");
    keys.bind(Key.of(Key.Name.ENTER), "\r", "\n");
    keys.bind(Key.of(Key.Name.BACK), KeyMap.del(), "\b");
    keys.bind(Key.of(Key.Name.ESCAPE), KeyMap.esc());
    return keys;
  }

  /** As the terminal's description has it, and as nearly every terminal has it. */
  private static void bind(
      KeyMap<Key> keys, Terminal terminal, Key.Name name, Capability capability, String usual) {
    keys.bind(Key.of(name), usual);
    String described = KeyMap.key(terminal, capability);
    if (described != null) {
      keys.bind(Key.of(name), described);
    }
  }

  @Override
  public void close() {
    terminal.puts(Capability.keypad_local);
    terminal.puts(Capability.cursor_visible);
    terminal.puts(Capability.exit_ca_mode);
    terminal.setAttributes(before);
    terminal.flush();
    try {
      terminal.close();
    } catch (IOException unwilling) {
      throw ClientFailure.failed("cannot give the terminal back: " + unwilling.getMessage());
    }
  }
}
