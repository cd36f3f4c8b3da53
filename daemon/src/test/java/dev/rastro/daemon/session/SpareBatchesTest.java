package dev.rastro.daemon.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SpareBatchesTest {
  private final SpareBatches spare = new SpareBatches();

  @Test
  void bringsTheOneThatWasUsedLast() {
    Batch first = spare.take();
    Batch second = spare.take();
    assertNotSame(first, second);
    spare.giveBack(first);
    spare.giveBack(second);
    assertSame(second, spare.take());
    assertSame(first, spare.take());
    assertEquals(2, spare.used());
  }

  @Test
  void keepsAllWhileSomeAreUsedAndFewWhenNoneIs() {
    int most = 3 * SpareBatches.KEPT;
    List<Batch> taken = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      taken.add(spare.take());
    }
    for (int i = 1; i < most; i++) {
      spare.giveBack(taken.get(i));
    }
    assertEquals(most - 1, spare.count());
    spare.giveBack(taken.get(0));
    assertEquals(SpareBatches.KEPT, spare.count());
    assertEquals(0, spare.used());
  }
}
