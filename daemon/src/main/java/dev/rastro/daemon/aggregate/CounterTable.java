package dev.rastro.daemon.aggregate;

import dev.rastro.daemon.kernel.ControlLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Calls by process row and syscall slot, as the kernel has counted them. Values are absolute:
 * folding the same kernel entry twice changes nothing.
 */
final class CounterTable {
  static final int MAX_ROWS = 32_768;

  private static final int SLOT_BITS = 9;
  private static final int BUCKETS = Histogram.BUCKETS;

  final RowIndex index = new RowIndex(MAX_ROWS);
  long[] calls = new long[0];
  long[] errors = new long[0];
  long[] timed = new long[0];
  long[] total = new long[0];
  long[] min = new long[0];
  long[] max = new long[0];

  /** Counts of a bucket are unsigned 32-bit, as in the kernel. */
  int[] histogram = new int[0];

  static long key(int processRow, int slot) {
    return (long) processRow << SLOT_BITS | slot;
  }

  int processRow(int row) {
    return (int) (index.key(row) >>> SLOT_BITS);
  }

  int slot(int row) {
    return (int) index.key(row) & (ControlLayout.SYSCALL_SLOTS - 1);
  }

  /** The row, empty if it is new; {@link RowIndex#NO_ROW} when the table is full. */
  int rowOf(int processRow, int slot) {
    long key = key(processRow, slot);
    int row = index.find(key);
    if (row < 0) {
      row = index.add(key);
      if (row >= 0) {
        reserve(row);
        clear(row);
      }
    }
    return row;
  }

  /** Sets the row to the sum of the kernel's per-CPU values. */
  void set(int row, ByteBuffer values, int offset, int stride, int cpus) {
    clear(row);
    for (int cpu = 0; cpu < cpus; cpu++) {
      int at = offset + cpu * stride;
      long ofTimed = values.getLong(at + ControlLayout.COUNTER_TIMED);
      calls[row] += values.getLong(at + ControlLayout.COUNTER_CALLS);
      errors[row] += values.getLong(at + ControlLayout.COUNTER_ERRORS);
      timed[row] += ofTimed;
      total[row] += values.getLong(at + ControlLayout.COUNTER_TOTAL);
      if (ofTimed > 0) {
        min[row] = Math.min(min[row], values.getLong(at + ControlLayout.COUNTER_MIN));
        max[row] = Math.max(max[row], values.getLong(at + ControlLayout.COUNTER_MAX));
        int buckets = at + ControlLayout.COUNTER_HISTOGRAM;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
          histogram[row * BUCKETS + bucket] += values.getInt(buckets + 4 * bucket);
        }
      }
    }
  }

  /** Hands what one process did over to another row of the same table. */
  void merge(int process, int into) {
    for (int slot = 0; slot < ControlLayout.SYSCALL_SLOTS; slot++) {
      long key = key(process, slot);
      int from = index.find(key);
      if (from < 0) {
        continue;
      }
      int to = index.find(key(into, slot));
      if (to < 0) {
        index.rename(key, key(into, slot));
      } else {
        add(from, to);
        index.remove(key);
      }
    }
  }

  private void add(int from, int to) {
    calls[to] += calls[from];
    errors[to] += errors[from];
    timed[to] += timed[from];
    total[to] += total[from];
    min[to] = Math.min(min[to], min[from]);
    max[to] = Math.max(max[to], max[from]);
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      histogram[to * BUCKETS + bucket] += histogram[from * BUCKETS + bucket];
    }
  }

  private void clear(int row) {
    calls[row] = 0;
    errors[row] = 0;
    timed[row] = 0;
    total[row] = 0;
    min[row] = Long.MAX_VALUE;
    max[row] = 0;
    Arrays.fill(histogram, row * BUCKETS, (row + 1) * BUCKETS, 0);
  }

  private void reserve(int row) {
    if (row < calls.length) {
      return;
    }
    int rows = Math.max(64, calls.length * 2);
    calls = Arrays.copyOf(calls, rows);
    errors = Arrays.copyOf(errors, rows);
    timed = Arrays.copyOf(timed, rows);
    total = Arrays.copyOf(total, rows);
    min = Arrays.copyOf(min, rows);
    max = Arrays.copyOf(max, rows);
    histogram = Arrays.copyOf(histogram, rows * BUCKETS);
  }
}
