// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.detail;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where in the arguments and the environment of a program secrets begin. An option counts wherever
 * a word begins, as an argument may be a line for a shell; and so does an assignment to one of the
 * variables. What follows is secret up to the argument's end. One thread.
 */
public final class SecretWords {
  /** In the place of what is hidden. */
  private static final String HIDDEN = "<redacted>";

  private final Matcher inArgument;
  private final Matcher name;
  private boolean nextIsSecret;

  public SecretWords(Secrets secrets) {
    String options = anyOf(secrets.arguments(), "[^=\\s]");
    String assigned = anyOf(secrets.variables(), "\\w");
    inArgument =
        pattern("(?:^|[\\s,'\"])(?:" + options + "(?:[=\\s]|\\z)|" + assigned + "=)").matcher("");
    name = pattern(anyOf(secrets.variables(), "[^=]")).matcher("");
  }

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }

  /** Matches nothing when there are no rules. */
  private static String anyOf(List<String> globs, String any) {
    return globs.isEmpty()
        ? "(?!)"
        : globs.stream()
            .map(glob -> Globs.regex(glob, any))
            .collect(Collectors.joining("|", "(?:", ")"));
  }

  /** Another program's arguments follow. */
  void begin() {
    nextIsSecret = false;
  }

  /**
   * The next argument: from where on it is secret; its length when nothing of it is.
   *
   * @param whole false when it was cut: then an option that looks harmless may be none
   */
  int secretFrom(CharSequence argument, boolean whole) {
    if (nextIsSecret) {
      nextIsSecret = false;
      return 0;
    }
    int length = argument.length();
    inArgument.reset(argument);
    if (!inArgument.find()) {
      nextIsSecret = !whole && isBareOption(argument);
      return length;
    }
    int end = inArgument.end();
    char last = end == 0 ? ' ' : argument.charAt(end - 1);
    nextIsSecret = end == length && last != '=' && !Character.isWhitespace(last);
    return end;
  }

  private static boolean isBareOption(CharSequence argument) {
    boolean option = argument.length() > 0 && argument.charAt(0) == '-';
    for (int i = 0; option && i < argument.length(); i++) {
      option = argument.charAt(i) != '=' && !Character.isWhitespace(argument.charAt(i));
    }
    return option;
  }

  /** Where a variable's value begins, if that is secret; else the whole length. */
  int secretValueFrom(CharSequence variable) {
    int equals = 0;
    while (equals < variable.length() && variable.charAt(equals) != '=') {
      equals++;
    }
    if (equals == variable.length()) {
      return equals;
    }
    return name.reset(variable).region(0, equals).matches() ? equals + 1 : variable.length();
  }

  /** A program's arguments, with blanks between them, as anybody may see them. */
  public String hide(String commandLine) {
    begin();
    int from = secretFrom(commandLine, true);
    return from == commandLine.length() ? commandLine : commandLine.substring(0, from) + HIDDEN;
  }
}
