// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.printing;

import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.Quantile;
import dev.rastro.v1.SummaryRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A summary as comma-separated values (RFC 4180, but lines end as they do here): a line of names,
 * then one for each row. Times are nanoseconds. What a row does not have is empty.
 */
public final class SummaryCsv {
  private static final List<String> BEFORE =
      List.of(
          "syscall",
          "number",
          "pid",
          "start_time_nanos",
          "comm",
          "calls",
          "errors",
          "timed_calls",
          "total_nanos",
          "min_nanos",
          "max_nanos");
  private static final List<String> AFTER =
      List.of("ends_of_stream", "idle_wakeups", "errors_by_errno");

  private SummaryCsv() {}

  /**
   * @param fractions of which quantiles there are columns
   */
  public static String of(GetSummaryResponse summary, List<Double> fractions) {
    List<String> names = new ArrayList<>(BEFORE);
    fractions.forEach(
        fraction ->
            names.add(
                SummaryPage.head(fraction).toLowerCase(Locale.ROOT).replace('.', '_') + "_nanos"));
    names.addAll(AFTER);
    StringBuilder text = new StringBuilder();
    append(text, names);
    summary.getRowsList().forEach(row -> append(text, cells(row, fractions)));
    return text.toString();
  }

  private static List<String> cells(SummaryRow row, List<Double> fractions) {
    List<String> cells = new ArrayList<>();
    cells.add(row.getSyscall());
    cells.add(row.hasNumber() ? Integer.toString(row.getNumber()) : "");
    cells.add(row.hasProcess() ? Integer.toString(row.getProcess().getPid()) : "");
    cells.add(row.hasProcess() ? Long.toString(row.getProcess().getStartTimeNanos()) : "");
    cells.add(row.getComm());
    cells.add(Long.toString(row.getCalls()));
    cells.add(Long.toString(row.getErrors()));
    cells.add(Long.toString(row.getTimedCalls()));
    boolean timed = row.getTimedCalls() > 0;
    cells.add(timed ? Long.toString(row.getTotalNanos()) : "");
    cells.add(timed ? Long.toString(row.getMinNanos()) : "");
    cells.add(timed ? Long.toString(row.getMaxNanos()) : "");
    List<Quantile> quantiles = row.getQuantilesList();
    for (int i = 0; i < fractions.size(); i++) {
      cells.add(i < quantiles.size() ? Long.toString(quantiles.get(i).getNanos()) : "");
    }
    cells.add(Long.toString(row.getEndsOfStream()));
    cells.add(Long.toString(row.getIdleWakeups()));
    cells.add(SummaryPage.errors(row));
    return cells;
  }

  private static void append(StringBuilder text, List<String> cells) {
    text.append(cells.stream().map(SummaryCsv::quoted).collect(Collectors.joining(",")))
        .append('\n');
  }

  private static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
