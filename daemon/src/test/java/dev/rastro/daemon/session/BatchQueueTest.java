package dev.rastro.daemon.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.drain.Target;
import dev.rastro.daemon.drain.Wish;
import dev.rastro.daemon.kernel.Run;
import dev.rastro.daemon.session.Session.Delivery;
import dev.rastro.syscalls.plan.Pieces;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BatchQueueTest {

  private static final SyscallTable TABLE = SyscallTable.load(Architecture.X86_64);
  private static final Pieces PIECES = new Pieces(TABLE);
  private static final int WRITE = TABLE.find("write").orElseThrow().number();
  private static final Wish WISH =
      new Wish(
          Target.process(1, false),
          new BitSet(),
          new BitSet(),
          Wish.Outcome.ANY,
          true,
          false,
          false,
          32,
          false);
  private static final int RECORDS = 200_000;
  private static final int RECORD_BYTES = 96;
  private static final int FRAMED_BYTES = 104;
  private static final int PER_BATCH = SessionLimits.BATCH_BYTES / FRAMED_BYTES;

  /** A frame, and the record in it. */
  private final ByteBuffer frame = ByteBuffer.allocate(1 << 17).order(ByteOrder.LITTLE_ENDIAN);

  private final ByteBuffer record =
      frame
          .slice(Run.HEADER_BYTES, frame.capacity() - Run.HEADER_BYTES)
          .order(ByteOrder.LITTLE_ENDIAN);
  private final List<Boolean> told = new ArrayList<>();

  private BatchQueue queue(int batches) {
    return queue(batches, new QueueMemory(batches));
  }

  private BatchQueue queue(int batches, QueueMemory memory) {
    return queue(batches, memory, Overload.DROP_OLDEST, false);
  }

  private BatchQueue queue(int batches, QueueMemory memory, Overload overload, boolean refined) {
    Terms terms = new Terms(SessionLimits.DEFAULT_QUEUE_BYTES, overload, 0, 0, Detail.FULL);
    return new BatchQueue(
        batches * Batch.CAPACITY_BYTES,
        memory,
        new Narrowing(WISH, terms, PIECES),
        refined,
        told::add);
  }

  private void append(BatchQueue queue, int from, int count) {
    for (int i = 0; i < count; i++) {
      record.putLong(RecordLayout.HEAD_TIME_OFFSET, from + i);
      queue.append(run(RECORD_BYTES));
    }
  }

  /** The record, of so many bytes. */
  private Run run(int bytes) {
    frame.putInt(0, bytes);
    return Run.of(frame.slice(0, Run.framed(bytes)).order(ByteOrder.LITTLE_ENDIAN));
  }

  @Test
  void framesRecordsAsTheRingDoes() {
    BatchQueue queue = queue(4);
    int length = RecordLayout.HEAD_BYTES + 5;
    record.putLong(0, 0x1122334455667788L);
    record.putLong(RecordLayout.HEAD_BYTES, -1);
    frame.putInt(4, 0x7777);
    queue.append(run(length));
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
    BatchQueue queue = queue(4);
    for (int pass = 0; pass < 10; pass++) {
      append(queue, pass, 1);
      queue.publish();
    }
    Batch batch = queue.take().orElseThrow().batch().orElseThrow();
    assertEquals(10, batch.events());
    assertEquals(1, batch.firstSequence());
    assertTrue(queue.take().isEmpty());
  }

  @Test
  void closesBatchesAtTheirSize() {
    BatchQueue queue = queue(8);
    append(queue, 0, PER_BATCH + 1);
    queue.publish();
    assertEquals(PER_BATCH, queue.take().orElseThrow().batch().orElseThrow().events());
    assertEquals(1, queue.take().orElseThrow().batch().orElseThrow().events());
  }

  /** Records of different lengths that stand one after the other, as a ring has them. */
  @Test
  void takesRunsApartWhereABatchIsFull() {
    int count = 3000;
    int bytes = 0;
    ByteBuffer frames = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      int length = RECORD_BYTES + i % 70;
      frames.putInt(bytes, length);
      frames.putInt(bytes + 4, 0x7777);
      frames.putLong(bytes + Run.HEADER_BYTES + RecordLayout.HEAD_TIME_OFFSET, i);
      bytes += Run.framed(length);
    }
    BatchQueue queue = queue(100, new QueueMemory(100));
    queue.append(Run.of(frames.slice(0, bytes).order(ByteOrder.LITTLE_ENDIAN)));
    queue.publish();
    assertBalanced(queue.ledger());
    assertEquals(count, queue.ledger().observed());
    int seen = 0;
    for (Optional<Delivery> next = queue.take(); next.isPresent(); next = queue.take()) {
      Batch batch = next.get().batch().orElseThrow();
      assertEquals(seen, batch.firstNanos());
      assertTrue(batch.length() <= SessionLimits.BATCH_BYTES);
      ByteBuffer records = batch.records();
      for (int at = 0; at < batch.length(); at += Run.framed(records.getInt(at))) {
        assertEquals(RECORD_BYTES + seen % 70, records.getInt(at));
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
    BatchQueue queue = queue(4);
    int largest = 96 + (1 << 16);
    queue.append(run(largest));
    queue.publish();
    assertEquals(
        8 + largest, queue.take().orElseThrow().batch().orElseThrow().records().remaining());
  }

  @Test
  void dropsOldestBatchAndTellsTheGap() {
    BatchQueue queue = queue(4);
    append(queue, 0, 10 * PER_BATCH);
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
    BatchQueue queue = queue(4);
    long delivered = 0;
    for (int round = 0; round < 50; round++) {
      append(queue, 0, 1 + round * 37);
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
          assertBalanced(queue.ledger());
          queue.delivered(taken.get());
        }
      }
      assertBalanced(queue.ledger());
    }
    Ledger ledger = queue.ledger();
    assertEquals(50, ledger.filtered());
    assertEquals(delivered, ledger.delivered());
    assertEquals(35, ledger.lost().get(Loss.RING_FULL));
    assertTrue(ledger.lost().get(Loss.QUEUE_FULL) > 0);
    assertEquals(50 + 37 * 49 * 50 / 2 + 50 + 35, ledger.observed());
  }

  private static void assertBalanced(Ledger ledger) {
    assertEquals(
        ledger.observed(),
        ledger.delivered() + ledger.filtered() + ledger.lostEvents() + ledger.queued(),
        ledger::toString);
  }

  @Test
  void tellsLossOfTheRingWhereItHappened() {
    BatchQueue queue = queue(4);
    append(queue, 0, 3);
    queue.lose(new Gap(Loss.RING_FULL, 2, 10, 20));
    queue.lose(new Gap(Loss.RING_FULL, 3, 20, 30));
    append(queue, 40, 1);
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
    BatchQueue queue = queue(4);
    queue.lose(new Gap(Loss.RING_FULL, 2, 10, 20));
    Delivery delivery = queue.take().orElseThrow();
    assertEquals(1, delivery.gaps().size());
    assertTrue(delivery.batch().isEmpty());
    assertTrue(queue.take().isEmpty());
  }

  @Test
  void keepsWhatTookNoEventOutOfTheBalance() {
    BatchQueue queue = queue(4);
    queue.lose(new Gap(Loss.ENTRY_BYTES, 7, 10, 20));
    assertEquals(0, queue.ledger().observed());
    assertEquals(Map.of(Loss.ENTRY_BYTES, 7L), queue.ledger().lost());
    assertBalanced(queue.ledger());
  }

  @Test
  void doesNotTouchWhatWasDetached() {
    BatchQueue queue = queue(4);
    append(queue, 1, 1);
    queue.publish();
    Delivery taken = queue.take().orElseThrow();
    Batch batch = taken.batch().orElseThrow();
    int length = batch.length();
    byte[] sent = batch.detach();
    byte[] copy = sent.clone();
    queue.delivered(taken);
    append(queue, 77, 20 * PER_BATCH);
    queue.publish();
    assertArrayEquals(copy, sent);
    assertEquals(FRAMED_BYTES, length);
  }

  @Test
  void saysUrgentOnlyWhenAWholeBatchIsThere() {
    BatchQueue queue = queue(4);
    append(queue, 0, 1);
    queue.publish();
    assertEquals(List.of(false), told);
    append(queue, 1, 2 * PER_BATCH);
    queue.publish();
    assertTrue(told.get(told.size() - 1));
    assertFalse(told.isEmpty());
  }

  @Test
  void countsAnEntryAndItsReturnAsOne() {
    BatchQueue queue = queue(4);
    record.put(RecordLayout.HEAD_KIND_OFFSET, (byte) RecordLayout.CALL_ENTER);
    queue.append(run(RECORD_BYTES));
    record.put(RecordLayout.HEAD_KIND_OFFSET, (byte) RecordLayout.CALL);
    queue.append(run(RECORD_BYTES));
    queue.publish();
    Batch batch = queue.take().orElseThrow().batch().orElseThrow();
    assertEquals(1, batch.events());
    assertEquals(2 * FRAMED_BYTES, batch.length());
    assertEquals(1, queue.ledger().observed());
  }

  @Test
  void whatTheQueuesShareIsBoundedAndComesBack() {
    QueueMemory memory = new QueueMemory(3);
    BatchQueue stalled = queue(100, memory);
    append(stalled, 0, 20 * PER_BATCH);
    stalled.publish();
    assertEquals(3, memory.taken());
    assertTrue(stalled.queuedBytes() <= (BatchQueue.MIN_BATCHES + 3L) * SessionLimits.BATCH_BYTES);
    BatchQueue other = queue(100, memory);
    append(other, 0, 20 * PER_BATCH);
    other.publish();
    // It has those that are its own, and what it drops for want of more is counted.
    assertTrue(other.queuedBytes() > SessionLimits.BATCH_BYTES);
    Ledger ledger = other.ledger();
    assertEquals(20L * PER_BATCH, ledger.queued() + ledger.lost().get(Loss.QUEUE_FULL));
    stalled.abandon();
    assertEquals(0, memory.taken());
    append(stalled, 0, 20 * PER_BATCH);
    stalled.publish();
    assertEquals(0, memory.taken(), "nobody reads: it may not take any more");
    other.delivered(other.take().orElseThrow());
    append(other, 0, 20 * PER_BATCH);
    other.publish();
    assertEquals(3, memory.taken());
    for (var taken = other.take(); taken.isPresent(); taken = other.take()) {
      other.delivered(taken.get());
    }
    assertEquals(0, memory.taken(), "what is read is given back");
  }

  /** A call of umask with a buffer: the record of {@code write}, say, but for its number. */
  private Run call(int number, long nanos, int dataBytes) {
    record.putLong(RecordLayout.HEAD_TIME_OFFSET, nanos);
    record.putInt(RecordLayout.HEAD_NR_OFFSET, number);
    record.put(RecordLayout.HEAD_KIND_OFFSET, (byte) RecordLayout.CALL);
    record.putLong(RecordLayout.CALL_RESULT_OFFSET, nanos % 2 == 0 ? dataBytes : -2);
    int segment = RecordLayout.CALL_BYTES;
    record.putInt(segment + RecordLayout.SEGMENT_LENGTH_OFFSET, dataBytes);
    record.put(segment + RecordLayout.SEGMENT_ARG_OFFSET, (byte) 1);
    record.put(segment + RecordLayout.SEGMENT_KIND_OFFSET, (byte) RecordLayout.BYTES);
    return run(segment + RecordLayout.SEGMENT_HEAD_BYTES + ((dataBytes + 7) & ~7));
  }

  @Test
  void tellsLessOfEachAsItFillsAndCountsWhenFull() {
    int calls = 40_000;
    BatchQueue queue = queue(8, new QueueMemory(8), Overload.DEGRADE, false);
    for (int i = 0; i < calls; i++) {
      queue.append(call(WRITE, i, 64));
      if (i % 50 == 0) {
        queue.publish();
        assertBalanced(queue.ledger());
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
      assertBalanced(queue.ledger());
    }
    List<Detail> inOrder = details.stream().distinct().toList();
    assertEquals(List.of(Detail.FULL, Detail.NO_BUFFERS, Detail.NO_ARGUMENTS), inOrder);
    assertEquals(calls, events + counts.total());
    assertEquals(counts.total(), counts.calls(WRITE));
    assertTrue(Math.abs(counts.total() - 2 * counts.errors(WRITE)) <= 1);
    assertEquals(calls - 1, counts.toNanos());
    assertEquals(calls, queue.ledger().delivered());
    queue.append(call(WRITE, calls, 64));
    queue.publish();
    queue.append(call(WRITE, calls, 64));
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
            1 << 20, new QueueMemory(8), new Narrowing(WISH, terms, PIECES), false, told::add);
    queue.append(call(WRITE, 2, 64));
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
    BatchQueue queue = queue(4, new QueueMemory(0), Overload.DROP_OLDEST, true);
    Screen screen = new Screen(0, Set.of(), bits(77), List.of(), false);
    Refinement refinement =
        new Refinement(Optional.empty(), Optional.of(CallFilter.of(screen, 32, false, TABLE)));
    int calls = 100_000;
    for (int i = 0; i < calls; i++) {
      record.putLong(RecordLayout.CALL_ARGS_OFFSET, i % 1000 == 0 ? 77 : 5);
      queue.append(call(WRITE, i, 0));
      if (i % 100 == 0) {
        queue.publish();
        while (queue.refine(refinement)) {
          assertBalanced(queue.ledger());
        }
      }
    }
    queue.lose(new Gap(Loss.RING_FULL, 3, 1, 2));
    while (queue.refine(refinement)) {
      assertBalanced(queue.ledger());
    }
    Delivery delivery = queue.take().orElseThrow();
    assertEquals(100, delivery.batch().orElseThrow().events());
    assertEquals(1, delivery.batch().orElseThrow().firstSequence());
    queue.delivered(delivery);
    assertEquals(3, queue.take().orElseThrow().gaps().get(0).count());
    assertEquals(Map.of(FilterPart.DESCRIPTOR, calls - 100L), queue.ledger().filteredBy());
    assertFalse(queue.hasOverflowed());
    assertBalanced(queue.ledger());
  }

  @Test
  void copyingAndLeavingOutAllocateNothing() {
    for (Detail detail : List.of(Detail.FULL, Detail.NO_BUFFERS, Detail.NO_ARGUMENTS)) {
      for (boolean trims : List.of(false, true)) {
        Terms terms = Terms.standard().showing(detail);
        BatchQueue queue =
            new BatchQueue(
                1, new QueueMemory(0), new Narrowing(WISH, terms, PIECES), false, told::add);
        queue.trim(trims);
        pour(queue);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        pour(queue);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        // A little for each batch that is dropped, and nothing for a record.
        assertTrue(allocated < 4L * RECORDS, allocated + " bytes: " + detail + ", " + trims);
      }
    }
  }

  private void pour(BatchQueue queue) {
    Run write = call(WRITE, 0, 200);
    for (int i = 0; i < RECORDS; i++) {
      queue.append(write);
    }
    queue.publish();
    told.clear();
  }

  private static BitSet bits(int bit) {
    BitSet bits = new BitSet();
    bits.set(bit);
    return bits;
  }
}
