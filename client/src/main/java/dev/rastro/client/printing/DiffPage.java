// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.printing;

import dev.rastro.client.sums.CallSums;
import dev.rastro.client.sums.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code rastro diff}: what is new, what is gone, and what has changed. */
public final class DiffPage {
  private static final double P50 = 0.5;
  private static final double P99 = 0.99;
  private static final String NOTHING = "-";

  private DiffPage() {}

  /**
   * @param width to keep within
   */
  public static String of(Comparison comparison, int width) {
    StringBuilder page = new StringBuilder();
    List<Comparison.Row> rows = comparison.rows();
    addList(page, "new calls", rows, row -> row.isNew() ? counted(row, row.after()) : "");
    addList(page, "gone calls", rows, row -> row.isGone() ? counted(row, row.before()) : "");
    addList(page, "new errors", rows, row -> errors(row, row.newErrors()));
    addList(page, "gone errors", rows, row -> errors(row, row.goneErrors()));
    List<Comparison.Row> changed = comparison.changed();
    if (changed.isEmpty()) {
      return page.append("the same calls and errors, and no time that differs\n").toString();
    }
    page.append(page.length() == 0 ? "" : "\n").append(table(comparison, changed).text(width));
    return page.toString();
  }

  private static Columns table(Comparison comparison, List<Comparison.Row> changed) {
    Columns columns =
        new Columns(
            "CALLS",
            "<  NOW",
            "ERRORS",
            "<  NOW",
            "P50",
            "<  NOW",
            "P99",
            "<  NOW",
            "<",
            "<SYSCALL");
    for (Comparison.Row row : changed) {
      boolean timed = comparison.isTimed(row);
      columns.row(
          row.before().calls(),
          now(row.before().calls(), row.after().calls()),
          row.before().errors(),
          now(row.before().errors(), row.after().errors()),
          time(row.before(), P50),
          "→ " + time(row.after(), P50),
          time(row.before(), P99),
          "→ " + time(row.after(), P99),
          timed && comparison.hasOtherTimes(row)
              ? String.format(Locale.ROOT, "×%.1f", row.p99Growth())
              : "",
          row.syscall());
    }
    return columns;
  }

  private static String now(long before, long after) {
    return after == before ? "" : "→ " + after;
  }

  private static String time(CallSums sums, double fraction) {
    return sums.timed() == 0 ? NOTHING : Quantities.shortNanos(sums.quantileNanos(fraction));
  }

  private static void addList(
      StringBuilder page,
      String title,
      List<Comparison.Row> rows,
      Function<Comparison.Row, String> entry) {
    String list =
        rows.stream().map(entry).filter(text -> !text.isEmpty()).collect(Collectors.joining(", "));
    if (!list.isEmpty()) {
      page.append(title).append(": ").append(list).append('\n');
    }
  }

  private static String counted(Comparison.Row row, CallSums sums) {
    return row.syscall() + " (" + sums.calls() + ")";
  }

  /** {@code openat ENOENT (3) EACCES (1)}. */
  private static String errors(Comparison.Row row, Map<String, Long> kinds) {
    List<String> parts = new ArrayList<>();
    kinds.forEach((kind, count) -> parts.add(kind + " (" + count + ")"));
    return parts.isEmpty() ? "" : row.syscall() + " " + String.join(" ", parts);
  }
}
