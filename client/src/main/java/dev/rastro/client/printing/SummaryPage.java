package dev.rastro.client.printing;

import dev.rastro.v1.ErrorCount;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.Quantile;
import dev.rastro.v1.SummaryBy;
import dev.rastro.v1.SummaryRow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** {@code rastro summary}: calls, errors and times by syscall, process, both or command. */
public final class SummaryPage {
  private static final double SAME_FRACTION = 1e-9;
  private static final String UNKNOWN = "-";

  private final List<Double> fractions;
  private final boolean pids;
  private final boolean names;
  private final boolean syscalls;

  private SummaryPage(List<Double> fractions, SummaryBy by) {
    this.fractions = fractions;
    this.pids = by == SummaryBy.SUMMARY_BY_PROCESS || by == SummaryBy.SUMMARY_BY_BOTH;
    this.names = pids || by == SummaryBy.SUMMARY_BY_COMMAND;
    this.syscalls = by == SummaryBy.SUMMARY_BY_SYSCALL || by == SummaryBy.SUMMARY_BY_BOTH;
  }

  /**
   * @param fractions of which quantiles are shown, where the answer has them
   * @param width to keep within
   */
  public static String of(
      GetSummaryResponse summary, SummaryBy by, List<Double> fractions, int width) {
    return new SummaryPage(fractions, by).text(summary, width);
  }

  private String text(GetSummaryResponse summary, int width) {
    Columns columns = new Columns(heads());
    summary.getRowsList().forEach(row -> columns.row(cells(row, false)));
    if (summary.getRowsCount() + summary.getRowsLeftOut() > 1) {
      columns.row(cells(summary.getTotal(), true));
    }
    StringBuilder page = new StringBuilder(columns.text(width));
    page.append("in ").append(Quantities.nanos(summary.getWindowNanos()));
    if (summary.getRowsLeftOut() > 0) {
      page.append("; ").append(summary.getRowsLeftOut()).append(" more rows");
    }
    if (summary.getTotal().getExtremesAreBounds()) {
      page.append("; MIN and MAX are bounds");
    }
    if (!summary.getSnapshotId().isEmpty()) {
      page.append("; kept as ").append(summary.getSnapshotId());
    }
    page.append('\n');
    if (!summary.getComplete()) {
      page.append("not complete: ")
          .append(String.join("; ", summary.getIncompleteBecauseList()))
          .append('\n');
    }
    return page.toString();
  }

  private String[] heads() {
    List<String> heads = new ArrayList<>(List.of("CALLS", "ERRORS", "TOTAL", "MEAN"));
    fractions.forEach(fraction -> heads.add(head(fraction)));
    heads.addAll(List.of("MIN", "MAX"));
    if (pids) {
      heads.add("PID");
    }
    if (names) {
      heads.add("~COMM");
    }
    if (syscalls) {
      heads.add("<SYSCALL");
    }
    heads.add("~ERRORS BY KIND");
    return heads.toArray(String[]::new);
  }

  /** {@code P50}, {@code P99.9}. */
  static String head(double fraction) {
    BigDecimal percent = BigDecimal.valueOf(fraction).movePointRight(2).stripTrailingZeros();
    return "P" + percent.toPlainString();
  }

  private Object[] cells(SummaryRow row, boolean total) {
    boolean timed = row.getTimedCalls() > 0;
    List<Object> cells = new ArrayList<>();
    cells.add(row.getCalls());
    cells.add(row.getErrors() == 0 ? "" : row.getErrors());
    cells.add(time(timed, row.getTotalNanos()));
    cells.add(time(timed, timed ? row.getTotalNanos() / row.getTimedCalls() : 0));
    fractions.forEach(fraction -> cells.add(quantile(row, fraction)));
    cells.add(time(timed, row.getMinNanos()));
    cells.add(time(timed, row.getMaxNanos()));
    if (pids) {
      cells.add(total ? "" : row.getProcess().getPid());
    }
    if (names) {
      cells.add(total ? "(total)" : row.getComm());
    }
    if (syscalls) {
      cells.add(total && !names ? "(total)" : row.getSyscall());
    }
    cells.add(total ? "" : errors(row));
    return cells.toArray();
  }

  /** {@code ENOENT:3 EACCES:1}. */
  static String errors(SummaryRow row) {
    return row.getErrorsByErrnoList().stream()
        .map(SummaryPage::error)
        .collect(Collectors.joining(" "));
  }

  private static String error(ErrorCount error) {
    return (error.getName().isEmpty() ? error.getNumber() : error.getName())
        + ":"
        + error.getCount();
  }

  private static String time(boolean timed, long nanos) {
    return timed ? Quantities.shortNanos(nanos) : UNKNOWN;
  }

  private static String quantile(SummaryRow row, double fraction) {
    return row.getQuantilesList().stream()
        .filter(quantile -> Math.abs(quantile.getFraction() - fraction) < SAME_FRACTION)
        .map(Quantile::getNanos)
        .map(Quantities::shortNanos)
        .findFirst()
        .orElse(UNKNOWN);
  }
}
