package dev.rastro.daemon.aggregate;

import dev.rastro.daemon.kernel.ProcessKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes snapshots out of an aggregator's tables. Drain thread only; fold first. */
public final class Summaries {
  private final Aggregator from;
  private final Moments moments;

  public Summaries(Aggregator from) {
    this.from = from;
    this.moments = new Moments(from);
  }

  Moments moments() {
    return moments;
  }

  /** A second has passed in which something was counted; to be called after a fold. */
  public void secondPassed(long nowNanos) {
    moments.pass(nowNanos);
  }

  /** Keeps what has been counted until now, for a window; returns its name. */
  public String keep(long nowNanos) {
    return moments.keep(nowNanos);
  }

  /** What is counted so far of the processes that the session wants, or of all. */
  public Baseline baseline(int session, Baseline.Scope scope, long nowNanos) {
    Baseline empty = new Baseline(session, scope, nowNanos, Map.of());
    return new Baseline(session, scope, nowNanos, cells(empty));
  }

  /** The daemon's whole memory. */
  public Snapshot whole(
      Query query, Window window, long sinceNanos, long nowNanos, List<String> shortcomings) {
    Baseline all = new Baseline(0, Baseline.Scope.EVERYTHING, sinceNanos, Map.of());
    return since(all, query, window, nowNanos, shortcomings);
  }

  /**
   * What happened in a part of the time since the baseline was taken.
   *
   * @throws NoSuchMoment when the window names one that is not kept
   */
  public Snapshot since(
      Baseline opened, Query query, Window window, long nowNanos, List<String> shortcomings) {
    Baseline baseline = begin(opened, window, nowNanos);
    long untilNanos = window.to().isEmpty() ? nowNanos : moments.named(window.to()).nanos();
    Map<Baseline.Cell, Sums> cells =
        window.to().isEmpty() ? cells(baseline) : copied(moments.named(window.to()), baseline);
    baseline
        .before()
        .forEach(
            (cell, sums) -> {
              Baseline.Cell where = cell;
              if (!from.processes.isKnown(cell.process())) {
                where = new Baseline.Cell(evicted(), cell.slot());
              }
              Sums now = cells.get(where);
              if (now != null) {
                now.subtract(sums);
              }
            });
    List<String> reasons = new ArrayList<>(shortcomings);
    reasons.addAll(from.shortcomings());
    if (from.unattributed() > 0 && !baseline.everything()) {
      reasons.add(
          "%d processes belong to no session: the records of their start were lost"
              .formatted(from.unattributed()));
    }
    if (from.evicted() > 0 && (!baseline.everything() || query.by() != Query.By.SYSCALL)) {
      reasons.add(
          "%d ended processes were merged into one row to make room".formatted(from.evicted()));
    }
    int withheld = baseline.scope() == Baseline.Scope.BOUNDED ? withheldFrom(baseline) : 0;
    if (withheld > 0) {
      reasons.add(
          "%d processes ran with rights that are not yours: nothing of them is counted"
              .formatted(withheld));
    }
    return new Snapshot(
        rows(cells, query), reasons, Math.max(0, untilNanos - baseline.sinceNanos()));
  }

  /** Where the window begins, and what had been counted then. */
  private Baseline begin(Baseline opened, Window window, long nowNanos) {
    Optional<Moments.Moment> moment =
        window.from().isEmpty()
            ? window.lastNanos() == 0 ? Optional.empty() : moments.at(nowNanos - window.lastNanos())
            : Optional.of(moments.named(window.from()));
    return moment
        .filter(then -> then.nanos() - opened.sinceNanos() > 0)
        .map(then -> new Baseline(opened.session(), opened.scope(), then.nanos(), then.cells()))
        .orElse(opened);
  }

  /** The session's share of a moment, to be changed. */
  private Map<Baseline.Cell, Sums> copied(Moments.Moment moment, Baseline of) {
    Map<Baseline.Cell, Sums> cells = new HashMap<>();
    moment
        .cells()
        .forEach(
            (cell, sums) -> {
              int process = from.processes.rowOfIdentity(cell.process());
              Baseline.Cell where = process < 0 ? new Baseline.Cell(evicted(), cell.slot()) : cell;
              if (of.everything() || (process >= 0 && belongs(process, of))) {
                cells.computeIfAbsent(where, c -> new Sums()).add(sums);
              }
            });
    return cells;
  }

  private List<Snapshot.Row> rows(Map<Baseline.Cell, Sums> cells, Query query) {
    Map<Baseline.Cell, Sums> grouped = new HashMap<>();
    cells.forEach(
        (cell, sums) -> {
          if (!sums.isEmpty() && wanted(cell, query)) {
            grouped.computeIfAbsent(group(cell, query.by()), c -> new Sums()).add(sums);
          }
        });
    List<Snapshot.Row> rows = new ArrayList<>(grouped.size());
    grouped.forEach(
        (cell, sums) -> {
          int process = from.processes.rowOfIdentity(cell.process());
          boolean known = process != from.evictedRow;
          rows.add(
              sums.row(
                  known ? from.processes.process(process) : ProcessKey.NONE,
                  from.processes.uid(process),
                  known ? from.processes.comm(process) : "",
                  cell.slot()));
        });
    rows.sort(
        Comparator.comparingLong(Snapshot.Row::totalNanos)
            .thenComparingLong(Snapshot.Row::calls)
            .reversed()
            .thenComparingInt(Snapshot.Row::slot)
            .thenComparingInt(row -> row.process().pid()));
    return rows;
  }

  private Baseline.Cell group(Baseline.Cell cell, Query.By by) {
    return switch (by) {
      case SYSCALL -> new Baseline.Cell(evicted(), cell.slot());
      case PROCESS -> new Baseline.Cell(cell.process(), Snapshot.Row.NO_SLOT);
      case BOTH -> cell;
    };
  }

  private boolean wanted(Baseline.Cell cell, Query query) {
    return (query.slots().isEmpty() || query.slots().get(cell.slot()))
        && query.asksFor(
            ProcessTable.tgidOfIdentity(cell.process()),
            from.processes.uid(from.processes.rowOfIdentity(cell.process())));
  }

  /** All cells of the session's processes, by process and slot. */
  private Map<Baseline.Cell, Sums> cells(Baseline of) {
    Map<Baseline.Cell, Sums> cells = new HashMap<>();
    CounterTable counters = from.counters;
    for (int row = 0; row < counters.index.rowLimit(); row++) {
      if (counters.index.isUsed(row) && belongs(counters.processRow(row), of)) {
        cell(cells, counters.processRow(row), counters.slot(row)).add(counters, row);
      }
    }
    ErrorTable errors = from.errors;
    for (int row = 0; row < errors.index.rowLimit(); row++) {
      long key = errors.index.key(row);
      if (errors.index.isUsed(row) && belongs(ErrorTable.processRow(key), of)) {
        cell(cells, ErrorTable.processRow(key), ErrorTable.slot(key))
            .addError(ErrorTable.errno(key), errors.counts[row]);
      }
    }
    return cells;
  }

  private boolean belongs(int process, Baseline of) {
    return switch (of.scope()) {
      case EVERYTHING -> true;
      case SESSION -> isWanted(process, of.session());
      case BOUNDED -> isWanted(process, of.session()) && !from.processes.isWithheld(process);
    };
  }

  private boolean isWanted(int process, int session) {
    return (from.processes.sessions(process) >>> session & 1) != 0;
  }

  private int withheldFrom(Baseline of) {
    int count = 0;
    for (int row = 0; row < from.processes.rowLimit(); row++) {
      boolean withheld = from.processes.isUsed(row) && from.processes.isWithheld(row);
      count += withheld && isWanted(row, of.session()) ? 1 : 0;
    }
    return count;
  }

  private Sums cell(Map<Baseline.Cell, Sums> cells, int process, int slot) {
    Baseline.Cell cell = new Baseline.Cell(from.processes.identity(process), slot);
    return cells.computeIfAbsent(cell, c -> new Sums());
  }

  private long evicted() {
    return from.processes.identity(from.evictedRow);
  }
}
