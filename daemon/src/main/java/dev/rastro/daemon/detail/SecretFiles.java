// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.detail;

import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which files hold secrets, by the last parts of their paths. One thread. */
final class SecretFiles {
  private static final String NUL = "\\x00";

  private final Verdicts tails;
  private final Verdicts paths;

  SecretFiles(List<String> rules) {
    Matcher tail = matcher(rules, SecretFiles::fromTheLast);
    Matcher path = matcher(rules, SecretFiles::atTheEnd);
    tails = new Verdicts(text -> tail.reset(text).lookingAt());
    paths = new Verdicts(text -> path.reset(text).find());
  }

  private static Matcher matcher(
      List<String> rules, java.util.function.Function<String, String> regex) {
    return Pattern.compile(
            rules.isEmpty() ? "(?!)" : rules.stream().map(regex).collect(Collectors.joining("|")),
            Pattern.DOTALL)
        .matcher("");
  }

  private static String fromTheLast(String rule) {
    List<String> parts = Secrets.parts(rule);
    Collections.reverse(parts);
    return parts.stream()
        .map(part -> Globs.regex(part, "[^" + NUL + "]") + NUL)
        .collect(Collectors.joining("", "(?:", ")"));
  }

  private static String atTheEnd(String rule) {
    return Secrets.parts(rule).stream()
        .map(part -> Globs.regex(part, "[^/]"))
        .collect(Collectors.joining("/+", "(?:(?:^|/)", "/*\\z)"));
  }

  /**
   * @param tail names, from the last to the first, each with its NUL
   */
  boolean isSecretByTail(CharSequence tail) {
    return tails.of(tail);
  }

  boolean isSecretByPath(CharSequence path) {
    return paths.of(path);
  }
}
