package dev.rastro.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RingBufferTest {
  private static final int HEAD = 32;
  private static final long EVER = Long.MAX_VALUE - 1;

  private final FakeRing fake = new FakeRing();
  private final RingBuffer ring = fake.open(3);
  private final List<Long> seen = new ArrayList<>();
  private final List<Integer> lengths = new ArrayList<>();
  private final Rings.Visitor visitor =
      run -> {
        assertEquals(3, run.ring());
        run.forEach(
            (data, offset, length) -> {
              seen.add(data.getLong(offset));
              lengths.add(length);
            });
      };

  @Test
  void handsOverInOrderAndReleasesAtTheEnd() {
    fake.put(1, 0, HEAD, 0);
    fake.put(2, 0, HEAD + 5, 0);
    fake.put(3, 0, HEAD + 8, 0);
    assertEquals(3, pass(100));
    assertEquals(List.of(1L, 2L, 3L), seen);
    assertEquals(List.of(HEAD, HEAD + 5, HEAD + 8), lengths);
    assertEquals(fake.produced(), fake.consumed());
    assertTrue(ring.isEmpty());
  }

  @Test
  void goesNoFurtherThanWasLooked() {
    fake.put(1, 0, HEAD, 0);
    assertEquals(HEAD + Run.HEADER_BYTES, ring.look());
    fake.put(2, 0, HEAD, 0);
    assertEquals(1, ring.hand(visitor, EVER, 100));
    assertEquals(RingBuffer.NOTHING, ring.nextNanos());
    assertEquals(1, pass(100));
  }

  @Test
  void stopsAtBusyRecord() {
    fake.put(1, 0, HEAD, 0);
    long busyAt = fake.put(2, 0, HEAD, RingBuffer.BUSY);
    fake.put(3, 0, HEAD, 0);
    assertEquals(1, pass(100));
    assertEquals(RingBuffer.UNKNOWN, ring.nextNanos());
    assertEquals(0, pass(100));
    assertEquals(busyAt, fake.consumed());
    assertFalse(ring.isEmpty());
    fake.submit(busyAt, HEAD);
    assertEquals(2, pass(100));
    assertEquals(List.of(1L, 2L, 3L), seen);
  }

  @Test
  void stopsAtWhatWasEmittedLater() {
    fake.put(1, 10, HEAD, 0);
    fake.putCall(2, 5, 20);
    assertEquals(10, look().nextNanos());
    assertEquals(1, ring.hand(visitor, 24, 100));
    assertEquals(25, ring.nextNanos());
    assertEquals(1, ring.hand(visitor, 25, 100));
    assertEquals(25, ring.lastNanos());
  }

  @Test
  void skipsDiscarded() {
    fake.put(1, 0, HEAD, 0);
    fake.put(2, 0, HEAD + 8, RingBuffer.DISCARD);
    fake.put(3, 7, HEAD, 0);
    assertEquals(1, pass(1));
    assertEquals(7, ring.nextNanos());
    assertEquals(1, pass(100));
    assertEquals(List.of(1L, 3L), seen);
    assertEquals(fake.produced(), fake.consumed());
  }

  @Test
  void readsRecordThatWraps() {
    for (int round = 0; round < 100; round++) {
      fake.put(round, 0, 1000, 0);
      assertEquals(1, pass(100));
      assertEquals(round, seen.get(round));
    }
    assertTrue(fake.produced() > 10L * FakeRing.SIZE);
  }

  @Test
  void handsOverNoMoreThanAsked() {
    for (int i = 0; i < 10; i++) {
      fake.put(i, 0, HEAD, 0);
    }
    assertEquals(4, pass(4));
    assertEquals(4 * (HEAD + Run.HEADER_BYTES), fake.consumed());
    assertEquals(6, pass(100));
  }

  /** One kind, the same sessions, nothing between. */
  @Test
  void gathersRuns() {
    fake.put(7, 0, HEAD, 0);
    fake.put(7, 0, HEAD + 5, 0);
    fake.put(8, 0, HEAD, 0);
    fake.put(8, 0, HEAD, RingBuffer.DISCARD);
    fake.put(8, 0, HEAD, 0);
    fake.putCall(8, 0, 0);
    fake.putCall(8, 1, 0);
    List<Integer> runs = new ArrayList<>();
    assertEquals(6, look().hand(run -> runs.add(run.records()), EVER, 100));
    assertEquals(List.of(2, 1, 1, 2), runs);
  }

  @Test
  void runsAreBounded() {
    int records = FakeRing.SIZE / (HEAD + Run.HEADER_BYTES);
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < records; i++) {
        fake.put(7, 0, HEAD, 0);
      }
      List<Integer> runs = new ArrayList<>();
      assertEquals(60, look().hand(run -> runs.add(run.records()), EVER, 60));
      assertEquals(List.of(60), runs);
      assertEquals(records - 60, pass(100));
    }
  }

  /** A session that opened in the midst of it is not handed what stands before. */
  @Test
  void aRunCanBeginAtAPlace() {
    fake.put(7, 0, HEAD, 0);
    Rings.Mark mark = new Rings(List.of(fake.open(0))).mark();
    fake.put(7, 1, HEAD + 5, 0);
    fake.put(7, 2, HEAD, 0);
    RingBuffer first = fake.open(0);
    first.look();
    List<Integer> rest = new ArrayList<>();
    assertEquals(
        3,
        first.hand(
            run -> {
              Run later = run.from(mark);
              assertEquals(2, later.records());
              later.forEach((data, offset, length) -> rest.add(length));
              assertEquals(later, later.from(mark));
            },
            EVER,
            100));
    assertEquals(List.of(HEAD + 5, HEAD), rest);
  }

  @Test
  void givesBackWhatWasReadWhenTheVisitorThrows() {
    fake.put(1, 0, HEAD, 0);
    fake.put(2, 0, HEAD, 0);
    Rings.Visitor picky =
        run -> {
          if (run.sessions() == 2) {
            throw new IllegalStateException("two");
          }
        };
    assertThrows(IllegalStateException.class, () -> look().hand(picky, EVER, 100));
    ring.release();
    assertEquals(HEAD + Run.HEADER_BYTES, fake.consumed());
  }

  @Test
  void continuesWhereTheConsumerPageStands() {
    fake.put(1, 0, HEAD, 0);
    fake.put(2, 0, HEAD, 0);
    fake.consumer.putLong(0, HEAD + Run.HEADER_BYTES);
    RingBuffer later = fake.open(3);
    later.look();
    assertEquals(1, later.hand(visitor, EVER, 100));
    assertEquals(List.of(2L), seen);
  }

  private RingBuffer look() {
    ring.look();
    return ring;
  }

  private int pass(int maxRecords) {
    int handed = look().hand(visitor, EVER, maxRecords);
    ring.release();
    return handed;
  }
}
