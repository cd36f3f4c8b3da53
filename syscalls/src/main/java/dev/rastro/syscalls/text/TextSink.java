package dev.rastro.syscalls.text;

import dev.rastro.syscalls.decode.CaptureStatus;
import dev.rastro.syscalls.decode.Quote;
import dev.rastro.syscalls.decode.Sink;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Errnos;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;
import dev.rastro.syscalls.table.Signals;
import dev.rastro.syscalls.table.SyscallTable;
import java.nio.ByteBuffer;

/**
 * Writes what a decoder meets as strace would. Whoever builds values beside it may read each
 * argument's text at {@link #endArgument}: it stands between {@link #argumentStart} and the
 * buffer's end.
 */
public final class TextSink implements Sink {
  /** In the place of what whoever reads may not see; strace has no such word. */
  public static final String REDACTED = "<redacted>";

  private static final int AT_FDCWD = -100;
  private static final long ID_NONE = 0xffffffffL;

  private final int stringLimit;
  private final TextStyle style;
  private final DescriptorText descriptors;
  private TextBuffer out;
  private boolean first = true;
  private boolean set;
  private int argumentStart;
  private boolean inResult;
  private boolean inNote;

  public TextSink(int stringLimit, TextBuffer out) {
    this(stringLimit, TextStyle.DEFAULT, DescriptorText.none(), out);
  }

  /**
   * @param table has the names that descriptors are told with
   */
  public TextSink(SyscallTable table, int stringLimit, TextStyle style, TextBuffer out) {
    this(stringLimit, style, DescriptorText.of(table, style.descriptors()), out);
  }

  /** Descriptors are bare numbers. */
  TextSink(int stringLimit, TextStyle style, TextBuffer out) {
    this(stringLimit, style, DescriptorText.none(), out);
  }

  private TextSink(int stringLimit, TextStyle style, DescriptorText descriptors, TextBuffer out) {
    this.stringLimit = stringLimit;
    this.style = style;
    this.descriptors = descriptors;
    this.out = out;
  }

  /** The call whose descriptors are told from here on. */
  public void describeFrom(RecordReader enter, RecordReader exit) {
    descriptors.begin(enter, exit);
  }

  /** Begins a list of arguments at the end of {@code out}. */
  public TextSink writeTo(TextBuffer out) {
    this.out = out;
    first = true;
    argumentStart = out.length();
    return this;
  }

  /** Where the text of the current or last argument or result begins. */
  public int argumentStart() {
    return argumentStart;
  }

  public TextBuffer buffer() {
    return out;
  }

  @Override
  public void beginArgument(String name, Kind kind, boolean named) {
    separate();
    if (named || style.argumentNames()) {
      out.append(name).append('=');
    }
    argumentStart = out.length();
  }

  @Override
  public void endArgument(CaptureStatus status) {
    first = false;
  }

  @Override
  public void beginResult(Kind kind) {
    argumentStart = out.length();
    inResult = true;
  }

  @Override
  public void endResult() {
    inResult = false;
    first = true;
  }

  @Override
  public void number(long value, Kind.Format format, boolean signed) {
    switch (format) {
      case DESCRIPTOR -> descriptor((int) value);
      case PID -> task((int) value);
      case DECIMAL -> {
        if (signed) {
          out.appendDecimal(value);
        } else {
          out.appendUnsigned(value);
        }
      }
      case HEX -> out.appendHex(value);
      case OCTAL -> out.appendOctal(value);
      case ADDRESS -> address(value);
      case DIRECTORY_DESCRIPTOR -> {
        if ((int) value == AT_FDCWD) {
          constant(AT_FDCWD, "AT_FDCWD");
        } else {
          out.appendDecimal(value << Integer.SIZE >> Integer.SIZE);
        }
        describe((int) value);
      }
      case OWNER -> {
        if (value == ID_NONE || value == -1) {
          out.append("-1");
        } else {
          out.appendUnsigned(value);
        }
      }
      case FILE_MODE -> ModeWriter.writeMode(out, (int) value, style.constants());
      case PERMISSIONS -> ModeWriter.writePermissions(out, (int) value);
      case DEVICE -> ModeWriter.writeDevice(out, value, style.constants());
      case SIGNAL -> signal((int) value);
      case ERRNO -> out.append(Errnos.name((int) value));
    }
  }

  private void task(int tid) {
    out.appendDecimal(tid);
    String name = style.taskNames().apply(tid);
    if (!name.isEmpty()) {
      out.appendName(name);
    }
  }

  private void descriptor(int number) {
    out.appendDecimal(number);
    describe(number);
  }

  /** What is found beside a result was given as an argument, and is described there. */
  private void describe(int number) {
    if (!inNote) {
      descriptors.append(number, inResult, out);
    }
  }

  private void signal(int number) {
    if (number > 0 && number < SIGNALS_END) {
      constant(number, Signals.name(number));
    } else {
      out.appendDecimal(number);
    }
  }

  private static final int SIGNALS_END = 65;

  @Override
  public void named(long value, Names names) {
    NameWriter.write(out, names, value, style.constants());
  }

  @Override
  public void phrase(long value, CharSequence text) {
    out.append(text);
  }

  @Override
  public void constant(long value, CharSequence text) {
    switch (style.constants()) {
      case NAMES -> out.append(text);
      case NUMBERS -> plain(value);
      case BOTH -> {
        plain(value);
        comment(text);
      }
    }
  }

  private void plain(long value) {
    if (value == AT_FDCWD) {
      out.appendDecimal(value);
    } else {
      out.appendUnsigned(value);
    }
  }

  @Override
  public void string(ByteBuffer memory, int offset, int length, boolean cut, Quote quote) {
    int shown = quote.isLimited() ? Math.min(length, stringLimit) : length;
    boolean trimmed = quote == Quote.TRIMMED && shown > 0 && memory.get(offset + shown - 1) == 0;
    if (quote == Quote.ABSTRACT) {
      out.append('@');
    }
    if (quote.isHex()) {
      out.appendQuotedHex(memory, offset, shown);
    } else {
      quoted(memory, offset, trimmed ? shown - 1 : shown);
    }
    if ((cut || shown < length) && !trimmed) {
      out.append("...");
    }
  }

  private void quoted(ByteBuffer memory, int offset, int shown) {
    switch (style.hexStrings()) {
      case NEVER -> out.appendQuoted(memory, offset, shown);
      case ESCAPES -> out.appendQuotedHexEscapes(memory, offset, shown);
      case NON_ASCII -> {
        if (TextBuffer.isText(memory, offset, shown)) {
          out.appendQuoted(memory, offset, shown);
        } else {
          out.appendQuotedHex(memory, offset, shown);
        }
      }
      case ALL -> out.appendQuotedHex(memory, offset, shown);
    }
  }

  @Override
  public void address(long address) {
    if (address == 0) {
      out.append("NULL");
    } else {
      out.appendHex(address);
    }
  }

  @Override
  public void unreadable(long address) {
    address(address);
  }

  @Override
  public void redacted(long address) {
    out.append(REDACTED);
  }

  @Override
  public void redactedRest() {
    out.append(REDACTED);
  }

  @Override
  public void beginStruct() {
    out.append('{');
    first = true;
  }

  @Override
  public void field(String name) {
    separate();
    out.append(name).append('=');
  }

  @Override
  public void unnamedField(String name) {
    separate();
  }

  @Override
  public void omission() {
    separate();
    out.append("...");
  }

  @Override
  public void beyond(long first, long last) {
    separate();
    out.append("/* bytes ").appendDecimal(first).append("..").appendDecimal(last).append(" */ ");
  }

  @Override
  public void endStruct(boolean complete) {
    close(complete, '}');
  }

  @Override
  public void beginArray() {
    out.append('[');
    first = true;
  }

  @Override
  public void beginSet() {
    beginArray();
    set = true;
  }

  @Override
  public void element() {
    if (set && !first) {
      out.append(' ');
      return;
    }
    separate();
  }

  @Override
  public void index(String name) {
    out.append('[').append(name).append("]=");
  }

  @Override
  public void endArray(boolean complete) {
    close(complete, ']');
  }

  @Override
  public void endArrayUnreadable(long address) {
    separate();
    out.append("... /* ").appendHex(address).append(" */]");
    first = false;
  }

  @Override
  public void beginChange() {}

  @Override
  public void becomes() {
    out.append(" => ");
  }

  @Override
  public void endChange() {}

  @Override
  public void comment(CharSequence text) {
    out.append(" /* ").append(text).append(" */");
  }

  @Override
  public void beginNote() {
    out.append(" (");
    first = true;
    inNote = true;
  }

  @Override
  public void label(String label) {
    separate();
    out.append(label).append(' ');
  }

  @Override
  public void endNote() {
    out.append(')');
    first = false;
    inNote = false;
  }

  private void close(boolean complete, char bracket) {
    set = false;
    if (!complete) {
      separate();
      out.append("...");
    }
    out.append(bracket);
    first = false;
  }

  private void separate() {
    if (!first) {
      out.append(',').append(' ');
    }
    first = false;
  }
}
