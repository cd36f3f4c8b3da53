package dev.rastro.daemon.drain;

import dev.rastro.daemon.kernel.ProcFs;
import dev.rastro.daemon.kernel.Rings;
import dev.rastro.daemon.kernel.Run;
import dev.rastro.daemon.kernel.SleepingCall;
import dev.rastro.syscalls.record.RecordLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Calls in which threads of the target sleep since before the session opened: no program saw them
 * enter. /proc is asked after the programs are attached; of a thread that shows up in the ring
 * before the place at which that was done, the programs tell all there is to tell, and what /proc
 * said is forgotten. So each is told at most once, and before its return. Drain thread only.
 */
final class Standstill {
  /** Threads that are looked at when a session opens. */
  static final int LIMIT = 4096;

  private final Map<Integer, Run> records = new HashMap<>();
  private final Optional<Rings.Mark> asked;

  private Standstill(Collection<SleepingCall> calls, Optional<Rings.Mark> asked, long nowNanos) {
    for (SleepingCall call : calls) {
      records.put(call.tid(), record(call, nowNanos));
    }
    this.asked = asked;
  }

  /** Nobody asked. */
  static Standstill none() {
    return new Standstill(List.of(), Optional.empty(), 0);
  }

  /**
   * Asks /proc where the threads of the wish's target stand.
   *
   * @param rings marked when they have all answered
   */
  static Standstill of(Wish wish, Rings rings, long nowNanos) {
    Map<Integer, Integer> processes = new HashMap<>();
    for (int pid : wish.target().pids()) {
      SleepingCall.threads(pid).forEach(tid -> processes.put(tid, pid));
    }
    for (int tid : wish.target().tids()) {
      ProcFs.processOf(tid).ifPresent(pid -> processes.put(tid, pid));
    }
    List<SleepingCall> calls =
        processes.entrySet().stream()
            .limit(LIMIT)
            .map(thread -> SleepingCall.of(thread.getValue(), thread.getKey()))
            .flatMap(Optional::stream)
            .filter(call -> wish.slots().get(call.number()))
            // Asked after the look: what was seen must have been the session's to see.
            .filter(call -> wish.target().reach().covers(call.tgid()))
            .toList();
    return new Standstill(calls, Optional.of(rings.mark()), nowNanos);
  }

  boolean isEmpty() {
    return records.isEmpty();
  }

  /** A record of this thread came: what /proc said of it is out of date. */
  void forget(int tid) {
    records.remove(tid);
  }

  /** Those that still hold, once the rings were read so far; they are told only once. */
  List<Run> take(Rings rings) {
    if (records.isEmpty() || !rings.isRead(asked.orElseThrow())) {
      return List.of();
    }
    List<Run> due = List.copyOf(records.values());
    records.clear();
    return due;
  }

  private static Run record(SleepingCall call, long nowNanos) {
    ByteBuffer frame =
        ByteBuffer.allocate(Run.framed(RecordLayout.CALL_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    frame.putInt(0, RecordLayout.CALL_BYTES);
    ByteBuffer record =
        frame.slice(Run.HEADER_BYTES, RecordLayout.CALL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(RecordLayout.HEAD_TIME_OFFSET, nowNanos);
    record.putInt(RecordLayout.HEAD_TGID_OFFSET, call.tgid());
    record.putInt(RecordLayout.HEAD_TID_OFFSET, call.tid());
    record.putInt(RecordLayout.HEAD_NR_OFFSET, call.number());
    record.put(RecordLayout.HEAD_KIND_OFFSET, (byte) RecordLayout.CALL_BLOCKED);
    record.putShort(RecordLayout.HEAD_FLAGS_OFFSET, (short) RecordLayout.NO_DURATION);
    for (int i = 0; i < RecordLayout.ARGS; i++) {
      record.putLong(RecordLayout.CALL_ARGS_OFFSET + i * Long.BYTES, call.arguments().get(i));
    }
    return Run.of(frame);
  }
}
