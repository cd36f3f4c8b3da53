package dev.rastro.daemon.session;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Records one after the other, framed as in the ring:
 *
 * <pre>
 *   0      4      8                      8 + length
 *   +------+------+----------------------+---------+------
 *   |length| zero | record, length bytes | zeros   | next
 *   +------+------+----------------------+---------+------
 *    u32    u32                           up to a multiple of 8
 * </pre>
 *
 * Owned by one thread at a time: the drain's while it is filled, a stream's while it is sent.
 */
public final class Batch {

  static final int FRAME_BYTES = 8;

  /** The largest record is 96 bytes and a payload of 64 KiB: it fits into an empty batch. */
  static final int CAPACITY_BYTES = SessionLimits.BATCH_BYTES + 1024;

  private byte[] bytes = new byte[CAPACITY_BYTES];
  private ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  private int length;
  private int events;
  private long firstSequence;
  private long firstNanos;
  private long lastNanos;

  /** What is missing before the first record; at most one entry for each cause. */
  private final List<Gap> gapsBefore = new ArrayList<>(Loss.COUNT);

  Batch() {}

  /** The framed records; valid up to {@link #length()}, until the batch is given back. */
  public ByteBuffer records() {
    return view.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(0).limit(length);
  }

  /**
   * Gives the array away: whoever has it may keep it. The batch gets another one, so that filling
   * it again cannot change what was handed out.
   */
  public byte[] detach() {
    byte[] mine = bytes;
    bytes = new byte[CAPACITY_BYTES];
    view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return mine;
  }

  public int length() {
    return length;
  }

  /** How many events: a record of an entry and that of its return are one. */
  public int events() {
    return events;
  }

  /** Of the first event. */
  public long firstSequence() {
    return firstSequence;
  }

  long firstNanos() {
    return firstNanos;
  }

  long lastNanos() {
    return lastNanos;
  }

  List<Gap> gapsBefore() {
    return gapsBefore;
  }

  boolean isEmpty() {
    return length == 0;
  }

  static int framed(int recordLength) {
    return FRAME_BYTES + (recordLength + 7 & ~7);
  }

  boolean isFullFor(int recordLength) {
    return length > 0
        && (length + framed(recordLength) > SessionLimits.BATCH_BYTES
            || events >= SessionLimits.BATCH_EVENTS);
  }

  void append(
      ByteBuffer source, int offset, int recordLength, int weight, long sequence, long nanos) {
    if (length == 0) {
      firstSequence = sequence;
      firstNanos = nanos;
      lastNanos = nanos;
    }
    view.putInt(length, recordLength);
    view.putInt(length + 4, 0);
    source.get(offset, bytes, length + FRAME_BYTES, recordLength);
    int end = length + framed(recordLength);
    for (int i = length + FRAME_BYTES + recordLength; i < end; i++) {
      bytes[i] = 0;
    }
    length = end;
    events += weight;
    firstNanos = Math.min(firstNanos, nanos);
    lastNanos = Math.max(lastNanos, nanos);
  }

  boolean hasRoomFor(Batch later) {
    return length + later.length <= SessionLimits.BATCH_BYTES
        && events + later.events <= SessionLimits.BATCH_EVENTS;
  }

  /** Both must be of one run of sequence numbers, and the other must have no gap before it. */
  void append(Batch later) {
    System.arraycopy(later.bytes, 0, bytes, length, later.length);
    length += later.length;
    events += later.events;
    firstNanos = Math.min(firstNanos, later.firstNanos);
    lastNanos = Math.max(lastNanos, later.lastNanos);
  }

  void clear() {
    length = 0;
    events = 0;
    gapsBefore.clear();
  }
}
