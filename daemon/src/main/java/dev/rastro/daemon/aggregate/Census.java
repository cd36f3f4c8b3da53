// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.aggregate;

import dev.rastro.syscalls.table.SyscallTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calls the roll out of an aggregator's tables. Drain thread only; fold first. */
public final class Census {
  private final Aggregator from;
  private final Summaries summaries;
  private final CallKinds kinds;

  public Census(Aggregator from, Summaries summaries, SyscallTable table) {
    this.from = from;
    this.summaries = summaries;
    this.kinds = new CallKinds(table);
  }

  /**
   * @param recentNanos how far back recent calls reach, to the second; as {@link Window#lastNanos}
   * @param sinceNanos when counting began
   */
  public Roll call(long recentNanos, long sinceNanos, long nowNanos) {
    Counts counts = new Counts(from.processes.rowLimit());
    addCalls(counts);
    addErrors(counts);
    Optional<Moments.Moment> before = summaries.moments().at(nowNanos - recentNanos);
    before.ifPresent(moment -> subtract(counts, moment));
    return new Roll(
        processes(counts),
        from.exits(),
        nowNanos - before.map(Moments.Moment::nanos).orElse(sinceNanos),
        from.evicted());
  }

  /** Sums by process row. */
  private static final class Counts {
    final long[] calls;
    final long[] errors;
    final long[] callsBefore;
    final long[] errorsBefore;
    final Map<Integer, Figures.Tally> tallies = new HashMap<>();

    Counts(int rows) {
      calls = new long[rows];
      errors = new long[rows];
      callsBefore = new long[rows];
      errorsBefore = new long[rows];
    }

    Figures.Tally tally(int row) {
      return tallies.computeIfAbsent(row, unused -> new Figures.Tally());
    }
  }

  private void addCalls(Counts counts) {
    CounterTable table = from.counters;
    for (int row = 0; row < table.index.rowLimit(); row++) {
      if (table.index.isUsed(row)) {
        int process = table.processRow(row);
        counts.calls[process] += table.calls[row];
        counts.errors[process] += table.errors[row];
        counts
            .tally(process)
            .addCalls(
                kinds, table.slot(row), table.calls[row], table.errors[row], table.total[row]);
      }
    }
  }

  private void addErrors(Counts counts) {
    ErrorTable table = from.errors;
    for (int row = 0; row < table.index.rowLimit(); row++) {
      if (table.index.isUsed(row)) {
        long key = table.index.key(row);
        int errno = ErrorTable.errno(key);
        Figures.Tally tally = counts.tally(ErrorTable.processRow(key));
        tally.addErrors(kinds, ErrorTable.slot(key), errno, table.counts[row]);
      }
    }
  }

  private void subtract(Counts counts, Moments.Moment before) {
    before
        .cells()
        .forEach(
            (cell, sums) -> {
              int row = from.processes.rowOfIdentity(cell.process());
              if (row >= 0) {
                counts.callsBefore[row] += sums.calls();
                counts.errorsBefore[row] += sums.errors();
              }
            });
  }

  private List<WatchedProcess> processes(Counts counts) {
    ProcessTable table = from.processes;
    List<WatchedProcess> found = new ArrayList<>();
    for (int row = 0; row < table.rowLimit(); row++) {
      if (row != from.evictedRow && table.isUsed(row)) {
        found.add(
            new WatchedProcess(
                table.process(row),
                table.parent(row),
                table.uid(row),
                table.comm(row),
                table.isAlive(row),
                table.status(row),
                counts.calls[row],
                counts.errors[row],
                counts.calls[row] - counts.callsBefore[row],
                counts.errors[row] - counts.errorsBefore[row],
                Optional.ofNullable(counts.tallies.get(row))
                    .map(Figures.Tally::figures)
                    .orElse(Figures.NONE),
                table.isWithheld(row)));
      }
    }
    return found;
  }
}
