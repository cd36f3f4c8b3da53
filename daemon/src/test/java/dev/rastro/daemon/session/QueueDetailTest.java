package dev.rastro.daemon.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.kernel.Run;
import dev.rastro.daemon.session.Session.Delivery;
import dev.rastro.syscalls.record.RecordLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a queue leaves out of records: for want of room, of rights, or as a filter says. */
final class QueueDetailTest {
  private static final int WRITE = QueueInput.TABLE.find("write").orElseThrow().number();
  private static final int RECORDS = 200_000;

  private final QueueInput input = new QueueInput();

  @Test
  void tellsLessOfEachAsItFillsAndCountsWhenFull() {
    int calls = 40_000;
    BatchQueue queue = input.queue(8, new QueueMemory(8), Overload.DEGRADE, false);
    for (int i = 0; i < calls; i++) {
      queue.append(input.call(WRITE, i, 64));
      if (i % 50 == 0) {
        queue.publish();
        QueueInput.assertBalanced(queue.ledger());
      }
    }
    queue.publish();
    assertTrue(queue.ledger().counted() > 0);
    assertTrue(queue.ledger().reduced() > 0);
    assertFalse(queue.hasOverflowed());
    List<Detail> details = new ArrayList<>();
    long events = 0;
    long sequence = 1;
    Counts counts = new Counts();
    for (Optional<Delivery> next = queue.take(); next.isPresent(); next = queue.take()) {
      next.get().counts().ifPresent(counts::add);
      sequence += next.get().counts().map(Counts::total).orElse(0L);
      if (next.get().batch().isPresent()) {
        Batch batch = next.get().batch().get();
        details.add(batch.detail());
        assertEquals(sequence, batch.firstSequence());
        sequence += batch.events();
        events += batch.events();
      }
      queue.delivered(next.get());
      QueueInput.assertBalanced(queue.ledger());
    }
    List<Detail> inOrder = details.stream().distinct().toList();
    assertEquals(List.of(Detail.FULL, Detail.NO_BUFFERS, Detail.NO_ARGUMENTS), inOrder);
    assertEquals(calls, events + counts.total());
    assertEquals(counts.total(), counts.calls(WRITE));
    assertTrue(Math.abs(counts.total() - 2 * counts.errors(WRITE)) <= 1);
    assertEquals(calls - 1, counts.toNanos());
    assertEquals(calls, queue.ledger().delivered());
    queue.append(input.call(WRITE, calls, 64));
    queue.publish();
    queue.append(input.call(WRITE, calls, 64));
    queue.publish();
    for (Optional<Delivery> next = queue.take(); next.isPresent(); next = queue.take()) {
      next.get().batch().ifPresent(batch -> details.add(batch.detail()));
    }
    assertEquals(Detail.FULL, details.get(details.size() - 1), "it has emptied");
  }

  @Test
  void whoMaySeeLessGetsLessFromTheBeginning() {
    Terms terms = Terms.standard().showing(Detail.NO_ARGUMENTS);
    BatchQueue queue =
        new BatchQueue(
            1 << 20,
            new QueueMemory(8),
            new Narrowing(QueueInput.WISH, terms, QueueInput.PIECES),
            false,
            input.told()::add);
    queue.append(input.call(WRITE, 2, 64));
    queue.publish();
    Batch batch = queue.take().orElseThrow().batch().orElseThrow();
    assertEquals(Detail.NO_ARGUMENTS, batch.detail());
    assertEquals(Run.framed(RecordLayout.CALL_BYTES), batch.length());
    assertTrue(
        (batch.records().getShort(Run.HEADER_BYTES + RecordLayout.HEAD_FLAGS_OFFSET)
                & RecordLayout.REDACTED)
            != 0);
    assertEquals(0, queue.ledger().reduced(), "that is no overload");
  }

  @Test
  void whatIsTakenAwayMakesRoomWhileNobodyReads() {
    BatchQueue queue = input.queue(4, new QueueMemory(0), Overload.DROP_OLDEST, true);
    Screen screen = new Screen(0, Set.of(), bits(77), List.of(), false);
    Refinement refinement =
        new Refinement(
            Optional.empty(), Optional.of(CallFilter.of(screen, 32, false, QueueInput.TABLE)));
    int calls = 100_000;
    for (int i = 0; i < calls; i++) {
      input.record().putLong(RecordLayout.CALL_ARGS_OFFSET, i % 1000 == 0 ? 77 : 5);
      queue.append(input.call(WRITE, i, 0));
      if (i % 100 == 0) {
        queue.publish();
        while (queue.refine(refinement)) {
          QueueInput.assertBalanced(queue.ledger());
        }
      }
    }
    queue.lose(new Gap(Loss.RING_FULL, 3, 1, 2));
    while (queue.refine(refinement)) {
      QueueInput.assertBalanced(queue.ledger());
    }
    Delivery delivery = queue.take().orElseThrow();
    assertEquals(100, delivery.batch().orElseThrow().events());
    assertEquals(1, delivery.batch().orElseThrow().firstSequence());
    queue.delivered(delivery);
    assertEquals(3, queue.take().orElseThrow().gaps().get(0).count());
    assertEquals(Map.of(FilterPart.DESCRIPTOR, calls - 100L), queue.ledger().filteredBy());
    assertFalse(queue.hasOverflowed());
    QueueInput.assertBalanced(queue.ledger());
  }

  @Test
  void copyingAndLeavingOutAllocateNothing() {
    for (Detail detail : List.of(Detail.FULL, Detail.NO_BUFFERS, Detail.NO_ARGUMENTS)) {
      for (boolean trims : List.of(false, true)) {
        Terms terms = Terms.standard().showing(detail);
        BatchQueue queue =
            new BatchQueue(
                1,
                new QueueMemory(0),
                new Narrowing(QueueInput.WISH, terms, QueueInput.PIECES),
                false,
                input.told()::add);
        queue.trim(trims);
        pour(queue);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        pour(queue);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        // A little for each batch that is dropped, and nothing for a input.record().
        assertTrue(allocated < 4L * RECORDS, allocated + " bytes: " + detail + ", " + trims);
      }
    }
  }

  private void pour(BatchQueue queue) {
    Run write = input.call(WRITE, 0, 200);
    for (int i = 0; i < RECORDS; i++) {
      queue.append(write);
    }
    queue.publish();
    input.told().clear();
  }

  private static BitSet bits(int bit) {
    BitSet bits = new BitSet();
    bits.set(bit);
    return bits;
  }
}
