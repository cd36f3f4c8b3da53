package dev.rastro.client.printing;

import dev.rastro.client.printing.SummaryStyle.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table that {@code -c} ends with: one row a syscall. */
public final class CountTable {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long NANOS_PER_MICROSECOND = 1000;

  /**
   * @param nanos wall time inside the calls
   */
  public record Row(
      String syscall,
      int number,
      long calls,
      long errors,
      long nanos,
      long minNanos,
      long maxNanos) {

    Row(String syscall, int number, long calls, long errors, long nanos) {
      this(syscall, number, calls, errors, nanos, 0, 0);
    }

    long averageNanos() {
      return calls == 0 ? 0 : nanos / calls;
    }

    Row without(long overheadNanos) {
      return new Row(
          syscall,
          number,
          calls,
          errors,
          Math.max(0, nanos - overheadNanos * calls),
          Math.max(0, minNanos - overheadNanos),
          Math.max(0, maxNanos - overheadNanos));
    }
  }

  private final List<Column> columns;
  private final StringBuilder text = new StringBuilder();

  private CountTable(List<Column> columns) {
    this.columns = columns;
  }

  static String of(List<Row> rows) {
    return of(rows, SummaryStyle.DEFAULT);
  }

  public static String of(List<Row> rows, SummaryStyle style) {
    List<Row> sorted = new ArrayList<>();
    rows.forEach(row -> sorted.add(row.without(style.overheadNanos())));
    sorted.sort(style.sort().order());
    long calls = 0;
    long errors = 0;
    long nanos = 0;
    long min = Long.MAX_VALUE;
    long max = 0;
    for (Row row : sorted) {
      calls += row.calls();
      errors += row.errors();
      nanos += row.nanos();
      min = Math.min(min, row.minNanos());
      max = Math.max(max, row.maxNanos());
    }
    Row total = new Row("total", 0, calls, errors, nanos, sorted.isEmpty() ? 0 : min, max);
    CountTable table = new CountTable(withName(style.columns()));
    table.heads();
    table.rule();
    for (Row row : sorted) {
      table.row(row, nanos == 0 ? 0 : 100.0 * row.nanos() / nanos);
    }
    table.rule();
    table.row(total, 100);
    return table.text.toString();
  }

  private static List<Column> withName(List<Column> columns) {
    if (columns.contains(Column.NAME)) {
      return columns;
    }
    List<Column> all = new ArrayList<>(columns);
    all.add(Column.NAME);
    return all;
  }

  private void heads() {
    for (int i = 0; i < columns.size(); i++) {
      cell(i, columns.get(i).head);
    }
    text.append('\n');
  }

  private void rule() {
    for (int i = 0; i < columns.size(); i++) {
      text.append(i == 0 ? "" : " ").append("-".repeat(columns.get(i).width));
    }
    text.append('\n');
  }

  private void row(Row row, double share) {
    for (int i = 0; i < columns.size(); i++) {
      cell(
          i,
          switch (columns.get(i)) {
            case TIME_PERCENT -> String.format(Locale.ROOT, "%.2f", share);
            case TOTAL_TIME -> seconds(row.nanos());
            case MIN_TIME -> seconds(row.minNanos());
            case MAX_TIME -> seconds(row.maxNanos());
            case AVG_TIME -> Long.toString(row.averageNanos() / NANOS_PER_MICROSECOND);
            case CALLS -> Long.toString(row.calls());
            case ERRORS -> row.errors() == 0 ? "" : Long.toString(row.errors());
            case NAME -> row.syscall();
          });
    }
    text.append('\n');
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.6f", nanos / NANOS_PER_SECOND);
  }

  /** Names to the left, ragged when last; all else to the right. */
  private void cell(int index, String value) {
    text.append(index == 0 ? "" : " ");
    Column column = columns.get(index);
    String padding = " ".repeat(Math.max(0, column.width - value.length()));
    if (column != Column.NAME) {
      text.append(padding).append(value);
    } else if (index + 1 < columns.size()) {
      text.append(value).append(padding);
    } else {
      text.append(value);
    }
  }
}
