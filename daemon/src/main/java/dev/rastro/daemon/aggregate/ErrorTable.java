package dev.rastro.daemon.aggregate;

import dev.rastro.daemon.kernel.ControlLayout;
import java.util.Arrays;

/**
 * Failed calls by process row, syscall slot and errno, and among them, with numbers beyond those of
 * errnos, outcomes that have none.
 */
final class ErrorTable {
  static final int MAX_ROWS = 65_536;

  private static final int ERRNO_BITS = 13;
  private static final int SLOT_BITS = 9;

  static final int ERRNO_MASK = (1 << ERRNO_BITS) - 1;

  final RowIndex index = new RowIndex(MAX_ROWS);
  long[] counts = new long[0];

  static long key(int processRow, int slot, int errno) {
    return ((long) processRow << SLOT_BITS | slot) << ERRNO_BITS | errno;
  }

  static int processRow(long key) {
    return (int) (key >>> (SLOT_BITS + ERRNO_BITS));
  }

  static int slot(long key) {
    return (int) (key >>> ERRNO_BITS) & (ControlLayout.SYSCALL_SLOTS - 1);
  }

  static int errno(long key) {
    return (int) key & ERRNO_MASK;
  }

  /** The row, 0 if it is new; {@link RowIndex#NO_ROW} when the table is full. */
  int rowOf(long key) {
    int row = index.find(key);
    if (row < 0) {
      row = index.add(key);
      if (row >= counts.length) {
        counts = Arrays.copyOf(counts, Math.max(64, counts.length * 2));
      }
      if (row >= 0) {
        counts[row] = 0;
      }
    }
    return row;
  }
}
