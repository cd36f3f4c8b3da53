package dev.rastro.daemon.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.kernel.Run;
import dev.rastro.daemon.session.Session.Delivery;
import dev.rastro.syscalls.record.RecordLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BatchQueueTest {

  private final QueueInput input = new QueueInput();

  @Test
  void framesRecordsAsTheRingDoes() {
    BatchQueue queue = input.queue(4);
    int length = RecordLayout.HEAD_BYTES + 5;
    input.record().putLong(0, 0x1122334455667788L);
    input.record().putLong(RecordLayout.HEAD_BYTES, -1);
    input.frame().putInt(4, 0x7777);
    queue.append(input.run(length));
    queue.publish();
    Batch batch = queue.take().orElseThrow().batch().orElseThrow();
    ByteBuffer records = batch.records();
    assertEquals(Run.framed(length), records.remaining());
    assertEquals(length, records.getInt(0));
    assertEquals(0, records.getInt(4), "a word of the kernel's");
    assertEquals(0x1122334455667788L, records.getLong(Run.HEADER_BYTES));
    byte[] padding = new byte[3];
    records.get(Run.HEADER_BYTES + length, padding);
    assertArrayEquals(new byte[3], padding, "what the ring held before");
  }

  @Test
  void joinsSmallBatchesWhileNobodyTakesThem() {
    BatchQueue queue = input.queue(4);
    for (int pass = 0; pass < 10; pass++) {
      input.append(queue, pass, 1);
      queue.publish();
    }
    Batch batch = queue.take().orElseThrow().batch().orElseThrow();
    assertEquals(10, batch.events());
    assertEquals(1, batch.firstSequence());
    assertTrue(queue.take().isEmpty());
  }

  @Test
  void closesBatchesAtTheirSize() {
    BatchQueue queue = input.queue(8);
    input.append(queue, 0, QueueInput.PER_BATCH + 1);
    queue.publish();
    assertEquals(QueueInput.PER_BATCH, queue.take().orElseThrow().batch().orElseThrow().events());
    assertEquals(1, queue.take().orElseThrow().batch().orElseThrow().events());
  }

  /** Records of different lengths that stand one after the other, as a ring has them. */
  @Test
  void takesRunsApartWhereABatchIsFull() {
    int count = 3000;
    int bytes = 0;
    ByteBuffer frames = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      int length = QueueInput.RECORD_BYTES + i % 70;
      frames.putInt(bytes, length);
      frames.putInt(bytes + 4, 0x7777);
      frames.putLong(bytes + Run.HEADER_BYTES + RecordLayout.HEAD_TIME_OFFSET, i);
      bytes += Run.framed(length);
    }
    BatchQueue queue = input.queue(100, new QueueMemory(100));
    queue.append(Run.of(frames.slice(0, bytes).order(ByteOrder.LITTLE_ENDIAN)));
    queue.publish();
    QueueInput.assertBalanced(queue.ledger());
    assertEquals(count, queue.ledger().observed());
    int seen = 0;
    for (Optional<Delivery> next = queue.take(); next.isPresent(); next = queue.take()) {
      Batch batch = next.get().batch().orElseThrow();
      assertEquals(seen, batch.firstNanos());
      assertTrue(batch.length() <= SessionLimits.BATCH_BYTES);
      ByteBuffer records = batch.records();
      for (int at = 0; at < batch.length(); at += Run.framed(records.getInt(at))) {
        assertEquals(QueueInput.RECORD_BYTES + seen % 70, records.getInt(at));
        assertEquals(0, records.getInt(at + 4), "a word of the kernel's");
        assertEquals(seen, records.getLong(at + Run.HEADER_BYTES + RecordLayout.HEAD_TIME_OFFSET));
        seen++;
      }
      assertEquals(seen - 1, batch.lastNanos());
      queue.delivered(next.get());
    }
    assertEquals(count, seen);
  }

  @Test
  void takesTheLargestRecordIntoABatchOfItsOwn() {
    BatchQueue queue = input.queue(4);
    int largest = 96 + (1 << 16);
    queue.append(input.run(largest));
    queue.publish();
    assertEquals(
        8 + largest, queue.take().orElseThrow().batch().orElseThrow().records().remaining());
  }

  @Test
  void dropsOldestBatchAndTellsTheGap() {
    BatchQueue queue = input.queue(4);
    input.append(queue, 0, 10 * QueueInput.PER_BATCH);
    queue.publish();
    Delivery first = queue.take().orElseThrow();
    Gap gap = first.gaps().get(0);
    assertEquals(1, first.gaps().size());
    assertEquals(Loss.QUEUE_FULL, gap.cause());
    Batch batch = first.batch().orElseThrow();
    assertEquals(gap.count() + 1, batch.firstSequence(), "the gap fills the missing sequence");
    assertEquals(0, gap.fromNanos());
    assertEquals(gap.count() - 1, gap.toNanos());
    assertEquals(gap.count(), batch.firstNanos(), "times go on where the gap ends");
  }

  @Test
  void booksBalance() {
    BatchQueue queue = input.queue(4);
    long delivered = 0;
    for (int round = 0; round < 50; round++) {
      input.append(queue, 0, 1 + round * 37);
      queue.filter(FilterPart.ERRNO, 1);
      if (round % 7 == 3) {
        queue.lose(new Gap(Loss.RING_FULL, 5, 1, 2));
      }
      queue.publish();
      if (round % 3 == 0) {
        Optional<Delivery> taken = queue.take();
        if (taken.isPresent() && taken.get().batch().isPresent()) {
          Batch batch = taken.get().batch().get();
          delivered += batch.events();
          QueueInput.assertBalanced(queue.ledger());
          queue.delivered(taken.get());
        }
      }
      QueueInput.assertBalanced(queue.ledger());
    }
    Ledger ledger = queue.ledger();
    assertEquals(50, ledger.filtered());
    assertEquals(delivered, ledger.delivered());
    assertEquals(35, ledger.lost().get(Loss.RING_FULL));
    assertTrue(ledger.lost().get(Loss.QUEUE_FULL) > 0);
    assertEquals(50 + 37 * 49 * 50 / 2 + 50 + 35, ledger.observed());
  }

  @Test
  void tellsLossOfTheRingWhereItHappened() {
    BatchQueue queue = input.queue(4);
    input.append(queue, 0, 3);
    queue.lose(new Gap(Loss.RING_FULL, 2, 10, 20));
    queue.lose(new Gap(Loss.RING_FULL, 3, 20, 30));
    input.append(queue, 40, 1);
    queue.publish();
    Delivery before = queue.take().orElseThrow();
    assertTrue(before.gaps().isEmpty());
    assertEquals(3, before.batch().orElseThrow().events());
    Delivery after = queue.take().orElseThrow();
    assertEquals(List.of(new Gap(Loss.RING_FULL, 5, 10, 30)), after.gaps());
    assertEquals(4, after.batch().orElseThrow().firstSequence());
  }

  @Test
  void tellsAGapThatNothingFollows() {
    BatchQueue queue = input.queue(4);
    queue.lose(new Gap(Loss.RING_FULL, 2, 10, 20));
    Delivery delivery = queue.take().orElseThrow();
    assertEquals(1, delivery.gaps().size());
    assertTrue(delivery.batch().isEmpty());
    assertTrue(queue.take().isEmpty());
  }

  @Test
  void keepsWhatTookNoEventOutOfTheBalance() {
    BatchQueue queue = input.queue(4);
    queue.lose(new Gap(Loss.ENTRY_BYTES, 7, 10, 20));
    assertEquals(0, queue.ledger().observed());
    assertEquals(Map.of(Loss.ENTRY_BYTES, 7L), queue.ledger().lost());
    QueueInput.assertBalanced(queue.ledger());
  }

  @Test
  void givesItsBatchesBackWhenNobodyTakesThem() {
    QueueMemory memory = new QueueMemory(100);
    BatchQueue queue = input.queue(100, memory);
    input.append(queue, 0, 20 * QueueInput.PER_BATCH);
    queue.publish();
    Delivery taken = queue.take().orElseThrow();
    queue.abandon();
    queue.delivered(taken);
    input.append(queue, 0, 1);
    queue.publish();
    assertEquals(0, memory.inUse());
    assertEquals(0, memory.taken());
  }

  @Test
  void givesItsBatchesBackWhenAllIsTaken() {
    QueueMemory memory = new QueueMemory(100);
    BatchQueue queue = input.queue(100, memory);
    input.append(queue, 0, 20 * QueueInput.PER_BATCH);
    queue.publish();
    for (var next = queue.take(); next.isPresent(); next = queue.take()) {
      queue.delivered(next.get());
    }
    queue.abandon();
    assertEquals(0, memory.inUse());
    assertEquals(0, memory.taken());
  }

  @Test
  void saysUrgentOnlyWhenAWholeBatchIsThere() {
    BatchQueue queue = input.queue(4);
    input.append(queue, 0, 1);
    queue.publish();
    assertEquals(List.of(false), input.told());
    input.append(queue, 1, 2 * QueueInput.PER_BATCH);
    queue.publish();
    assertTrue(input.told().get(input.told().size() - 1));
    assertFalse(input.told().isEmpty());
  }

  @Test
  void countsAnEntryAndItsReturnAsOne() {
    BatchQueue queue = input.queue(4);
    input.record().put(RecordLayout.HEAD_KIND_OFFSET, (byte) RecordLayout.CALL_ENTER);
    queue.append(input.run(QueueInput.RECORD_BYTES));
    input.record().put(RecordLayout.HEAD_KIND_OFFSET, (byte) RecordLayout.CALL);
    queue.append(input.run(QueueInput.RECORD_BYTES));
    queue.publish();
    Batch batch = queue.take().orElseThrow().batch().orElseThrow();
    assertEquals(1, batch.events());
    assertEquals(2 * QueueInput.FRAMED_BYTES, batch.length());
    assertEquals(1, queue.ledger().observed());
  }

  @Test
  void whatTheQueuesShareIsBoundedAndComesBack() {
    QueueMemory memory = new QueueMemory(3);
    BatchQueue stalled = input.queue(100, memory);
    input.append(stalled, 0, 20 * QueueInput.PER_BATCH);
    stalled.publish();
    assertEquals(3, memory.taken());
    assertTrue(stalled.queuedBytes() <= (BatchQueue.MIN_BATCHES + 3L) * SessionLimits.BATCH_BYTES);
    BatchQueue other = input.queue(100, memory);
    input.append(other, 0, 20 * QueueInput.PER_BATCH);
    other.publish();
    // It has those that are its own, and what it drops for want of more is counted.
    assertTrue(other.queuedBytes() > SessionLimits.BATCH_BYTES);
    Ledger ledger = other.ledger();
    assertEquals(20L * QueueInput.PER_BATCH, ledger.queued() + ledger.lost().get(Loss.QUEUE_FULL));
    stalled.abandon();
    assertEquals(0, memory.taken());
    input.append(stalled, 0, 20 * QueueInput.PER_BATCH);
    stalled.publish();
    assertEquals(0, memory.taken(), "nobody reads: it may not take any more");
    other.delivered(other.take().orElseThrow());
    input.append(other, 0, 20 * QueueInput.PER_BATCH);
    other.publish();
    assertEquals(3, memory.taken());
    for (var taken = other.take(); taken.isPresent(); taken = other.take()) {
      other.delivered(taken.get());
    }
    assertEquals(0, memory.taken(), "what is read is given back");
  }
}
