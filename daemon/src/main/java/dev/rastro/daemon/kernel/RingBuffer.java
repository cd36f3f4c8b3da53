package dev.rastro.daemon.kernel;

import dev.rastro.syscalls.record.RecordLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One of the kernel's BPF ring buffers (kernel/bpf/ringbuf.c), read in place.
 *
 * <pre>
 *   consumer page (read, write)        producer pages (read only)
 *   +0  u64 consumer position          +0     u64 producer position
 *                                      +page  data, size bytes
 *                                      +size  the same data once more, so that a record
 *                                             that wraps is still contiguous
 *
 *   a record, aligned to 8:
 *   0        4        8
 *   +--------+--------+---------------------------+---------+
 *   | length | page   | length bytes              | padding |
 *   +--------+--------+---------------------------+---------+
 *     bit 31 BUSY: reserved, not yet submitted: stop here
 *     bit 30 DISCARD: to be skipped
 * </pre>
 *
 * Positions only grow; an offset is a position modulo the size. The producer position is read with
 * acquire, by {@link #look}; the consumer position is released every {@link #RELEASE_RECORDS}
 * records and by {@link #release}: at every record it would cost more than all the rest. One
 * thread.
 */
final class RingBuffer {
  static final int BUSY = 1 << 31;
  static final int DISCARD = 1 << 30;
  static final int RELEASE_RECORDS = 1024;

  /** Of one run: what is looked at is still in the processor's first cache when it is copied. */
  static final int RUN_RECORDS = 256;

  /** Instead of a time: nothing is there, as far as was looked. */
  static final long NOTHING = Long.MAX_VALUE;

  /** Instead of a time: the next record is not yet submitted. */
  static final long UNKNOWN = Long.MIN_VALUE;

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final ByteBuffer consumer;
  private final ByteBuffer producer;
  private final ByteBuffer data;
  private final Run run;
  private final int sizeBytes;
  private final int mask;

  private long position;
  private long end;
  private int unreleased;
  private long lastNanos = UNKNOWN;

  /**
   * @param consumer the consumer page
   * @param producer the producer page
   * @param data twice the ring, as mapped
   * @param index among the rings
   */
  RingBuffer(ByteBuffer consumer, ByteBuffer producer, ByteBuffer data, int index) {
    this.consumer = consumer;
    this.producer = producer;
    this.data = data.order(ByteOrder.nativeOrder());
    this.run = new Run(this.data, index);
    this.sizeBytes = data.capacity() / 2;
    this.mask = sizeBytes - 1;
    if (Integer.bitCount(sizeBytes) != 1) {
      throw new IllegalArgumentException("ring size: %d".formatted(sizeBytes));
    }
    this.position = (long) LONG.getAcquire(consumer, 0);
    this.end = position;
  }

  /** Looks how far the kernel has come; returns how many bytes are there to be read. */
  long look() {
    end = producerPosition();
    return end - position;
  }

  /** When the next record was emitted, or {@link #NOTHING}, or {@link #UNKNOWN}. */
  long nextNanos() {
    skipDiscarded();
    if (position == end) {
      return NOTHING;
    }
    int offset = (int) position & mask;
    int header = (int) INT.getAcquire(data, offset);
    return (header & BUSY) != 0 ? UNKNOWN : emittedNanos(offset + Run.HEADER_BYTES);
  }

  /**
   * Hands over what was emitted no later than a moment, at most so many records; stops early at one
   * that is not yet submitted. Returns how many were handed over.
   */
  int hand(Rings.Visitor visitor, long latestNanos, int maxRecords) {
    int handed = 0;
    while (gather(latestNanos, Math.min(maxRecords - handed, RUN_RECORDS))) {
      visitor.run(run);
      handed += run.records();
      advance(run.end() - run.start(), run.records());
    }
    return handed;
  }

  /** Looks how many of the next records are a run; returns whether there is one. */
  private boolean gather(long latestNanos, int maxRecords) {
    skipDiscarded();
    int start = (int) position & mask;
    int limit = start + (int) (end - position);
    int at = start;
    int kind = 0;
    long sessions = 0;
    int records = 0;
    while (at < limit && records < maxRecords) {
      int header = (int) INT.getAcquire(data, at);
      if ((header & (BUSY | DISCARD)) != 0) {
        break;
      }
      int offset = at + Run.HEADER_BYTES;
      if (records == 0) {
        kind = Run.kind(data, offset);
        sessions = Run.sessions(data, offset);
      } else if (Run.kind(data, offset) != kind || Run.sessions(data, offset) != sessions) {
        break;
      }
      long nanos = emittedNanos(offset);
      if (nanos > latestNanos) {
        break;
      }
      lastNanos = nanos;
      at += Run.framed(header);
      records++;
    }
    run.set(start, at, records, position);
    return records > 0;
  }

  private void skipDiscarded() {
    while (position < end) {
      int header = (int) INT.getAcquire(data, (int) position & mask);
      if ((header & (BUSY | DISCARD)) != DISCARD) {
        return;
      }
      advance(Run.framed(header & ~DISCARD), 1);
    }
  }

  /** When the last record that was handed over was emitted. */
  long lastNanos() {
    return lastNanos;
  }

  private void advance(int bytes, int records) {
    position += bytes;
    unreleased += records;
    if (unreleased >= RELEASE_RECORDS) {
      release();
    }
  }

  /** A call's record has the time of its entry and is emitted at its return. */
  private long emittedNanos(int offset) {
    long nanos = data.getLong(offset + RecordLayout.HEAD_TIME_OFFSET);
    return data.get(offset + RecordLayout.HEAD_KIND_OFFSET) == RecordLayout.CALL
        ? nanos + data.getLong(offset + RecordLayout.CALL_DURATION_OFFSET)
        : nanos;
  }

  /** Gives what was read back to the kernel. */
  void release() {
    if (unreleased > 0) {
      LONG.setRelease(consumer, 0, position);
      unreleased = 0;
    }
  }

  /** Up to where the kernel has reserved. */
  long producerPosition() {
    return (long) LONG.getAcquire(producer, 0);
  }

  /** Up to where this side has read. */
  long consumerPosition() {
    return position;
  }

  boolean isEmpty() {
    return producerPosition() == position;
  }

  int capacityBytes() {
    return sizeBytes;
  }
}
