package dev.rastro.daemon.aggregate;

import java.util.Arrays;

/**
 * From a long to a row number: open addressing with linear probing, rows handed out densely and
 * reused. Bounded; grows by doubling up to the bound and never shrinks.
 */
final class RowIndex {
  static final int NO_ROW = -1;

  private static final int FIRST_ROWS = 256;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final int maxRows;

  /** By row. */
  private long[] keys = new long[FIRST_ROWS];

  /** Rows that were removed, to be handed out again. */
  private int[] free = new int[FIRST_ROWS];

  private int freeRows;
  private int usedRows;

  /** By hash: row + 1; 0 is empty. At most half full. */
  private int[] table = new int[FIRST_ROWS * 2];

  RowIndex(int maxRows) {
    this.maxRows = maxRows;
  }

  int size() {
    return usedRows - freeRows;
  }

  int maxRows() {
    return maxRows;
  }

  /** Rows that ever were handed out: every row number is below it. */
  int rowLimit() {
    return usedRows;
  }

  int find(long key) {
    int mask = table.length - 1;
    for (int i = slot(key, mask); table[i] != 0; i = (i + 1) & mask) {
      if (keys[table[i] - 1] == key) {
        return table[i] - 1;
      }
    }
    return NO_ROW;
  }

  /** Whether a row below {@link #rowLimit} is handed out now. */
  boolean isUsed(int row) {
    return find(keys[row]) == row;
  }

  long key(int row) {
    return keys[row];
  }

  /** The same row under another key, which must not be there yet. */
  void rename(long from, long to) {
    int row = find(from);
    remove(from);
    // The row freed last is the first to be handed out.
    if (add(to) != row) {
      throw new IllegalStateException("row %d moved".formatted(row));
    }
  }

  /** A row for a key that is not there yet; {@link #NO_ROW} when full. */
  int add(long key) {
    if (freeRows == 0 && usedRows == maxRows) {
      return NO_ROW;
    }
    if (freeRows == 0 && usedRows == keys.length) {
      grow();
    }
    int row = freeRows > 0 ? free[--freeRows] : usedRows++;
    keys[row] = key;
    insert(row);
    return row;
  }

  /** Frees the key's row. */
  void remove(long key) {
    int mask = table.length - 1;
    int hole = slot(key, mask);
    while (table[hole] != 0 && keys[table[hole] - 1] != key) {
      hole = (hole + 1) & mask;
    }
    if (table[hole] == 0) {
      return;
    }
    free[freeRows++] = table[hole] - 1;
    // Pull back what the hole would cut off from its home.
    for (int i = (hole + 1) & mask; table[i] != 0; i = (i + 1) & mask) {
      int home = slot(keys[table[i] - 1], mask);
      if (((i - home) & mask) >= ((i - hole) & mask)) {
        table[hole] = table[i];
        hole = i;
      }
    }
    table[hole] = 0;
  }

  private void insert(int row) {
    int mask = table.length - 1;
    int i = slot(keys[row], mask);
    while (table[i] != 0) {
      i = (i + 1) & mask;
    }
    table[i] = row + 1;
  }

  private void grow() {
    int rows = Math.min(maxRows, keys.length * 2);
    keys = Arrays.copyOf(keys, rows);
    free = Arrays.copyOf(free, rows);
    table = new int[Integer.highestOneBit(rows * 2 - 1) * 2];
    // Growing happens only when no row is free: all are in use.
    for (int row = 0; row < usedRows; row++) {
      insert(row);
    }
  }

  private static int slot(long key, int mask) {
    return (int) ((key * MIX) >>> 32) & mask;
  }
}
