// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.detail;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Patterns of shells as regular expressions. */
final class Globs {
  private Globs() {}

  /**
   * @param any what {@code *} and {@code ?} stand for one of
   * @throws IllegalArgumentException naming the pattern and what is wrong
   */
  static String regex(String glob, String any) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      int close = c == '[' ? glob.indexOf(']', i + 2) : -1;
      if (c == '*') {
        regex.append(any).append('*');
      } else if (c == '?') {
        regex.append(any);
      } else if (close > 0) {
        String members = glob.substring(i + 1, close).replace("\\", "\\\\").replace("[", "\\[");
        regex.append('[').append(members.replaceFirst("^!", "^").replace("&&", "&")).append(']');
        i = close;
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    try {
      var unused = Pattern.compile(regex.toString());
    } catch (PatternSyntaxException wrong) {
      throw new IllegalArgumentException(
          "%s: %s".formatted(glob, wrong.getDescription().toLowerCase(java.util.Locale.ROOT)),
          wrong);
    }
    return regex.toString();
  }
}
