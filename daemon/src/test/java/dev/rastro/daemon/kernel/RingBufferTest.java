package dev.rastro.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RingBufferTest {
  private static final int SIZE = 4096;

  private final ByteBuffer consumer = direct(4096);
  private final ByteBuffer producer = direct(4096);
  private final ByteBuffer data = direct(2 * SIZE);
  private final RingBuffer ring = new RingBuffer(consumer, producer, data);
  private final List<Long> seen = new ArrayList<>();
  private final List<Integer> lengths = new ArrayList<>();
  private final RingBuffer.Visitor visitor =
      (buffer, offset, length, position) -> {
        seen.add(buffer.getLong(offset));
        lengths.add(length);
      };

  private long produced;

  @Test
  void handsOverInOrderAndReleasesAtTheEnd() {
    put(1, 8, 0);
    put(2, 13, 0);
    put(3, 24, 0);
    assertEquals(3, ring.pass(visitor, 100));
    assertEquals(List.of(1L, 2L, 3L), seen);
    assertEquals(List.of(8, 13, 24), lengths);
    assertEquals(produced, consumer.getLong(0));
    assertTrue(ring.isEmpty());
    assertEquals(3, ring.records());
    assertEquals(produced, ring.peakBytes());
  }

  @Test
  void stopsAtBusyRecord() {
    put(1, 8, 0);
    long busyAt = produced;
    put(2, 8, RingBuffer.BUSY);
    put(3, 8, 0);
    assertEquals(1, ring.pass(visitor, 100));
    assertEquals(0, ring.pass(visitor, 100));
    assertEquals(busyAt, consumer.getLong(0));
    assertFalse(ring.isEmpty());
    header((int) busyAt % SIZE, 8);
    assertEquals(2, ring.pass(visitor, 100));
    assertEquals(List.of(1L, 2L, 3L), seen);
  }

  @Test
  void skipsDiscarded() {
    put(1, 8, 0);
    put(2, 40, RingBuffer.DISCARD);
    put(3, 8, 0);
    assertEquals(2, ring.pass(visitor, 100));
    assertEquals(List.of(1L, 3L), seen);
    assertEquals(produced, consumer.getLong(0));
    assertEquals(2, ring.records());
  }

  @Test
  void readsRecordThatWraps() {
    for (int round = 0; round < 100; round++) {
      put(round, 1000, 0);
      assertEquals(1, ring.pass(visitor, 100));
      assertEquals(round, seen.get(round));
    }
    assertTrue(produced > 10L * SIZE);
  }

  @Test
  void handsOverNoMoreThanAsked() {
    for (int i = 0; i < 10; i++) {
      put(i, 8, 0);
    }
    assertEquals(4, ring.pass(visitor, 4));
    assertEquals(4 * 16, consumer.getLong(0));
    assertEquals(6, ring.pass(visitor, 100));
  }

  @Test
  void releasesWhatWasReadWhenTheVisitorThrows() {
    put(1, 8, 0);
    put(2, 8, 0);
    RingBuffer.Visitor picky =
        (buffer, offset, length, position) -> {
          if (buffer.getLong(offset) == 2) {
            throw new IllegalStateException("two");
          }
        };
    assertThrows(IllegalStateException.class, () -> ring.pass(picky, 100));
    assertEquals(16, consumer.getLong(0));
  }

  @Test
  void continuesWhereTheConsumerPageStands() {
    put(1, 8, 0);
    put(2, 8, 0);
    consumer.putLong(0, 16);
    assertEquals(1, new RingBuffer(consumer, producer, data).pass(visitor, 100));
    assertEquals(List.of(2L), seen);
  }

  private void put(long value, int length, int flags) {
    int offset = (int) (produced % SIZE);
    header(offset, length | flags);
    byteAt(offset + 8, value);
    produced += 8 + ((length + 7) & ~7);
    producer.putLong(0, produced);
  }

  /** The second half mirrors the first, as the kernel maps it. */
  private void byteAt(int offset, long value) {
    data.putLong(offset, value);
    data.putLong((offset + SIZE) % (2 * SIZE), value);
  }

  private void header(int offset, int value) {
    data.putInt(offset, value);
    data.putInt((offset + SIZE) % (2 * SIZE), value);
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
