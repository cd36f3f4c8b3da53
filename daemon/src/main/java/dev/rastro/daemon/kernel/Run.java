// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.kernel;

import dev.rastro.syscalls.record.RecordLayout;
import java.nio.ByteBuffer;

/**
 * Records that stand one after the other in a ring, of one kind and for the same sessions: what a
 * program that calls and calls leaves there. They are looked at and copied together, which costs a
 * fraction of taking each by itself.
 *
 * <p>The bytes are the ring's own, framed as there (see {@link RingBuffer}), and gone when the
 * visitor returns. A ring fills one run anew each time. One thread.
 */
public final class Run {
  /** Takes a record. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * @param data little-endian
     * @param offset of the record, behind its header
     * @param length in bytes, unpadded
     */
    void record(ByteBuffer data, int offset, int length);
  }

  /** Of a frame, before the record: its length, and a word that is the kernel's. */
  public static final int HEADER_BYTES = 8;

  private static final long NOWHERE = Long.MAX_VALUE / 2;

  private final ByteBuffer data;
  private final int ring;
  private int start;
  private int end;
  private int records;
  private int kind;
  private long sessions;
  private long position;

  Run(ByteBuffer data, int ring) {
    this.data = data;
    this.ring = ring;
  }

  /**
   * Records that no ring holds, but framed as there. They stand behind every place.
   *
   * @param data little-endian, the frames from 0 up to its capacity
   */
  public static Run of(ByteBuffer data) {
    Run run = new Run(data, 0);
    int records = 0;
    for (int at = 0; at < data.capacity(); at = run.next(at)) {
      records++;
    }
    run.set(0, data.capacity(), records, NOWHERE);
    return run;
  }

  void set(int start, int end, int records, long position) {
    this.start = start;
    this.end = end;
    this.records = records;
    this.position = position;
    if (records > 0) {
      kind = kind(data, start + HEADER_BYTES);
      sessions = sessions(data, start + HEADER_BYTES);
    }
  }

  /** What a record of so many bytes takes with its header and padding. */
  public static int framed(int length) {
    return HEADER_BYTES + (length + 7 & ~7);
  }

  static int kind(ByteBuffer data, int offset) {
    return data.get(offset + RecordLayout.HEAD_KIND_OFFSET);
  }

  static long sessions(ByteBuffer data, int offset) {
    return data.getLong(offset + RecordLayout.HEAD_SESSIONS_OFFSET);
  }

  /** What stands at or behind a place: the run itself, if that is all of it. */
  public Run from(Rings.Mark mark) {
    if (!mark.isAfter(ring, position)) {
      return this;
    }
    int before = countBefore(mark);
    int at = frame(before);
    Run rest = new Run(data, ring);
    rest.set(at, end, records - before, positionAt(at));
    return rest;
  }

  /** What stands before a place. */
  public Run until(Rings.Mark mark) {
    int before = countBefore(mark);
    Run first = new Run(data, ring);
    first.set(start, frame(before), before, position);
    return first;
  }

  private int countBefore(Rings.Mark mark) {
    int count = 0;
    for (int at = start; at < end && mark.isAfter(ring, positionAt(at)); at = next(at)) {
      count++;
    }
    return count;
  }

  /** Where a frame begins; the end, if there are only so many. */
  private int frame(int index) {
    int at = start;
    for (int i = 0; i < index; i++) {
      at = next(at);
    }
    return at;
  }

  public void forEach(Visitor visitor) {
    for (int at = start; at < end; at = next(at)) {
      visitor.record(data, record(at), length(at));
    }
  }

  /** Little-endian, the frames; position and limit are nobody's business. */
  public ByteBuffer data() {
    return data;
  }

  /** Where the first frame begins. */
  public int start() {
    return start;
  }

  /** Where the last frame ends. */
  public int end() {
    return end;
  }

  /** Where the frame behind one begins. */
  public int next(int at) {
    return at + framed(length(at));
  }

  /** Where the record in a frame begins. */
  public int record(int at) {
    return at + HEADER_BYTES;
  }

  /** Of the record in a frame, in bytes, unpadded. */
  public int length(int at) {
    return data.getInt(at);
  }

  /** How many. */
  public int records() {
    return records;
  }

  public boolean isEmpty() {
    return records == 0;
  }

  /** Of each of them. */
  public int kind() {
    return kind;
  }

  /** Bits of those whom each of them is for. */
  public long sessions() {
    return sessions;
  }

  /** Among the rings, for {@link Rings.Mark#isAfter}. */
  public int ring() {
    return ring;
  }

  /** Of a frame among all bytes ever produced in this ring. */
  public long positionAt(int at) {
    return position + (at - start);
  }
}
