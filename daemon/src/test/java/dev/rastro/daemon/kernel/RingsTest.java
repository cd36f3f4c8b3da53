package dev.rastro.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RingsTest {
  private static final int HEAD = 32;
  private static final int COUNT = 5;

  private final List<FakeRing> fakes =
      IntStream.range(0, COUNT).mapToObj(i -> new FakeRing()).toList();
  private final Rings rings =
      new Rings(IntStream.range(0, COUNT).mapToObj(i -> fakes.get(i).open(i)).toList());
  private final List<Long> seen = new ArrayList<>();
  private final Rings.Visitor visitor =
      run -> run.forEach((data, offset, length) -> seen.add(data.getLong(offset)));

  @Test
  void handsOverInTheOrderOfEmission() {
    Random random = new Random(7);
    long nanos = 1000;
    for (int i = 0; i < 300; i++) {
      nanos += random.nextInt(50);
      fakes.get(random.nextInt(COUNT)).put(nanos, nanos, HEAD, 0);
    }
    assertEquals(300, rings.pass(visitor, 1000));
    assertEquals(seen.stream().sorted().toList(), seen);
    assertTrue(rings.isEmpty());
    assertEquals(300, rings.records());
    fakes.forEach(fake -> assertEquals(fake.produced(), fake.consumed()));
  }

  @Test
  void aCallIsEmittedAtItsReturn() {
    fakes.get(0).putCall(1, 100, 50);
    fakes.get(1).put(2, 120, HEAD, 0);
    fakes.get(2).put(3, 160, HEAD, 0);
    assertEquals(3, rings.pass(visitor, 100));
    assertEquals(List.of(2L, 1L, 3L), seen);
  }

  @Test
  void goesOnWhereAPassEnded() {
    for (int i = 0; i < 100; i++) {
      fakes.get(i % COUNT).put(i, i, HEAD, 0);
    }
    for (int handed = 0; handed < 100; handed += 7) {
      assertEquals(Math.min(7, 100 - handed), rings.pass(visitor, 7));
    }
    assertEquals(IntStream.range(0, 100).mapToObj(Long::valueOf).toList(), seen);
  }

  @Test
  void leavesWhatIsEmittedAfterThePassBegan() {
    fakes.get(0).put(1, System.nanoTime(), HEAD, 0);
    fakes.get(1).put(2, Long.MAX_VALUE / 2, HEAD, 0);
    assertEquals(1, rings.pass(visitor, 100));
    assertEquals(List.of(1L), seen);
    assertFalse(rings.isEmpty());
  }

  /** What stands behind the one that is not submitted may be what the other's comes after. */
  @Test
  void whatIsNotYetSubmittedHoldsBackWhatIsLater() {
    fakes.get(0).put(1, 100, HEAD, 0);
    long busy = fakes.get(0).put(3, 120, HEAD, RingBuffer.BUSY);
    fakes.get(1).put(2, 90, HEAD, 0);
    fakes.get(1).put(4, 130, HEAD, 0);
    assertEquals(2, rings.pass(visitor, 100));
    assertEquals(List.of(2L, 1L), seen);
    assertEquals(0, rings.pass(visitor, 100));
    fakes.get(0).submit(busy, HEAD);
    assertEquals(2, rings.pass(visitor, 100));
    assertEquals(List.of(2L, 1L, 3L, 4L), seen);
  }

  @Test
  void aMarkIsReadWhenEachRingIsReadSoFar() {
    fakes.get(0).put(1, 100, HEAD, 0);
    fakes.get(1).put(2, Long.MAX_VALUE / 2, HEAD, 0);
    Rings.Mark mark = rings.mark();
    fakes.get(0).put(3, 110, HEAD, 0);
    rings.pass(visitor, 100);
    assertEquals(List.of(1L, 3L), seen);
    assertFalse(rings.isRead(mark), "the second ring has not been read");
    assertTrue(mark.isAfter(0, 0));
    assertFalse(mark.isAfter(0, HEAD + Run.HEADER_BYTES));
  }

  @Test
  void givesBackWhatWasReadWhenTheVisitorThrows() {
    fakes.get(0).put(1, 1, HEAD, 0);
    fakes.get(1).put(2, 2, HEAD, 0);
    Rings.Visitor picky =
        run -> {
          if (run.sessions() == 2) {
            throw new IllegalStateException("two");
          }
        };
    assertThrows(IllegalStateException.class, () -> rings.pass(picky, 100));
    assertEquals(fakes.get(0).produced(), fakes.get(0).consumed());
    assertEquals(0, fakes.get(1).consumed());
  }

  @Test
  void asManyRingsAsProcessorsButNoneTooSmall() {
    assertEquals(2, RingMaps.count(8 << 20, 2));
    assertEquals(1, RingMaps.count(64 << 10, 2));
    assertEquals(32, RingMaps.count(8 << 20, 48));
    assertEquals(RingMaps.MAX_RINGS, RingMaps.count(512 << 20, 256));
  }
}
