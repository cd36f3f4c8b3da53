// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.commands;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.sums.Condition;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/**
 * What {@code rastro diff} was asked.
 *
 * @param runs how often each command is run
 * @param minCalls times are compared of calls that were made so often on both sides
 * @param to the file to write; empty: standard output
 */
record DiffArguments(
    Side before,
    Side after,
    List<Condition> conditions,
    boolean failOnLoss,
    int runs,
    int minCalls,
    Expression expression,
    Optional<String> to,
    boolean json) {
  private static final String END_OF_OPTIONS = "--";
  private static final String SEPARATOR = ":::";
  private static final int DEFAULT_MIN_CALLS = 100;

  /** One side: a file, or a command. */
  record Side(Optional<Path> file, List<String> command) {
    static Side file(String name) {
      try {
        return new Side(Optional.of(Path.of(name)), List.of());
      } catch (InvalidPathException wrong) {
        throw ClientFailure.usage("not a file's name: '" + name + "'");
      }
    }

    static Side command(List<String> words) {
      if (words.isEmpty()) {
        throw ClientFailure.usage("a command is missing beside " + SEPARATOR);
      }
      return new Side(Optional.empty(), List.copyOf(words));
    }

    String name() {
      return file.map(Path::toString).orElseGet(() -> String.join(" ", command));
    }
  }

  static DiffArguments parse(ParseResult parsed) {
    Expression expression = Expression.EVERYTHING;
    for (String one : CommonOptions.values(parsed, "-e")) {
      expression = expression.and(one);
    }
    List<Side> sides = sides(parsed.matchedPositionalValue(0, List.of()));
    return new DiffArguments(
        sides.get(0),
        sides.get(1),
        CommonOptions.words(CommonOptions.values(parsed, "--fail-if")).stream()
            .map(DiffArguments::condition)
            .toList(),
        CommonOptions.has(parsed, "--fail-on-loss"),
        positive(parsed, "--runs", 1),
        positive(parsed, "--min-calls", DEFAULT_MIN_CALLS),
        expression,
        CommonOptions.value(parsed, "-o"),
        CommonOptions.json(parsed));
  }

  private static int positive(ParseResult parsed, String option, int otherwise) {
    int number =
        CommonOptions.value(parsed, option)
            .map(text -> CommonOptions.number(option, text))
            .orElse(otherwise);
    if (number == 0) {
      throw ClientFailure.usage(option + ": at least 1");
    }
    return number;
  }

  private static Condition condition(String text) {
    return Condition.parse(text)
        .orElseThrow(
            () -> ClientFailure.usage("--fail-if: '" + text + "' is none of " + Condition.SYNTAX));
  }

  private static List<Side> sides(List<String> words) {
    int separator = words.indexOf(SEPARATOR);
    if (separator >= 0) {
      return List.of(
          Side.command(words.subList(0, separator)),
          Side.command(words.subList(separator + 1, words.size())));
    }
    if (words.size() > 2 && words.get(1).equals(END_OF_OPTIONS)) {
      return List.of(Side.file(words.get(0)), Side.command(words.subList(2, words.size())));
    }
    if (words.size() != 2) {
      throw ClientFailure.usage("give two files, a file and -- COMMAND, or -- COMMAND ::: COMMAND");
    }
    return List.of(Side.file(words.get(0)), Side.file(words.get(1)));
  }
}
