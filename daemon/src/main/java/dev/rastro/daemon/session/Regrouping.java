package dev.rastro.daemon.session;

import dev.rastro.daemon.aggregate.Query;
import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.aggregate.Snapshot.Row;
import dev.rastro.daemon.kernel.ProcessKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers any query from sums that are kept for each syscall of each process. */
public final class Regrouping {

  private record Key(ProcessKey process, int slot) {}

  private Regrouping() {}

  static Snapshot of(Snapshot both, Query query) {
    Map<Key, Row> sums = new LinkedHashMap<>();
    for (Row row : both.rows()) {
      boolean asked =
          (query.pids().isEmpty() || query.pids().contains(row.process().pid()))
              && (query.slots().isEmpty() || query.slots().get(row.slot()));
      if (asked) {
        Row reduced = reduced(row, query.by());
        sums.merge(new Key(reduced.process(), reduced.slot()), reduced, Regrouping::plus);
      }
    }
    List<Row> rows =
        sums.values().stream()
            .sorted(Comparator.comparingLong(Row::totalNanos).reversed())
            .toList();
    return new Snapshot(rows, both.incompleteBecause(), both.windowNanos());
  }

  /** Processes of one name as one row. */
  public static Snapshot byCommand(Snapshot processes) {
    Map<String, Row> sums = new LinkedHashMap<>();
    for (Row row : processes.rows()) {
      Row nameless =
          new Row(
              ProcessKey.NONE,
              row.comm(),
              Row.NO_SLOT,
              row.calls(),
              row.errors(),
              row.timed(),
              row.totalNanos(),
              row.minNanos(),
              row.maxNanos(),
              row.histogram(),
              row.errorsByErrno());
      sums.merge(row.comm(), nameless, Regrouping::plus);
    }
    List<Row> rows =
        sums.values().stream()
            .sorted(Comparator.comparingLong(Row::totalNanos).reversed())
            .toList();
    return new Snapshot(rows, processes.incompleteBecause(), processes.windowNanos());
  }

  private static Row reduced(Row row, Query.By by) {
    boolean bySyscall = by == Query.By.SYSCALL;
    return new Row(
        bySyscall ? ProcessKey.NONE : row.process(),
        bySyscall ? "" : row.comm(),
        by == Query.By.PROCESS ? Row.NO_SLOT : row.slot(),
        row.calls(),
        row.errors(),
        row.timed(),
        row.totalNanos(),
        row.minNanos(),
        row.maxNanos(),
        row.histogram(),
        row.errorsByErrno());
  }

  private static Row plus(Row a, Row b) {
    Map<Integer, Long> errors = new HashMap<>(a.errorsByErrno());
    b.errorsByErrno().forEach((errno, count) -> errors.merge(errno, count, Long::sum));
    return new Row(
        a.process(),
        a.comm(),
        a.slot(),
        a.calls() + b.calls(),
        a.errors() + b.errors(),
        a.timed() + b.timed(),
        a.totalNanos() + b.totalNanos(),
        least(a, b),
        Math.max(a.maxNanos(), b.maxNanos()),
        a.histogram().plus(b.histogram()),
        errors);
  }

  /** Only calls with a known duration have a minimum. */
  private static long least(Row a, Row b) {
    if (a.timed() == 0) {
      return b.minNanos();
    }
    return b.timed() == 0 ? a.minNanos() : Math.min(a.minNanos(), b.minNanos());
  }
}
