package dev.rastro.client.printing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The table that {@code -c} ends with: one row a syscall, the one that took most time first. */
public final class CountTable {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long NANOS_PER_MICROSECOND = 1000;
  private static final String RULE =
      "------ ----------- ----------- --------- --------- ----------------\n";

  /**
   * @param nanos wall time inside the calls
   */
  public record Row(String syscall, int number, long calls, long errors, long nanos) {}

  private CountTable() {}

  public static String of(List<Row> rows) {
    List<Row> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparingLong(Row::nanos).reversed().thenComparingInt(Row::number));
    long calls = 0;
    long errors = 0;
    long nanos = 0;
    for (Row row : sorted) {
      calls += row.calls();
      errors += row.errors();
      nanos += row.nanos();
    }
    StringBuilder table = new StringBuilder();
    table.append("% time     seconds  usecs/call     calls    errors syscall\n").append(RULE);
    for (Row row : sorted) {
      append(table, row, nanos);
    }
    table.append(RULE);
    append(table, new Row("total", 0, calls, errors, nanos), nanos);
    return table.toString();
  }

  private static void append(StringBuilder table, Row row, long allNanos) {
    double share = allNanos == 0 ? 0 : 100.0 * row.nanos() / allNanos;
    boolean total = row.syscall().equals("total");
    table.append(
        String.format(
            Locale.ROOT,
            "%6.2f %11.6f %11d %9d %9s %s%n",
            total ? 100.0 : share,
            row.nanos() / NANOS_PER_SECOND,
            row.calls() == 0 ? 0 : row.nanos() / NANOS_PER_MICROSECOND / row.calls(),
            row.calls(),
            row.errors() == 0 ? "" : Long.toString(row.errors()),
            row.syscall()));
  }
}
