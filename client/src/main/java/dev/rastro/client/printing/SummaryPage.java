package dev.rastro.client.printing;

import dev.rastro.v1.ErrorCount;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.SummaryBy;
import dev.rastro.v1.SummaryRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** {@code rastro summary}: calls, errors and times by syscall, by process or by both. */
public final class SummaryPage {

  /** What comes first. */
  public enum Order {
    TIME,
    CALLS,
    ERRORS,
    MAX,
    NAME,
    PID;

    private Comparator<SummaryRow> comparator() {
      return switch (this) {
        case TIME -> Comparator.comparingLong(SummaryRow::getTotalNanos).reversed();
        case CALLS -> Comparator.comparingLong(SummaryRow::getCalls).reversed();
        case ERRORS -> Comparator.comparingLong(SummaryRow::getErrors).reversed();
        case MAX -> Comparator.comparingLong(SummaryRow::getMaxNanos).reversed();
        case NAME ->
            Comparator.comparing(SummaryRow::getSyscall).thenComparing(SummaryRow::getComm);
        case PID -> Comparator.comparingInt(row -> row.getProcess().getPid());
      };
    }
  }

  private SummaryPage() {}

  /** The same rows, ordered. */
  public static GetSummaryResponse sorted(GetSummaryResponse summary, Order order) {
    List<SummaryRow> rows = new ArrayList<>(summary.getRowsList());
    rows.sort(order.comparator());
    return summary.toBuilder().clearRows().addAllRows(rows).build();
  }

  public static String of(GetSummaryResponse summary, SummaryBy by) {
    boolean commands = by == SummaryBy.SUMMARY_BY_COMMAND;
    boolean processes = by != SummaryBy.SUMMARY_BY_SYSCALL && !commands;
    boolean syscalls = by != SummaryBy.SUMMARY_BY_PROCESS && !commands;
    List<String> heads =
        new ArrayList<>(List.of("CALLS", "ERRORS", "TOTAL", "MEAN", "P50", "P99", "MIN", "MAX"));
    if (processes) {
      heads.add("PID");
    }
    if (processes || commands) {
      heads.add("<COMM");
    }
    if (syscalls) {
      heads.add("<SYSCALL");
    }
    heads.add("<ERRORS BY KIND");
    Columns columns = new Columns(heads.toArray(String[]::new));
    for (SummaryRow row : summary.getRowsList()) {
      columns.row(cells(row, processes, processes || commands, syscalls));
    }
    StringBuilder page = new StringBuilder(columns.toString());
    page.append("in ").append(Quantities.nanos(summary.getWindowNanos())).append('\n');
    if (!summary.getComplete()) {
      page.append("not complete: ")
          .append(String.join("; ", summary.getIncompleteBecauseList()))
          .append('\n');
    }
    return page.toString();
  }

  private static Object[] cells(
      SummaryRow row, boolean processes, boolean names, boolean syscalls) {
    boolean timed = row.getTimedCalls() > 0;
    List<Object> cells = new ArrayList<>();
    cells.add(row.getCalls());
    cells.add(row.getErrors() == 0 ? "" : row.getErrors());
    cells.add(time(timed, row.getTotalNanos()));
    cells.add(time(timed, timed ? row.getTotalNanos() / row.getTimedCalls() : 0));
    cells.add(quantile(row, 0.5));
    cells.add(quantile(row, 0.99));
    cells.add(time(timed, row.getMinNanos()));
    cells.add(time(timed, row.getMaxNanos()));
    if (processes) {
      cells.add(row.getProcess().getPid());
    }
    if (names) {
      cells.add(row.getComm());
    }
    if (syscalls) {
      cells.add(row.getSyscall());
    }
    cells.add(
        row.getErrorsByErrnoList().stream()
            .map(SummaryPage::error)
            .collect(Collectors.joining(" ")));
    return cells.toArray();
  }

  private static String error(ErrorCount error) {
    return error.getName() + ":" + error.getCount();
  }

  private static String time(boolean timed, long nanos) {
    return timed ? Quantities.nanos(nanos) : "-";
  }

  private static String quantile(SummaryRow row, double fraction) {
    return row.getQuantilesList().stream()
        .filter(quantile -> Math.abs(quantile.getFraction() - fraction) < 1e-9)
        .map(quantile -> Quantities.nanos(quantile.getNanos()))
        .findFirst()
        .orElse("-");
  }
}
