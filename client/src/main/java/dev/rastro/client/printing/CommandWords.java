// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.printing;

import java.util.regex.Pattern;

/** Words as one would type them into a shell. */
final class CommandWords {
  private static final Pattern PLAIN =
      Pattern.compile("[\\w@%+=:,./-]+", Pattern.UNICODE_CHARACTER_CLASS);

  private CommandWords() {}

  /** Quoted where a shell would take it for something else; one line, whatever is in it. */
  static String quoted(String word) {
    if (PLAIN.matcher(word).matches()) {
      return word;
    }
    return "'" + Printable.line(word).replace("'", "'\\''") + "'";
  }
}
