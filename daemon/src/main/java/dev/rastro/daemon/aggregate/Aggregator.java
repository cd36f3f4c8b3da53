package dev.rastro.daemon.aggregate;

import dev.rastro.daemon.kernel.ControlLayout;
import dev.rastro.daemon.kernel.CounterMap;
import dev.rastro.daemon.kernel.ProcFs;
import dev.rastro.syscalls.record.RecordLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToLongFunction;

/**
 * Per-process sums. Fed by lifecycle records, which say who the processes are, and by {@link
 * #fold}, which takes over the kernel's counters by absolute value: nothing is lost with the ring.
 * Once a process has ended its counters are folded once more and then deleted in the kernel. Drain
 * thread only.
 */
public final class Aggregator {
  /** Processes remembered at once, ended ones included. */
  public static final int MAX_PROCESSES = ProcessTable.MAX_PROCESSES;

  /** (process, syscall) pairs remembered at once. */
  public static final int MAX_COUNTERS = CounterTable.MAX_ROWS;

  /** Pairs of key words that one fold deletes at most; the rest waits for the next. */
  static final int MAX_DELETIONS = 16_384;

  /** Ended processes merged into one row at a time when a table is full. */
  private static final int EVICTION_BATCH = 64;

  /** Living processes asked after in one {@link #reconcile}. */
  private static final int RECONCILE_BATCH = 256;

  /** Distinct programs, users and statuses of exits. */
  static final int MAX_EXITS = 4096;

  final ProcessTable processes = new ProcessTable();
  final CounterTable counters = new CounterTable();
  final ErrorTable errors = new ErrorTable();

  private final Map<ExitKey, Long> exits = new HashMap<>();

  /** Row of what remains of evicted processes. */
  final int evictedRow = processes.rowOf(0, 0);

  private final long[] deletions = new long[MAX_DELETIONS * 2];
  private int deletionCount;
  private IntToLongFunction attribution = tgid -> 0;
  private CounterMap folding;
  private int reconcileNext;
  private long foldsBegun;
  private long lastFold;
  private boolean deletionsLeft;
  private long evicted;
  private long refused;

  private final CounterMap.Visitor foldCounter = this::foldCounter;
  private final CounterMap.Visitor foldError = this::foldError;

  private record ExitKey(String program, int uid, int status) {}

  /** A process that a session targets, as /proc knows it. */
  public void watch(ProcFs.Entry entry, long sessions) {
    int row = rowOf(entry.key().pid(), entry.key().startNanos());
    if (row >= 0) {
      processes.addSessions(row, sessions);
      describe(row, entry);
    }
  }

  /** A session's bit begins a new life. */
  public void forgetSession(int session) {
    processes.forgetSession(session);
  }

  /**
   * A fork record.
   *
   * @param sessions those that follow the child
   */
  public void onFork(ByteBuffer ring, int offset, long sessions) {
    int tgid = ring.getInt(offset + RecordLayout.HEAD_TGID_OFFSET);
    int child = ring.getInt(offset + RecordLayout.FORK_CHILD_TGID_OFFSET);
    if (child == tgid || sessions == 0) {
      return;
    }
    int row = rowOf(child, ring.getLong(offset + RecordLayout.FORK_CHILD_START_OFFSET));
    if (row >= 0) {
      processes.addSessions(row, sessions);
      processes.setParent(row, tgid);
      processes.setUid(row, ring.getInt(offset + RecordLayout.FORK_UID_OFFSET));
    }
  }

  /** An exec record that the sessions were sent. */
  public void onExec(ByteBuffer ring, int offset, long sessions) {
    int tgid = ring.getInt(offset + RecordLayout.HEAD_TGID_OFFSET);
    int row = rowOf(tgid, ring.getLong(offset + RecordLayout.EXEC_START_OFFSET));
    if (row >= 0) {
      processes.addSessions(row, sessions);
      processes.setComm(row, ring, offset + RecordLayout.EXEC_COMM_OFFSET);
      processes.setUid(row, ring.getInt(offset + RecordLayout.EXEC_UID_OFFSET));
      if (ring.getLong(offset + RecordLayout.EXEC_WITHHELD_FROM_OFFSET) != 0) {
        processes.withhold(row);
      }
    }
  }

  /** A process was found to run with rights beyond some session's reach. */
  public void withhold(int tgid) {
    ProcFs.find(tgid)
        .map(entry -> processes.find(tgid, entry.key().startNanos()))
        .filter(row -> row >= 0)
        .ifPresent(processes::withhold);
  }

  /** An exit record that the sessions were sent. */
  public void onExit(ByteBuffer ring, int offset, long sessions) {
    if (ring.getInt(offset + RecordLayout.EXIT_PROCESS_ENDED_OFFSET) == 0) {
      return;
    }
    int tgid = ring.getInt(offset + RecordLayout.HEAD_TGID_OFFSET);
    int status = ring.getInt(offset + RecordLayout.EXIT_STATUS_OFFSET);
    int row = rowOf(tgid, ring.getLong(offset + RecordLayout.EXIT_START_OFFSET));
    if (row < 0) {
      return;
    }
    processes.addSessions(row, sessions);
    processes.setComm(row, ring, offset + RecordLayout.EXIT_COMM_OFFSET);
    processes.setUid(row, ring.getInt(offset + RecordLayout.EXIT_UID_OFFSET));
    if (processes.end(row, status, foldsBegun)) {
      ExitKey key = new ExitKey(processes.comm(row), processes.uid(row), status);
      if (exits.size() < MAX_EXITS || exits.containsKey(key)) {
        exits.merge(key, 1L, Long::sum);
      } else {
        refused++;
      }
    }
  }

  /**
   * Takes over the kernel's counters.
   *
   * @param attribution the sessions of a process that no record has told of, by its id
   * @return how many counter entries the kernel had
   */
  public int fold(
      CounterMap kernelCounters, CounterMap kernelErrors, IntToLongFunction attribution) {
    this.attribution = attribution;
    foldsBegun++;
    deletionsLeft = false;
    int entries = foldOne(kernelCounters, foldCounter);
    foldOne(kernelErrors, foldError);
    if (!deletionsLeft) {
      lastFold = foldsBegun;
    }
    return entries;
  }

  /**
   * Asks /proc after some of the processes that are believed alive, in turn: an exit record may
   * have been lost.
   */
  public void reconcile() {
    int limit = processes.rowLimit();
    for (int i = 0; i < Math.min(RECONCILE_BATCH, limit); i++) {
      reconcileNext = (reconcileNext + 1) % limit;
      int row = reconcileNext;
      if (row != evictedRow && processes.isUsed(row) && processes.isAlive(row)) {
        Optional<ProcFs.Entry> found = ProcFs.find(processes.tgid(row));
        if (found.isEmpty()
            || found.get().ended()
            || !found.get().key().matches(processes.process(row))) {
          processes.endUntold(row, foldsBegun);
        }
      }
    }
  }

  /** Processes remembered, the row of the evicted among them. */
  public int processCount() {
    return processes.size();
  }

  public int counterRows() {
    return counters.index.size();
  }

  /** Why sums may be short, in words; empty when they are not. */
  List<String> shortcomings() {
    List<String> found = new ArrayList<>();
    if (refused + processes.refused() > 0) {
      found.add(
          "%d entries found no room in the daemon's tables"
              .formatted(refused + processes.refused()));
    }
    return found;
  }

  long evicted() {
    return evicted;
  }

  long unattributed() {
    return processes.unclaimed();
  }

  /** How the watched programs ended. */
  List<ProgramExits> exits() {
    return exits.entrySet().stream()
        .map(
            exit -> {
              ExitKey key = exit.getKey();
              return new ProgramExits(key.program(), key.uid(), key.status(), exit.getValue());
            })
        .toList();
  }

  private int foldOne(CounterMap map, CounterMap.Visitor visitor) {
    folding = map;
    deletionCount = 0;
    int entries = map.forEach(visitor);
    for (int i = 0; i < deletionCount; i++) {
      map.delete(deletions[2 * i], deletions[2 * i + 1]);
    }
    return entries;
  }

  private void foldCounter(ByteBuffer keys, int key, ByteBuffer values, int value) {
    int slot = keys.getInt(key + ControlLayout.KEY_SLOT) & (ControlLayout.SYSCALL_SLOTS - 1);
    int process =
        processOf(
            keys.getInt(key + ControlLayout.KEY_TGID), keys.getLong(key + ControlLayout.KEY_START));
    if (process < 0) {
      return;
    }
    int row = counters.rowOf(process, slot);
    if (row < 0 && evictEnded(process)) {
      row = counters.rowOf(process, slot);
    }
    if (row < 0) {
      refused++;
      return;
    }
    counters.set(row, values, value, folding.valueStride(), folding.valuesPerEntry());
    deleteIfEnded(process, keys, key);
  }

  private void foldError(ByteBuffer keys, int key, ByteBuffer values, int value) {
    int slot = keys.getShort(key + ControlLayout.ERROR_SLOT) & (ControlLayout.SYSCALL_SLOTS - 1);
    int errno = keys.getShort(key + ControlLayout.ERROR_ERRNO) & ErrorTable.ERRNO_MASK;
    int process =
        processOf(
            keys.getInt(key + ControlLayout.ERROR_TGID),
            keys.getLong(key + ControlLayout.ERROR_START));
    if (process < 0) {
      return;
    }
    long errorKey = ErrorTable.key(process, slot, errno);
    int row = errors.rowOf(errorKey);
    if (row < 0 && evictEnded(process)) {
      row = errors.rowOf(errorKey);
    }
    if (row < 0) {
      refused++;
      return;
    }
    errors.counts[row] = values.getLong(value);
    deleteIfEnded(process, keys, key);
  }

  private int processOf(int tgid, long startNanos) {
    int row = processes.find(tgid, startNanos);
    if (row >= 0) {
      return row;
    }
    row = rowOf(tgid, startNanos);
    if (row >= 0) {
      // None yet is no harm: the record of its start may still be in the ring.
      processes.addSessions(row, attribution.applyAsLong(tgid));
      ProcFs.find(tgid).ifPresent(this::learn);
    }
    return row;
  }

  private void learn(ProcFs.Entry entry) {
    int row = processes.find(entry.key().pid(), entry.key().startNanos());
    if (row >= 0) {
      describe(row, entry);
    }
  }

  private void describe(int row, ProcFs.Entry entry) {
    processes.setParent(row, entry.parentPid());
    processes.setComm(row, entry.comm());
    ProcFs.user(entry.key().pid()).ifPresent(uid -> processes.setUid(row, uid));
  }

  private void deleteIfEnded(int process, ByteBuffer keys, int key) {
    if (processes.isAlive(process)) {
      return;
    }
    deletionsLeft |= deletionCount == MAX_DELETIONS;
    if (deletionCount < MAX_DELETIONS) {
      deletions[2 * deletionCount] = keys.getLong(key);
      deletions[2 * deletionCount + 1] = keys.getLong(key + Long.BYTES);
      deletionCount++;
    }
  }

  private int rowOf(int tgid, long startNanos) {
    if (processes.isFull() && processes.find(tgid, startNanos) < 0) {
      boolean unused = evictEnded(RowIndex.NO_ROW);
    }
    return processes.rowOf(tgid, startNanos);
  }

  /**
   * Merges the processes that ended first into one row, so that sums by syscall stay exact. Spares
   * one process; false when none could be evicted.
   */
  private boolean evictEnded(int spared) {
    boolean[] gone = new boolean[processes.rowLimit()];
    int count = 0;
    while (count < EVICTION_BATCH) {
      int row = processes.oldestEnded(lastFold);
      if (row < 0 || row == spared) {
        break;
      }
      gone[row] = true;
      count++;
      counters.merge(row, evictedRow);
      processes.evictOldest();
    }
    if (count > 0) {
      evictErrors(gone);
    }
    evicted += count;
    return count > 0;
  }

  private void evictErrors(boolean[] gone) {
    for (int row = 0; row < errors.index.rowLimit(); row++) {
      long key = errors.index.key(row);
      if (errors.index.isUsed(row) && gone[ErrorTable.processRow(key)]) {
        long count = errors.counts[row];
        errors.index.remove(key);
        int to =
            errors.rowOf(ErrorTable.key(evictedRow, ErrorTable.slot(key), ErrorTable.errno(key)));
        errors.counts[to] += count;
      }
    }
  }
}
