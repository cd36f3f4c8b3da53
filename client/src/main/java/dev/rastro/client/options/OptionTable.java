package dev.rastro.client.options;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options, as {@code strace.txt} has them. */
public final class OptionTable {
  private static final String DATA = "strace.txt";
  private static final Pattern LINE = Pattern.compile("(-.*?)  +(\\S.*)");
  private static final Pattern NAME = Pattern.compile("(-?-[\\w-]+)(?:(\\[=|=| )(.+?)]?)?");
  private static final int DESCRIPTION_COLUMN = 36;
  private static final int WIDTH = 100;

  private final String program;
  private final List<Option> options;

  private OptionTable(String program, List<Option> options) {
    this.program = program;
    this.options = options;
  }

  /** strace's options alone. */
  public static OptionTable ofStrace() {
    return new OptionTable(
        "rastro strace", load().stream().filter(option -> !option.own()).toList());
  }

  /** strace's and rastro's own. */
  public static OptionTable all() {
    return new OptionTable("rastro trace", load());
  }

  /** Whose options they are. */
  String program() {
    return program;
  }

  public List<Option> options() {
    return options;
  }

  Optional<Option> letter(char letter) {
    return options.stream().filter(option -> option.letter() == letter).findFirst();
  }

  private static List<Option> load() {
    String text;
    try (InputStream data = OptionTable.class.getResourceAsStream(DATA)) {
      text = new String(Objects.requireNonNull(data, DATA).readAllBytes(), UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    List<Option> options = new ArrayList<>();
    String group = "";
    boolean own = false;
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("== ") || line.startsWith("-- ")) {
        group = line.substring(3);
        own = line.startsWith("-- ");
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        options.add(parse(line, group, own));
      }
    }
    return List.copyOf(options);
  }

  private static Option parse(String line, String group, boolean own) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not an option: " + line);
    }
    char letter = 0;
    List<String> longNames = new ArrayList<>();
    Option.Argument argument = Option.Argument.NONE;
    String label = "";
    for (String name : parts.group(1).split(", ", -1)) {
      Matcher matcher = NAME.matcher(name);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("not an option's name: " + name);
      }
      if (matcher.group(1).startsWith("--")) {
        longNames.add(matcher.group(1).substring(2));
      } else {
        letter = matcher.group(1).charAt(1);
      }
      if (matcher.group(2) != null) {
        boolean optional = matcher.group(2).equals("[=");
        argument = optional ? Option.Argument.OPTIONAL : Option.Argument.REQUIRED;
        label = matcher.group(3);
      }
    }
    if (argument == Option.Argument.REQUIRED && label.contains("[")) {
      label = label + "]"; // VAR[=VAL
    }
    String key = letter == 0 ? longNames.get(0) : String.valueOf(letter);
    return new Option(
        key, letter, List.copyOf(longNames), argument, label, parts.group(2), group, own);
  }

  /** The help page's list of options. */
  public String help() {
    StringBuilder page = new StringBuilder();
    String group = "";
    for (Option option : options) {
      if (!option.group().equals(group)) {
        group = option.group();
        page.append('\n').append(group).append(":\n");
      }
      describe(option, page);
    }
    return page.toString();
  }

  private static void describe(Option option, StringBuilder page) {
    StringBuilder names = new StringBuilder("  ");
    names.append(option.letter() == 0 ? "    " : "-" + option.letter());
    for (String name : option.longNames()) {
      names.append(names.length() > 4 || option.letter() == 0 ? "" : ", ");
      names.append(names.length() > 6 ? ", --" : "--").append(name);
      break; // further names are synonyms
    }
    switch (option.argument()) {
      case NONE -> {}
      case REQUIRED ->
          names.append(option.longNames().isEmpty() ? " " : "=").append(option.label());
      case OPTIONAL -> names.append("[=").append(option.label()).append(']');
    }
    page.append(names);
    int column = names.length();
    if (column >= DESCRIPTION_COLUMN) {
      page.append('\n');
      column = 0;
    }
    for (String word : option.description().split(" ", -1)) {
      if (column + 1 + word.length() > WIDTH) {
        page.append('\n');
        column = 0;
      }
      while (column < DESCRIPTION_COLUMN) {
        page.append(' ');
        column++;
      }
      page.append(word).append(' ');
      column += word.length() + 1;
    }
    page.setLength(page.length() - 1);
    page.append('\n');
  }
}
