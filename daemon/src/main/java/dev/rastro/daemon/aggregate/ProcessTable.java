package dev.rastro.daemon.aggregate;

import dev.rastro.daemon.kernel.ProcessKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The processes that are or were watched: who they are, for which sessions, how they ended. A row
 * is known by pid and start time to a clock tick, which is all that /proc tells; the exact start
 * time is kept once a record has told it. When full, the process that ended first is evicted, then
 * new ones are refused; both are counted.
 */
final class ProcessTable {
  /** Remembered at once, ended ones included. */
  static final int MAX_PROCESSES = 32_768;

  private static final long NANOS_PER_TICK = 10_000_000;
  private static final int PID_BITS = 22;
  private static final int COMM_BYTES = 16;

  private final RowIndex index = new RowIndex(MAX_PROCESSES);
  private long[] start = new long[0];
  private long[] everSessions = new long[0];
  private int[] parent = new int[0];
  private int[] uid = new int[0];
  private int[] status = new int[0];

  /** Folds begun when it ended: the next one is the last that brings news of it. */
  private long[] endFold = new long[0];

  private boolean[] alive = new boolean[0];

  /** It has ended, and its status is not known. */
  private boolean[] untold = new boolean[0];

  /** Some session has ever wanted it. */
  private boolean[] claimed = new boolean[0];

  /** Some session was not shown all of it, as it ran with rights beyond that session's reach. */
  private boolean[] withheld = new boolean[0];

  private byte[] comm = new byte[0];

  /** Rows in the order in which they ended, as a ring. */
  private final int[] ended = new int[MAX_PROCESSES];

  private int endedHead;
  private int endedCount;
  private long refused;

  /** The row of a process, made if it is new; {@link RowIndex#NO_ROW} when there is no room. */
  int rowOf(int tgid, long startNanos) {
    long key = key(tgid, startNanos);
    int row = index.find(key);
    if (row >= 0) {
      if (startNanos % NANOS_PER_TICK != 0) {
        start[row] = startNanos;
      }
      return row;
    }
    row = index.add(key);
    if (row < 0) {
      refused++;
      return row;
    }
    reserve(row);
    start[row] = startNanos;
    everSessions[row] = 0;
    parent[row] = 0;
    uid[row] = WatchedProcess.NOBODY_KNOWS;
    status[row] = 0;
    alive[row] = true;
    untold[row] = false;
    claimed[row] = false;
    withheld[row] = false;
    Arrays.fill(comm, row * COMM_BYTES, (row + 1) * COMM_BYTES, (byte) 0);
    return row;
  }

  int find(int tgid, long startNanos) {
    return index.find(key(tgid, startNanos));
  }

  boolean isFull() {
    return index.size() == index.maxRows();
  }

  int size() {
    return index.size();
  }

  int rowLimit() {
    return index.rowLimit();
  }

  boolean isUsed(int row) {
    return index.isUsed(row);
  }

  /** Names a row for good, also when it was evicted and its number reused. */
  long identity(int row) {
    return index.key(row);
  }

  int rowOfIdentity(long identity) {
    return index.find(identity);
  }

  static int tgidOfIdentity(long identity) {
    return (int) identity & ((1 << PID_BITS) - 1);
  }

  boolean isKnown(long identity) {
    return index.find(identity) >= 0;
  }

  int tgid(int row) {
    return tgidOfIdentity(index.key(row));
  }

  ProcessKey process(int row) {
    return new ProcessKey(tgid(row), start[row]);
  }

  int parent(int row) {
    return parent[row];
  }

  void setParent(int row, int tgid) {
    parent[row] = tgid;
  }

  int uid(int row) {
    return uid[row];
  }

  void setUid(int row, int realUser) {
    uid[row] = realUser;
  }

  /** As wait(2) reports it; empty while it is alive, and when its exit was not seen. */
  OptionalInt status(int row) {
    return alive[row] || untold[row] ? OptionalInt.empty() : OptionalInt.of(status[row]);
  }

  boolean isAlive(int row) {
    return alive[row];
  }

  /** Sessions that ever wanted it, as far as their bits were not reused. */
  long sessions(int row) {
    return everSessions[row];
  }

  void addSessions(int row, long sessions) {
    everSessions[row] |= sessions;
    claimed[row] |= sessions != 0;
  }

  boolean isWithheld(int row) {
    return withheld[row];
  }

  void withhold(int row) {
    withheld[row] = true;
  }

  /** Ended processes of which neither a record nor the kernel's map told whose they were. */
  long unclaimed() {
    long count = 0;
    for (int row = 0; row < index.rowLimit(); row++) {
      if (!alive[row] && !claimed[row] && isUsed(row)) {
        count++;
      }
    }
    return count;
  }

  /** A bit begins a new life: whom it wanted before is no longer its business. */
  void forgetSession(int session) {
    for (int row = 0; row < index.rowLimit(); row++) {
      everSessions[row] &= ~(1L << session);
    }
  }

  void setComm(int row, ByteBuffer from, int offset) {
    for (int i = 0; i < COMM_BYTES; i++) {
      comm[row * COMM_BYTES + i] = from.get(offset + i);
    }
  }

  void setComm(int row, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, COMM_BYTES - 1);
    System.arraycopy(bytes, 0, comm, row * COMM_BYTES, length);
    comm[row * COMM_BYTES + length] = 0;
  }

  String comm(int row) {
    int from = row * COMM_BYTES;
    int length = 0;
    while (length < COMM_BYTES && comm[from + length] != 0) {
      length++;
    }
    return new String(comm, from, length, StandardCharsets.UTF_8);
  }

  /** It is gone, and no record has told how: one may come yet, or was lost. */
  void endUntold(int row, long foldsBegun) {
    if (end(row, 0, foldsBegun)) {
      untold[row] = true;
    }
  }

  /** Returns false when it was told before how it ended. */
  boolean end(int row, int exitStatus, long foldsBegun) {
    if (untold[row]) {
      untold[row] = false;
      status[row] = exitStatus;
      return true;
    }
    if (!alive[row]) {
      return false;
    }
    alive[row] = false;
    status[row] = exitStatus;
    endFold[row] = foldsBegun;
    ended[(endedHead + endedCount) % MAX_PROCESSES] = row;
    endedCount++;
    return true;
  }

  /**
   * The process that ended first, to be evicted; {@link RowIndex#NO_ROW} when all are alive, or the
   * kernel may still hold counters of it: folded again they would count twice.
   *
   * @param lastFold number of the last fold that went through and deleted what it had to
   */
  int oldestEnded(long lastFold) {
    return endedCount == 0 || endFold[ended[endedHead]] >= lastFold
        ? RowIndex.NO_ROW
        : ended[endedHead];
  }

  /** Removes the row that {@link #oldestEnded} named. */
  void evictOldest() {
    int row = ended[endedHead];
    endedHead = (endedHead + 1) % MAX_PROCESSES;
    endedCount--;
    index.remove(index.key(row));
  }

  /** How many processes found no room. */
  long refused() {
    return refused;
  }

  private static long key(int tgid, long startNanos) {
    return (startNanos / NANOS_PER_TICK) << PID_BITS | tgid;
  }

  private void reserve(int row) {
    if (row < start.length) {
      return;
    }
    int rows = Math.max(64, start.length * 2);
    start = Arrays.copyOf(start, rows);
    everSessions = Arrays.copyOf(everSessions, rows);
    parent = Arrays.copyOf(parent, rows);
    uid = Arrays.copyOf(uid, rows);
    status = Arrays.copyOf(status, rows);
    endFold = Arrays.copyOf(endFold, rows);
    alive = Arrays.copyOf(alive, rows);
    untold = Arrays.copyOf(untold, rows);
    claimed = Arrays.copyOf(claimed, rows);
    withheld = Arrays.copyOf(withheld, rows);
    comm = Arrays.copyOf(comm, rows * COMM_BYTES);
  }
}
