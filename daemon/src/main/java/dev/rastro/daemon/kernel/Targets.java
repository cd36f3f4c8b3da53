package dev.rastro.daemon.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Which sessions want which process and thread: the maps "processes" and "threads", and the gate,
 * one bit for each process id, which lets everybody else pass at the price of a constant.
 *
 * <p>The kernel adds children and removes what has ended; this side adds targets and takes sessions
 * away. Every change ends with {@link ControlPage#bumpEpoch}. Drain thread only.
 */
public final class Targets {
  static final int GATE_WORDS = 65_536;

  /**
   * Walks over a map in which children keep being born: this many, then the rest is swept later.
   */
  private static final int FORGET_PASSES = 4;

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /** Takes one process of the map. */
  @FunctionalInterface
  public interface Visitor {
    void process(int tgid, long wanted);
  }

  private final ByteBuffer gate;
  private final KernelMap processes;
  private final KernelMap threads;

  Targets(ByteBuffer gate, KernelMap processes, KernelMap threads) {
    this.gate = gate;
    this.processes = processes;
    this.threads = threads;
  }

  /**
   * The session wants the calls of a process.
   *
   * @param descendants and of all that it starts from now on
   */
  public void watchProcess(int tgid, int session, boolean descendants) throws CaptureException {
    long bit = 1L << session;
    add(processes, tgid, bit, descendants ? bit : 0, 0, "processes");
    openGate(tgid);
  }

  /** The session wants the calls of one thread. */
  public void watchThread(int tid, int tgid, int session, boolean descendants)
      throws CaptureException {
    long bit = 1L << session;
    add(threads, tid, bit, descendants ? bit : 0, 0, "threads");
    openGate(tgid);
  }

  /**
   * The session wants what a process launches from now on, each from its first execve, but not the
   * process itself.
   */
  public void watchChildren(int tgid, int session, boolean descendants) throws CaptureException {
    long bit = 1L << session;
    add(processes, tgid, 0, descendants ? bit : 0, bit, "processes");
    openGate(tgid);
  }

  /** Takes the session away from every process and thread. */
  public void forget(int session) {
    long bit = 1L << session;
    for (int pass = 0; pass < FORGET_PASSES; pass++) {
      if (forget(threads, bit) + forget(processes, bit) == 0) {
        return;
      }
    }
  }

  /** The sessions that want a process by its id; 0 when it is no target. */
  public long wanted(int tgid) {
    processes.key().putInt(0, tgid);
    return processes.lookup() ? followed(processes.value()) : 0;
  }

  /** Forgets a process that has ended without the kernel having removed it. */
  public void remove(int tgid) {
    processes.key().putInt(0, tgid);
    processes.delete();
    closeGate(tgid);
  }

  /** Visits the processes that some session wants; returns how many entries the map has. */
  public int forEach(Visitor visitor) {
    int entries = 0;
    for (boolean first = true; entries <= processes.maxEntries(); first = false) {
      if (!processes.next(first)) {
        break;
      }
      entries++;
      int tgid = processes.key().getInt(0);
      if (processes.lookup()) {
        visitor.process(tgid, followed(processes.value()));
        processes.key().putInt(0, tgid);
      }
    }
    return entries;
  }

  public int maxProcesses() {
    return processes.maxEntries();
  }

  private static void add(
      KernelMap map, int id, long wanted, long inherit, long spawn, String limit)
      throws CaptureException {
    map.key().putInt(0, id);
    ByteBuffer value = map.value();
    if (!map.lookup()) {
      value.putLong(ControlLayout.TARGET_WANTED, 0);
      value.putLong(ControlLayout.TARGET_INHERIT, 0);
      value.putLong(ControlLayout.TARGET_SPAWN, 0);
      value.putLong(ControlLayout.TARGET_PENDING, 0);
      value.putLong(ControlLayout.TARGET_CHOSEN, 0);
    }
    merge(value, ControlLayout.TARGET_WANTED, wanted);
    merge(value, ControlLayout.TARGET_INHERIT, inherit);
    merge(value, ControlLayout.TARGET_SPAWN, spawn);
    if (!map.update()) {
      throw new CaptureException(
          CaptureException.Reason.EXHAUSTED,
          "target %d: the kernel's map of %s is full (%d entries)"
              .formatted(id, limit, map.maxEntries()),
          "end other sessions, or start rastrod with room for more " + limit);
    }
  }

  private static void merge(ByteBuffer value, int offset, long bits) {
    value.putLong(offset, value.getLong(offset) | bits);
  }

  /** One walk; returns how many entries were changed. */
  private int forget(KernelMap map, long bit) {
    int[] found = new int[64];
    int count = 0;
    int walked = 0;
    for (boolean first = true; walked <= map.maxEntries() && map.next(first); first = false) {
      walked++;
      int id = map.key().getInt(0);
      if (map.lookup() && (bits(map.value()) & bit) != 0) {
        if (count == found.length) {
          found = java.util.Arrays.copyOf(found, count * 2);
        }
        found[count++] = id;
      }
      map.key().putInt(0, id);
    }
    for (int i = 0; i < count; i++) {
      clear(map, found[i], bit);
    }
    return count;
  }

  private void clear(KernelMap map, int id, long bit) {
    ByteBuffer value = map.value();
    map.key().putInt(0, id);
    if (!map.lookup()) {
      return;
    }
    value.putLong(ControlLayout.TARGET_WANTED, value.getLong(ControlLayout.TARGET_WANTED) & ~bit);
    value.putLong(ControlLayout.TARGET_INHERIT, value.getLong(ControlLayout.TARGET_INHERIT) & ~bit);
    value.putLong(ControlLayout.TARGET_SPAWN, value.getLong(ControlLayout.TARGET_SPAWN) & ~bit);
    value.putLong(ControlLayout.TARGET_PENDING, value.getLong(ControlLayout.TARGET_PENDING) & ~bit);
    value.putLong(ControlLayout.TARGET_CHOSEN, value.getLong(ControlLayout.TARGET_CHOSEN) & ~bit);
    if (bits(value) != 0) {
      map.replace();
      return;
    }
    map.delete();
    if (map == processes && noThreads()) {
      closeGate(id);
    }
  }

  /** The gate of a process must stay open while one of its threads is a target. */
  private boolean noThreads() {
    return !threads.next(true);
  }

  /** Wanted now, or from its first execve. */
  private static long followed(ByteBuffer value) {
    return value.getLong(ControlLayout.TARGET_WANTED)
        | value.getLong(ControlLayout.TARGET_CHOSEN)
        | value.getLong(ControlLayout.TARGET_PENDING);
  }

  private static long bits(ByteBuffer value) {
    return value.getLong(ControlLayout.TARGET_WANTED)
        | value.getLong(ControlLayout.TARGET_INHERIT)
        | value.getLong(ControlLayout.TARGET_SPAWN)
        | value.getLong(ControlLayout.TARGET_PENDING)
        | value.getLong(ControlLayout.TARGET_CHOSEN);
  }

  private void openGate(int tgid) {
    long unused = (long) LONG.getAndBitwiseOr(gate, gateOffset(tgid), 1L << tgid);
  }

  private void closeGate(int tgid) {
    long unused = (long) LONG.getAndBitwiseAnd(gate, gateOffset(tgid), ~(1L << tgid));
  }

  private static int gateOffset(int tgid) {
    return Long.BYTES * ((tgid >>> 6) & (GATE_WORDS - 1));
  }
}
