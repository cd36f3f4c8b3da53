package dev.rastro.manual;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What follows an option.
 *
 * @param label as help shows it; empty when nothing follows
 * @param optional only after the long name and an equals sign
 */
record Value(String label, boolean optional) {
  static final Value NONE = new Value("", false);

  private static final Pattern CHOICE = Pattern.compile("[a-z0-9]+(\\|[a-z0-9]+)+");

  /** What a shell can offer for it. */
  enum Kind {
    NOTHING,
    ANYTHING,
    CHOICE,
    FILE,
    PID,
    USER
  }

  Kind kind() {
    return switch (label.toUpperCase(Locale.ROOT)) {
      case "" -> Kind.NOTHING;
      case "PATH", "FILE" -> Kind.FILE;
      case "PID" -> Kind.PID;
      case "USER" -> Kind.USER;
      default -> CHOICE.matcher(label).matches() ? Kind.CHOICE : Kind.ANYTHING;
    };
  }

  /** Of a {@link Kind#CHOICE}. */
  List<String> choices() {
    return List.of(label.split("\\|", -1));
  }
}
