// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.sums;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that a comparison must not show: {@code new-call}, {@code gone-call}, {@code
 * new-error}, {@code gone-error}, or {@code [SYSCALL:]METRIC>LIMIT} with a limit of growth as
 * {@code 10%} or {@code 2x}. Immutable.
 */
public final class Condition {
  public static final String SYNTAX =
      "new-call, gone-call, new-error, gone-error, or [SYSCALL:]METRIC>N% or >Nx with calls, errors,"
          + " time, p50 or p99";

  private static final Pattern LIMIT =
      Pattern.compile("(?:(\\w+):)?(calls|errors|time|p50|p99)>(\\d+(?:\\.\\d+)?)(%|x)");
  private static final double PERCENT = 100;

  private final String text;
  private final Function<Comparison, Stream<String>> violations;

  private Condition(String text, Function<Comparison, Stream<String>> violations) {
    this.text = text;
    this.violations = violations;
  }

  /** Empty when it is none. */
  public static Optional<Condition> parse(String text) {
    return switch (text) {
      case "new-call" -> of(text, row -> row.isNew() ? counted(row.after().calls(), row) : "");
      case "gone-call" -> of(text, row -> row.isGone() ? counted(row.before().calls(), row) : "");
      case "new-error" -> of(text, row -> errors(row, row.newErrors()));
      case "gone-error" -> of(text, row -> errors(row, row.goneErrors()));
      default -> limit(text);
    };
  }

  /** What speaks against it, one line each; empty when nothing does. */
  public List<String> violations(Comparison comparison) {
    return violations.apply(comparison).map(found -> text + ": " + found).toList();
  }

  private static Optional<Condition> of(String text, Function<Comparison.Row, String> violation) {
    return Optional.of(
        new Condition(
            text,
            comparison ->
                comparison.rows().stream().map(violation).filter(found -> !found.isEmpty())));
  }

  private static String counted(long calls, Comparison.Row row) {
    return "%s (%d calls)".formatted(row.syscall(), calls);
  }

  private static String errors(Comparison.Row row, Map<String, Long> kinds) {
    return kinds.isEmpty()
        ? ""
        : kinds.entrySet().stream()
            .map(kind -> "%s (%d)".formatted(kind.getKey(), kind.getValue()))
            .sorted()
            .collect(Collectors.joining(", ", row.syscall() + " ", ""));
  }

  private static Optional<Condition> limit(String text) {
    Matcher matcher = LIMIT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Optional<String> syscall = Optional.ofNullable(matcher.group(1));
    String metric = matcher.group(2);
    double number = Double.parseDouble(matcher.group(3));
    double most = matcher.group(4).equals("x") ? number : 1 + number / PERCENT;
    boolean ofTimes = metric.startsWith("p");
    return Optional.of(
        new Condition(
            text,
            comparison ->
                // Counts are of all calls together, quantiles of each.
                (syscall.isPresent() || ofTimes
                        ? comparison.rows().stream()
                            .filter(row -> syscall.map(row.syscall()::equals).orElse(true))
                            .filter(row -> !ofTimes || comparison.isTimed(row))
                        : Stream.of(
                            new Comparison.Row(
                                "all calls",
                                comparison.before().total(),
                                comparison.after().total())))
                    .map(row -> beyond(row, metric(metric), most))
                    .filter(found -> !found.isEmpty())));
  }

  private static ToDoubleFunction<CallSums> metric(String name) {
    return switch (name) {
      case "calls" -> CallSums::calls;
      case "errors" -> CallSums::errors;
      case "time" -> CallSums::totalNanos;
      case "p50" -> sums -> sums.quantileNanos(0.5);
      default -> sums -> sums.quantileNanos(0.99);
    };
  }

  /** From nothing to something is beyond every limit. */
  private static String beyond(Comparison.Row row, ToDoubleFunction<CallSums> metric, double most) {
    double before = metric.applyAsDouble(row.before());
    double after = metric.applyAsDouble(row.after());
    return after > before * most
        ? String.format(Locale.ROOT, "%s: %.0f, before %.0f", row.syscall(), after, before)
        : "";
  }
}
