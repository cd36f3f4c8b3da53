package dev.rastro.daemon.aggregate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What had been counted at certain moments: each second for a while, and when somebody asked for it
 * to be kept. Two moments share the sums that did not change between them. Drain thread only.
 */
final class Moments {
  /** A window of the last seconds reaches so far back. */
  static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Moments that somebody asked for. */
  static final int MAX_NAMED = 16;

  /** Sums that no earlier moment has, of about a kilobyte each: of the seconds, of the named. */
  static final int MAX_CELLS = 8192;

  /**
   * @param fresh how many of its sums it shares with no earlier one
   */
  record Moment(long nanos, Map<Baseline.Cell, Sums> cells, int fresh) {}

  private final Aggregator from;
  private final Deque<Moment> seconds = new ArrayDeque<>();
  private final LinkedHashMap<String, Moment> named = new LinkedHashMap<>();
  private int freshOfSeconds;
  private long names;

  Moments(Aggregator from) {
    this.from = from;
  }

  /** To be called about each second while something is counted, after a fold. */
  void pass(long nowNanos) {
    Moment now = take(nowNanos, Optional.ofNullable(seconds.peekLast()));
    seconds.addLast(now);
    freshOfSeconds += now.fresh();
    while (seconds.size() > 1 && (isDispensable(nowNanos) || freshOfSeconds > MAX_CELLS)) {
      freshOfSeconds -= seconds.removeFirst().fresh();
    }
  }

  /** Whether the second oldest reaches far enough back, too. */
  private boolean isDispensable(long nowNanos) {
    return nowNanos - seconds.stream().skip(1).findFirst().orElseThrow().nanos() >= KEPT_NANOS;
  }

  /** The last one not after that time; where none is so old, the oldest there is. */
  Optional<Moment> at(long nanos) {
    Moment found = seconds.peekFirst();
    for (Moment moment : seconds) {
      if (moment.nanos() - nanos <= 0) {
        found = moment;
      }
    }
    return Optional.ofNullable(found);
  }

  /** Keeps what has been counted until now; returns its name. */
  String keep(long nowNanos) {
    Moment now = take(nowNanos, Optional.empty());
    names++;
    String name = Long.toString(names);
    named.put(name, now);
    while (named.size() > 1
        && (named.size() > MAX_NAMED
            || named.values().stream().mapToInt(Moment::fresh).sum() > MAX_CELLS)) {
      named.remove(named.keySet().iterator().next());
    }
    return name;
  }

  Moment named(String name) {
    Moment found = named.get(name);
    if (found == null) {
      throw new NoSuchMoment(name);
    }
    return found;
  }

  private Moment take(long nowNanos, Optional<Moment> before) {
    Map<Baseline.Cell, Sums> cells = new HashMap<>();
    Set<Baseline.Cell> fresh = new HashSet<>();
    CounterTable counters = from.counters;
    for (int row = 0; row < counters.index.rowLimit(); row++) {
      if (counters.index.isUsed(row)) {
        Baseline.Cell cell = cell(counters.processRow(row), counters.slot(row));
        Sums known = before.map(moment -> moment.cells().get(cell)).orElse(null);
        if (known != null && known.calls() == counters.calls[row]) {
          cells.put(cell, known);
        } else {
          Sums sums = new Sums();
          sums.add(counters, row);
          cells.put(cell, sums);
          fresh.add(cell);
        }
      }
    }
    ErrorTable errors = from.errors;
    for (int row = 0; row < errors.index.rowLimit(); row++) {
      if (errors.index.isUsed(row)) {
        long key = errors.index.key(row);
        Baseline.Cell cell = cell(ErrorTable.processRow(key), ErrorTable.slot(key));
        if (fresh.contains(cell)) {
          cells.get(cell).addError(ErrorTable.errno(key), errors.counts[row]);
        }
      }
    }
    return new Moment(nowNanos, cells, fresh.size());
  }

  private Baseline.Cell cell(int process, int slot) {
    return new Baseline.Cell(from.processes.identity(process), slot);
  }
}
