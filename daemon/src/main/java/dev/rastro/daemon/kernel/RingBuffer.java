package dev.rastro.daemon.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The kernel's BPF ring buffer (kernel/bpf/ringbuf.c), read in place.
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
 * acquire, the consumer position released every {@link #RELEASE_RECORDS} records and at the end of
 * a pass: at every record it would cost more than all the rest. One thread.
 */
public final class RingBuffer {
  /** Takes a record. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * @param data little-endian, the ring's own bytes
     * @param offset of the record, behind its header
     * @param length in bytes, unpadded
     * @param position of the record's header in the stream of all bytes ever produced
     */
    void record(ByteBuffer data, int offset, int length, long position);
  }

  static final int HEADER_BYTES = 8;
  static final int BUSY = 1 << 31;
  static final int DISCARD = 1 << 30;
  static final int RELEASE_RECORDS = 1024;

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final ByteBuffer consumer;
  private final ByteBuffer producer;
  private final ByteBuffer data;
  private final int sizeBytes;
  private final int mask;

  private long position;
  private long peakBytes;
  private long records;

  /**
   * @param consumer the consumer page
   * @param producer the producer page
   * @param data twice the ring, as mapped
   */
  RingBuffer(ByteBuffer consumer, ByteBuffer producer, ByteBuffer data) {
    this.consumer = consumer;
    this.producer = producer;
    this.data = data.order(ByteOrder.nativeOrder());
    this.sizeBytes = data.capacity() / 2;
    this.mask = sizeBytes - 1;
    if (Integer.bitCount(sizeBytes) != 1) {
      throw new IllegalArgumentException("ring size: %d".formatted(sizeBytes));
    }
    this.position = (long) LONG.getAcquire(consumer, 0);
  }

  /**
   * Hands over what is there, at most {@code maxRecords} records, and stops early at one that is
   * not yet submitted. Returns how many were handed over.
   */
  public int pass(Visitor visitor, int maxRecords) {
    long end = producerPosition();
    peakBytes = Math.max(peakBytes, end - position);
    int handed = 0;
    int unreleased = 0;
    try {
      while (position < end && handed < maxRecords) {
        int offset = (int) position & mask;
        int header = (int) INT.getAcquire(data, offset);
        if ((header & BUSY) != 0) {
          break;
        }
        int length = header & ~(BUSY | DISCARD);
        long next = position + HEADER_BYTES + ((length + 7) & ~7);
        if ((header & DISCARD) == 0) {
          visitor.record(data, offset + HEADER_BYTES, length, position);
          handed++;
        }
        position = next;
        if (++unreleased == RELEASE_RECORDS) {
          LONG.setRelease(consumer, 0, position);
          unreleased = 0;
        }
      }
    } finally {
      records += handed;
      if (unreleased > 0) {
        LONG.setRelease(consumer, 0, position);
      }
    }
    return handed;
  }

  /** Up to where the kernel has reserved. */
  public long producerPosition() {
    return (long) LONG.getAcquire(producer, 0);
  }

  /** Up to where this side has read. */
  public long consumerPosition() {
    return position;
  }

  public boolean isEmpty() {
    return producerPosition() == position;
  }

  public int capacityBytes() {
    return sizeBytes;
  }

  /** The most that was pending at the start of a pass. */
  public long peakBytes() {
    return peakBytes;
  }

  /** Records handed over since the start. */
  public long records() {
    return records;
  }
}
