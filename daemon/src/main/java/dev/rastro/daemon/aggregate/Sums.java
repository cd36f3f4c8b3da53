package dev.rastro.daemon.aggregate;

import dev.rastro.daemon.kernel.ControlLayout;
import dev.rastro.daemon.kernel.ProcessKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A row of a snapshot while it is being added up. */
final class Sums {
  private static final long UNSIGNED_INT = 0xFFFF_FFFFL;

  private long calls;
  private long errors;
  private long timed;
  private long totalNanos;
  private long minNanos = Long.MAX_VALUE;
  private long maxNanos;
  private boolean extremesExact = true;
  private final Buckets histogram = new Buckets();

  /**
   * And outcomes that have no errno, by the kernel's numbers for them. Most have none, and a map
   * for each would be most of their memory.
   */
  private Map<Integer, Long> errorsByErrno = Map.of();

  void add(CounterTable table, int row) {
    calls += table.calls[row];
    errors += table.errors[row];
    timed += table.timed[row];
    totalNanos += table.total[row];
    minNanos = Math.min(minNanos, table.min[row]);
    maxNanos = Math.max(maxNanos, table.max[row]);
    for (int bucket = 0; bucket < Histogram.BUCKETS; bucket++) {
      histogram.add(bucket, table.histogram[row * Histogram.BUCKETS + bucket] & UNSIGNED_INT);
    }
  }

  void addError(int errno, long count) {
    if (errorsByErrno.isEmpty()) {
      errorsByErrno = new HashMap<>();
    }
    errorsByErrno.merge(errno, count, Long::sum);
  }

  /**
   * Takes away what was there before. Minimum and maximum of the rest are no longer known exactly:
   * they are narrowed to the edges of the buckets that the rest fills.
   */
  void subtract(Sums before) {
    calls -= before.calls;
    errors -= before.errors;
    timed -= before.timed;
    totalNanos -= before.totalNanos;
    histogram.subtract(before.histogram);
    if (!before.errorsByErrno.isEmpty()) {
      before.errorsByErrno.forEach((errno, count) -> addError(errno, -count));
      errorsByErrno.values().removeIf(count -> count == 0);
    }
    if (before.timed > 0) {
      extremesExact = false;
      narrow();
    }
  }

  void add(Sums other) {
    calls += other.calls;
    errors += other.errors;
    timed += other.timed;
    totalNanos += other.totalNanos;
    minNanos = Math.min(minNanos, other.minNanos);
    maxNanos = Math.max(maxNanos, other.maxNanos);
    extremesExact &= other.extremesExact;
    histogram.add(other.histogram);
    other.errorsByErrno.forEach(this::addError);
  }

  long calls() {
    return calls;
  }

  long errors() {
    return errors;
  }

  boolean isEmpty() {
    return calls == 0;
  }

  Snapshot.Row row(ProcessKey process, int uid, String comm, int slot) {
    Map<Integer, Long> errnos = new HashMap<>(errorsByErrno);
    long endsOfStream = taken(errnos, ControlLayout.END_OF_STREAM);
    long idleWakeups = taken(errnos, ControlLayout.IDLE_WAKEUP);
    return new Snapshot.Row(
        process,
        uid,
        comm,
        slot,
        calls,
        errors,
        timed,
        totalNanos,
        timed == 0 ? 0 : minNanos,
        maxNanos,
        extremesExact,
        histogram.histogram(),
        errnos,
        endsOfStream,
        idleWakeups);
  }

  private static long taken(Map<Integer, Long> counts, int key) {
    return Optional.ofNullable(counts.remove(key)).orElse(0L);
  }

  private void narrow() {
    if (timed == 0) {
      minNanos = Long.MAX_VALUE;
      maxNanos = 0;
      return;
    }
    int first = 0;
    while (first < Histogram.BUCKETS - 1 && histogram.count(first) == 0) {
      first++;
    }
    int last = Histogram.BUCKETS - 1;
    while (last > 0 && histogram.count(last) == 0) {
      last--;
    }
    minNanos = Math.max(minNanos, first == 0 ? 0 : Histogram.belowNanos(first - 1));
    maxNanos = Math.min(maxNanos, Histogram.belowNanos(last));
  }
}
