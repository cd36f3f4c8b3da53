package dev.rastro.daemon.kernel;

import java.util.List;

/**
 * The rings of all processors as one stream, in the order in which the records were emitted. One
 * thread.
 *
 * <p>What happened after something else must not be handed over before it, though it stands in
 * another ring: a task's next call, made on another processor, its child's first, its end. A pass
 * therefore takes the time, then looks how far each ring goes, and hands over no record that was
 * emitted later than that time. Whatever such a record comes after was in its ring when that was
 * looked at: its program had ended before the later one's read the clock.
 */
public final class Rings {
  /** Takes records. */
  @FunctionalInterface
  public interface Visitor {
    void run(Run run);
  }

  /** A place in the stream: how far each ring had been produced. */
  public static final class Mark {
    private final long[] positions;

    private Mark(long[] positions) {
      this.positions = positions;
    }

    /** The same place, which stays when this one is moved. */
    public Mark copy() {
      return new Mark(positions.clone());
    }

    /** Whether a record stands before this place. */
    public boolean isAfter(int ring, long position) {
      return position < positions[ring];
    }
  }

  private final RingBuffer[] rings;
  private final int capacityBytes;

  /** Rings that have something to hand over, a heap by the time of their next record. */
  private final int[] heap;

  private final long[] nextNanos;
  private int heapSize;

  private long peakBytes;
  private long records;

  Rings(List<RingBuffer> rings) {
    this.rings = rings.toArray(RingBuffer[]::new);
    this.capacityBytes = rings.stream().mapToInt(RingBuffer::capacityBytes).sum();
    this.heap = new int[this.rings.length];
    this.nextNanos = new long[this.rings.length];
  }

  /**
   * Hands over what is there, at most {@code maxRecords} records. Returns how many were handed
   * over.
   */
  public int pass(Visitor visitor, int maxRecords) {
    long latestNanos = look(System.nanoTime());
    int handed = 0;
    try {
      while (heapSize > 0 && handed < maxRecords) {
        int first = heap[0];
        if (nextNanos[first] > latestNanos) {
          break;
        }
        long until = Math.min(latestNanos, secondNanos());
        int taken = rings[first].hand(visitor, until, maxRecords - handed);
        handed += taken;
        latestNanos = Math.min(latestNanos, lookAtNext(first));
      }
    } finally {
      records += handed;
      for (RingBuffer ring : rings) {
        ring.release();
      }
    }
    return handed;
  }

  /** Builds the heap anew; returns up to when records can be handed over. */
  private long look(long nowNanos) {
    long latestNanos = nowNanos;
    long pendingBytes = 0;
    heapSize = 0;
    for (RingBuffer ring : rings) {
      pendingBytes += ring.look();
    }
    peakBytes = Math.max(peakBytes, pendingBytes);
    for (int ring = 0; ring < rings.length; ring++) {
      long next = rings[ring].nextNanos();
      if (next == RingBuffer.UNKNOWN) {
        latestNanos = Math.min(latestNanos, rings[ring].lastNanos());
      } else if (next != RingBuffer.NOTHING) {
        nextNanos[ring] = next;
        heap[heapSize++] = ring;
      }
    }
    for (int at = heapSize / 2 - 1; at >= 0; at--) {
      siftDown(at);
    }
    return latestNanos;
  }

  /**
   * Puts the ring on top of the heap where it belongs now. Behind a record that is not yet
   * submitted may stand what others come after: then nothing later than what this ring has handed
   * over can be handed over.
   *
   * @return up to when records can be handed over, as far as this ring goes
   */
  private long lookAtNext(int first) {
    long next = rings[first].nextNanos();
    if (next == RingBuffer.NOTHING || next == RingBuffer.UNKNOWN) {
      heap[0] = heap[--heapSize];
    } else {
      nextNanos[first] = next;
    }
    siftDown(0);
    return next == RingBuffer.UNKNOWN ? rings[first].lastNanos() : Long.MAX_VALUE;
  }

  /** The earliest time of the rings but the first. */
  private long secondNanos() {
    long second = Long.MAX_VALUE;
    for (int child = 1; child <= 2 && child < heapSize; child++) {
      second = Math.min(second, nextNanos[heap[child]]);
    }
    return second;
  }

  private void siftDown(int from) {
    int at = from;
    while (2 * at + 1 < heapSize) {
      int child = 2 * at + 1;
      if (child + 1 < heapSize && nextNanos[heap[child + 1]] < nextNanos[heap[child]]) {
        child++;
      }
      if (nextNanos[heap[at]] <= nextNanos[heap[child]]) {
        return;
      }
      int other = heap[at];
      heap[at] = heap[child];
      heap[child] = other;
      at = child;
    }
  }

  /** The place up to which the kernel has produced by now. */
  public Mark mark() {
    Mark mark = new Mark(new long[rings.length]);
    mark(mark);
    return mark;
  }

  /** Moves a place there. */
  public void mark(Mark moved) {
    for (int ring = 0; ring < rings.length; ring++) {
      moved.positions[ring] = rings[ring].producerPosition();
    }
  }

  /** Whether everything before a place was handed over. */
  public boolean isRead(Mark mark) {
    for (int ring = 0; ring < rings.length; ring++) {
      if (rings[ring].consumerPosition() < mark.positions[ring]) {
        return false;
      }
    }
    return true;
  }

  public boolean isEmpty() {
    for (RingBuffer ring : rings) {
      if (!ring.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Of all rings together. */
  public long capacityBytes() {
    return capacityBytes;
  }

  /** What is pending in all of them. */
  public long usedBytes() {
    long used = 0;
    for (RingBuffer ring : rings) {
      used += ring.producerPosition() - ring.consumerPosition();
    }
    return used;
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
