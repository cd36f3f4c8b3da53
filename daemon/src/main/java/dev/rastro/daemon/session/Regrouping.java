package dev.rastro.daemon.session;

import dev.rastro.daemon.aggregate.Query;
import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.aggregate.Snapshot.Row;
import dev.rastro.daemon.aggregate.WatchedProcess;
import dev.rastro.daemon.kernel.ProcessKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers any query from sums that are kept for each syscall of each process. */
public final class Regrouping {

  private record Key(ProcessKey process, int slot) {}

  private Regrouping() {}

  static Snapshot of(Snapshot both, Query query) {
    Map<Key, Row> sums = new LinkedHashMap<>();
    for (Row row : both.rows()) {
      boolean asked = query.slots().isEmpty() || query.slots().get(row.slot());
      if (asked && query.asksFor(row.process().pid(), row.uid())) {
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
      sums.merge(row.comm(), sum(row, row.comm()), Regrouping::plus);
    }
    List<Row> rows =
        sums.values().stream()
            .sorted(Comparator.comparingLong(Row::totalNanos).reversed())
            .toList();
    return new Snapshot(rows, processes.incompleteBecause(), processes.windowNanos());
  }

  /** All rows as one; empty when there are none. */
  public static Optional<Row> total(Snapshot sums) {
    return sums.rows().stream().map(row -> sum(row, "")).reduce(Regrouping::plus);
  }

  /** The row as one that stands for neither process nor syscall. */
  private static Row sum(Row row, String comm) {
    return new Row(
        ProcessKey.NONE,
        WatchedProcess.NOBODY_KNOWS,
        comm,
        Row.NO_SLOT,
        row.calls(),
        row.errors(),
        row.timed(),
        row.totalNanos(),
        row.minNanos(),
        row.maxNanos(),
        row.extremesExact(),
        row.histogram(),
        row.errorsByErrno(),
        row.endsOfStream(),
        row.idleWakeups());
  }

  private static Row reduced(Row row, Query.By by) {
    boolean bySyscall = by == Query.By.SYSCALL;
    return new Row(
        bySyscall ? ProcessKey.NONE : row.process(),
        bySyscall ? WatchedProcess.NOBODY_KNOWS : row.uid(),
        bySyscall ? "" : row.comm(),
        by == Query.By.PROCESS ? Row.NO_SLOT : row.slot(),
        row.calls(),
        row.errors(),
        row.timed(),
        row.totalNanos(),
        row.minNanos(),
        row.maxNanos(),
        row.extremesExact(),
        row.histogram(),
        row.errorsByErrno(),
        row.endsOfStream(),
        row.idleWakeups());
  }

  private static Row plus(Row a, Row b) {
    Map<Integer, Long> errors = new HashMap<>(a.errorsByErrno());
    b.errorsByErrno().forEach((errno, count) -> errors.merge(errno, count, Long::sum));
    return new Row(
        a.process(),
        a.uid(),
        a.comm(),
        a.slot(),
        a.calls() + b.calls(),
        a.errors() + b.errors(),
        a.timed() + b.timed(),
        a.totalNanos() + b.totalNanos(),
        least(a, b),
        Math.max(a.maxNanos(), b.maxNanos()),
        a.extremesExact() && b.extremesExact(),
        a.histogram().plus(b.histogram()),
        errors,
        a.endsOfStream() + b.endsOfStream(),
        a.idleWakeups() + b.idleWakeups());
  }

  /** Only calls with a known duration have a minimum. */
  private static long least(Row a, Row b) {
    if (a.timed() == 0) {
      return b.minNanos();
    }
    return b.timed() == 0 ? a.minNanos() : Math.min(a.minNanos(), b.minNanos());
  }
}
