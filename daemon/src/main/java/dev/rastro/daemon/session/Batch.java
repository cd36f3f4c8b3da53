package dev.rastro.daemon.session;

import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.detail.Reduction;
import dev.rastro.daemon.kernel.Run;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongBinaryOperator;

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
 * Owned by one thread at a time: the drain's while it is filled, a stream's while it is sent. Its
 * bytes are outside the heap: a queue that fills in a burst would have the collector copy each of
 * them more than once, and the drain stand still meanwhile.
 */
public final class Batch {

  /** The largest record is 96 bytes and a payload of 64 KiB: it fits into an empty batch. */
  static final int CAPACITY_BYTES = SessionLimits.BATCH_BYTES + 1024;

  private final ByteBuffer bytes =
      ByteBuffer.allocateDirect(CAPACITY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private int length;
  private int events;
  private int longestRecord;
  private long firstSequence;
  private Detail detail = Detail.FULL;

  /** What is missing before the first record. */
  private final Lack before = new Lack();

  Batch() {}

  /** 0 for what is the first half of an event, whose second half follows: the event counts once. */
  static int weight(int kind) {
    return kind == RecordLayout.CALL_ENTER || kind == RecordLayout.CALL_BLOCKED ? 0 : 1;
  }

  /** The framed records; valid up to {@link #length()}, until the batch is given back. */
  public ByteBuffer records() {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(0).limit(length);
  }

  public int length() {
    return length;
  }

  /** In bytes; no record of its is longer. */
  int longestRecord() {
    return longestRecord;
  }

  /** How many events: a record of an entry and that of its return are one. */
  public int events() {
    return events;
  }

  /** Of the first event; known once the batch is taken from its queue. */
  public long firstSequence() {
    return firstSequence;
  }

  void number(long sequence) {
    firstSequence = sequence;
  }

  /** Of all its events alike. */
  public Detail detail() {
    return detail;
  }

  /** To be called while it is empty. */
  void setDetail(Detail detail) {
    this.detail = detail;
  }

  /** The least of its records' times; there must be one. Looks at all of them. */
  long firstNanos() {
    return nanos(Math::min);
  }

  /** The greatest. */
  long lastNanos() {
    return nanos(Math::max);
  }

  private long nanos(LongBinaryOperator choice) {
    long chosen = nanos(0);
    for (int at = 0; at < length; at += Run.framed(bytes.getInt(at))) {
      chosen = choice.applyAsLong(chosen, nanos(at));
    }
    return chosen;
  }

  private long nanos(int frame) {
    return bytes.getLong(frame + Run.HEADER_BYTES + RecordLayout.HEAD_TIME_OFFSET);
  }

  Lack before() {
    return before;
  }

  boolean isEmpty() {
    return length == 0;
  }

  boolean isFullFor(int recordLength) {
    return length > 0 && length + Run.framed(recordLength) > SessionLimits.BATCH_BYTES;
  }

  /**
   * Takes copies of the records of a run, from a frame on, as many as there is room for.
   *
   * @return where the first frame begins that it did not take
   */
  int append(Run run, int from, int weight) {
    int end = fitting(run, from);
    bytes.put(length, run.data(), from, end - from);
    int copied = length + end - from;
    while (length < copied) {
      close(bytes.getInt(length), weight);
    }
    return end;
  }

  private int fitting(Run run, int from) {
    int room = SessionLimits.BATCH_BYTES - length;
    if (run.end() - from <= room) {
      return run.end();
    }
    int end = isEmpty() ? run.next(from) : from;
    while (end < run.end() && run.next(end) - from <= room) {
      end = run.next(end);
    }
    return end;
  }

  /** Takes a shorter copy; there must be room for the whole. */
  void append(RecordReader record, Reduction reduction, int weight) {
    close(reduction.copy(record, bytes, length + Run.HEADER_BYTES), weight);
  }

  /** Completes the frame of the next record, whose bytes are in place. */
  private void close(int recordLength, int weight) {
    longestRecord = Math.max(longestRecord, recordLength);
    length = frame(length, recordLength);
    events += weight;
  }

  /** Completes the frame of a record whose bytes are in place; returns where the next begins. */
  private int frame(int at, int recordLength) {
    bytes.putInt(at, recordLength);
    bytes.putInt(at + 4, 0);
    int end = at + Run.framed(recordLength);
    for (int padding = at + Run.HEADER_BYTES + recordLength; padding < end; padding++) {
      bytes.put(padding, (byte) 0);
    }
    return end;
  }

  /** What becomes of the records of a batch, one after the other. */
  interface Rewriting {
    /**
     * @param record not changed by what was written before it
     * @return the length of what was written at {@code at}, which is at or before the record; 0
     *     when nothing is left of it
     */
    int rewrite(RecordReader record, ByteBuffer into, int at);
  }

  /** Rewrites it in its own place; it gets no longer by that. */
  void rewrite(RecordReader record, Rewriting rewriting) {
    int end = length;
    length = 0;
    events = 0;
    int from = 0;
    while (from < end) {
      int recordLength = bytes.getInt(from);
      int next = from + Run.framed(recordLength);
      record.wrap(bytes, from + Run.HEADER_BYTES, recordLength);
      int weight = weight(record.kind());
      int left = rewriting.rewrite(record, bytes, length + Run.HEADER_BYTES);
      if (left > 0) {
        length = frame(length, left);
        events += weight;
      }
      from = next;
    }
  }

  boolean hasRoomFor(Batch later) {
    return detail == later.detail && length + later.length <= SessionLimits.BATCH_BYTES;
  }

  /** The other must be of the same detail, and follow without a lack. */
  void append(Batch later) {
    longestRecord = Math.max(longestRecord, later.longestRecord);
    bytes.put(length, later.bytes, 0, later.length);
    length += later.length;
    events += later.events;
  }

  void clear() {
    longestRecord = 0;
    length = 0;
    events = 0;
    before.clear();
  }
}
