package dev.rastro.syscalls.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps RASTRO_CALL_ENTER records until the RASTRO_CALL of the same thread arrives. Bounded: beyond
 * {@link #LIMIT} threads the oldest entry is dropped and counted, as its call may have been lost.
 *
 * <p>Not thread-safe.
 */
public final class PendingEntries {
  /** Threads that are inside such a call (execve) at one time. */
  public static final int LIMIT = 4096;

  private final Map<Integer, ByteBuffer> entries = new LinkedHashMap<>();
  private final RecordReader reader = new RecordReader();
  private long dropped;

  /** Copies an entry; it replaces one of the same thread, whose call must have been lost. */
  public void keep(RecordReader enter) {
    if (enter.kind() != RecordLayout.CALL_ENTER) {
      throw new IllegalArgumentException("a record of kind " + enter.kind() + " is no entry");
    }
    ByteBuffer copy = ByteBuffer.allocate(enter.length()).order(ByteOrder.LITTLE_ENDIAN);
    copy.put(0, enter.buffer(), enter.offset(), enter.length());
    if (entries.remove(enter.tid()) != null) {
      dropped++;
    } else if (entries.size() == LIMIT) {
      Iterator<ByteBuffer> oldest = entries.values().iterator();
      oldest.next();
      oldest.remove();
      dropped++;
    }
    entries.put(enter.tid(), copy);
  }

  /**
   * The record to take the arguments of {@code call} from: the entry that was kept for it, or the
   * call itself when there is none. Valid until the next use of this object.
   */
  public RecordReader take(RecordReader call) {
    if (!call.isCall() || !call.has(RecordLayout.HAS_ENTER)) {
      return call;
    }
    ByteBuffer kept = entries.remove(call.tid());
    if (kept == null) {
      return call;
    }
    reader.wrap(kept, 0, kept.limit());
    return reader.number() == call.number() ? reader : call;
  }

  /** Forgets a thread that has ended. */
  public void forget(int tid) {
    entries.remove(tid);
  }

  /**
   * Gives an entry to another tid: an execve by a thread that is not the leader returns under the
   * leader's tid, as RASTRO_EXEC tells.
   */
  public void rename(int oldTid, int tid) {
    ByteBuffer kept = oldTid == tid ? null : entries.remove(oldTid);
    if (kept != null) {
      entries.put(tid, kept);
    }
  }

  public int size() {
    return entries.size();
  }

  /** Entries whose call never came. */
  public long dropped() {
    return dropped;
  }
}
