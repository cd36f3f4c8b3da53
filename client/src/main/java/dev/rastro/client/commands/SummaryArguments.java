// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.commands;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.SummaryBy;
import dev.rastro.v1.SummarySort;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * What {@code rastro summary} was asked.
 *
 * @param request as it is sent, but for the session
 * @param fractions of the quantiles that are shown
 */
record SummaryArguments(
    GetSummaryRequest request,
    Expression expression,
    List<Double> fractions,
    Optional<Integer> durationSeconds,
    Output output,
    List<String> command) {

  /** How it is written. */
  enum Output {
    TEXT,
    JSON,
    CSV
  }

  private static final List<Double> SHOWN_FRACTIONS = List.of(0.5, 0.99);

  static void addOptions(CommandSpec spec) {
    spec.addOption(CommonOptions.values("PID", "only these processes", "-p", "--pid"));
    spec.addOption(CommonOptions.values("USER", "only processes of these users", "-u", "--uid"));
    spec.addOption(
        CommonOptions.value(
            "syscall|process|both|command", "what a row stands for (syscall)", "--by"));
    spec.addOption(
        CommonOptions.value(
            "time|calls|errors|max|p99|name|pid", "what comes first (time)", "--sort"));
    spec.addOption(CommonOptions.value("N", "only so many rows, the first", "--top"));
    spec.addOption(
        CommonOptions.value(
            "LIST", "which quantiles to show, as 0.5,0.99,0.999 (0.5,0.99)", "--quantiles"));
    spec.addOption(CommonOptions.value("SECONDS", "count for so long, from now on", "--duration"));
    spec.addOption(
        CommonOptions.value(
            "SECONDS", "only what was counted in the last of them, up to 60", "--last"));
    spec.addOption(
        CommonOptions.flag(
            "keep what is counted until now under a name, which is shown, for --from and --to",
            "--keep"));
    spec.addOption(CommonOptions.value("NAME", "only what was counted since then", "--from"));
    spec.addOption(CommonOptions.value("NAME", "only what was counted until then", "--to"));
    spec.addOption(CommonOptions.values("EXPR", "only these, as in trace -e", "-e"));
    spec.addOption(
        CommonOptions.value(
            "text|json|csv", "how to write it; json is one object a line", "--output"));
  }

  static SummaryArguments parse(ParseResult parsed) {
    Expression expression = Expression.EVERYTHING;
    for (String one : CommonOptions.values(parsed, "-e")) {
      expression = expression.and(one);
    }
    List<String> command = parsed.matchedPositionalValue(0, List.of());
    Output output = output(CommonOptions.value(parsed, "--output").orElse("text"));
    List<Double> fractions =
        CommonOptions.value(parsed, "--quantiles")
            .map(SummaryArguments::fractions)
            .orElse(SHOWN_FRACTIONS);
    GetSummaryRequest.Builder request =
        GetSummaryRequest.newBuilder()
            .addAllPids(CommonOptions.pids(CommonOptions.values(parsed, "-p")))
            .addAllUsers(CommonOptions.words(CommonOptions.values(parsed, "-u")))
            .setFilter(Requests.filter(expression))
            .setBy(by(CommonOptions.value(parsed, "--by").orElse("syscall")))
            .setSort(sort(CommonOptions.value(parsed, "--sort").orElse("time")))
            .setTop(number(parsed, "--top").orElse(0))
            .setLastNanos(TimeUnit.SECONDS.toNanos(number(parsed, "--last").orElse(0)))
            .setKeepSnapshot(CommonOptions.has(parsed, "--keep"))
            .setFromSnapshot(CommonOptions.value(parsed, "--from").orElse(""))
            .setToSnapshot(CommonOptions.value(parsed, "--to").orElse(""));
    // Whoever saves an answer has the standard quantiles in it, unless others are asked for.
    if (output != Output.JSON || CommonOptions.has(parsed, "--quantiles")) {
      request.addAllQuantiles(fractions);
    }
    return new SummaryArguments(
        request.build(), expression, fractions, number(parsed, "--duration"), output, command);
  }

  private static Optional<Integer> number(ParseResult parsed, String option) {
    return CommonOptions.value(parsed, option).map(text -> CommonOptions.number(option, text));
  }

  private static Output output(String text) {
    return switch (text) {
      case "text" -> Output.TEXT;
      case "json" -> Output.JSON;
      case "csv" -> Output.CSV;
      default -> throw ClientFailure.usage("--output: '" + text + "' is none of text, json, csv");
    };
  }

  private static List<Double> fractions(String list) {
    return Arrays.stream(list.split(",", -1)).map(SummaryArguments::fraction).toList();
  }

  private static double fraction(String word) {
    try {
      double fraction = Double.parseDouble(word);
      if (fraction > 0 && fraction <= 1) {
        return fraction;
      }
    } catch (NumberFormatException notNumeric) {
      throw ClientFailure.usage("--quantiles: not a number: '" + word + "'");
    }
    throw ClientFailure.usage(
        "--quantiles: '" + word + "': give fractions above 0 and not above 1, as 0.99");
  }

  private static SummaryBy by(String text) {
    return switch (text) {
      case "syscall" -> SummaryBy.SUMMARY_BY_SYSCALL;
      case "process" -> SummaryBy.SUMMARY_BY_PROCESS;
      case "both" -> SummaryBy.SUMMARY_BY_BOTH;
      case "command" -> SummaryBy.SUMMARY_BY_COMMAND;
      default ->
          throw ClientFailure.usage(
              "--by: '" + text + "' is none of syscall, process, both, command");
    };
  }

  private static SummarySort sort(String text) {
    return switch (text) {
      case "time" -> SummarySort.SUMMARY_SORT_TIME;
      case "calls" -> SummarySort.SUMMARY_SORT_CALLS;
      case "errors" -> SummarySort.SUMMARY_SORT_ERRORS;
      case "max" -> SummarySort.SUMMARY_SORT_MAX;
      case "p99" -> SummarySort.SUMMARY_SORT_P99;
      case "name" -> SummarySort.SUMMARY_SORT_NAME;
      case "pid" -> SummarySort.SUMMARY_SORT_PID;
      default ->
          throw ClientFailure.usage(
              "--sort: '" + text + "' is none of time, calls, errors, max, p99, name, pid");
    };
  }
}
