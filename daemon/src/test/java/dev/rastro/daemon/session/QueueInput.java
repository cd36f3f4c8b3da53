package dev.rastro.daemon.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.drain.Target;
import dev.rastro.daemon.drain.Wish;
import dev.rastro.daemon.kernel.Run;
import dev.rastro.syscalls.plan.Pieces;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Queues, and records to put into them as the drain does. */
final class QueueInput {
  static final SyscallTable TABLE = SyscallTable.load(Architecture.X86_64);
  static final Pieces PIECES = new Pieces(TABLE);
  static final Wish WISH =
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
  static final int RECORD_BYTES = 96;
  static final int FRAMED_BYTES = 104;
  static final int PER_BATCH = SessionLimits.BATCH_BYTES / FRAMED_BYTES;

  /** A frame, and the record in it. */
  private final ByteBuffer frame = ByteBuffer.allocate(1 << 17).order(ByteOrder.LITTLE_ENDIAN);

  private final ByteBuffer record =
      frame
          .slice(Run.HEADER_BYTES, frame.capacity() - Run.HEADER_BYTES)
          .order(ByteOrder.LITTLE_ENDIAN);
  private final List<Boolean> told = new ArrayList<>();

  BatchQueue queue(int batches) {
    return queue(batches, new QueueMemory(batches));
  }

  BatchQueue queue(int batches, QueueMemory memory) {
    return queue(batches, memory, Overload.DROP_OLDEST, false);
  }

  BatchQueue queue(int batches, QueueMemory memory, Overload overload, boolean refined) {
    Terms terms = new Terms(SessionLimits.DEFAULT_QUEUE_BYTES, overload, 0, 0, Detail.FULL);
    return new BatchQueue(
        batches * Batch.CAPACITY_BYTES,
        memory,
        new Narrowing(WISH, terms, PIECES),
        refined,
        told::add);
  }

  void append(BatchQueue queue, int from, int count) {
    for (int i = 0; i < count; i++) {
      record.putLong(RecordLayout.HEAD_TIME_OFFSET, from + i);
      queue.append(run(RECORD_BYTES));
    }
  }

  /** The record, of so many bytes. */
  Run run(int bytes) {
    frame.putInt(0, bytes);
    return Run.of(frame.slice(0, Run.framed(bytes)).order(ByteOrder.LITTLE_ENDIAN));
  }

  /** A call of umask with a buffer: the record of {@code write}, say, but for its number. */
  Run call(int number, long nanos, int dataBytes) {
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

  static void assertBalanced(Ledger ledger) {
    assertEquals(
        ledger.observed(),
        ledger.delivered() + ledger.filtered() + ledger.lostEvents() + ledger.queued(),
        ledger::toString);
  }

  ByteBuffer frame() {
    return frame;
  }

  ByteBuffer record() {
    return record;
  }

  /** What the queues have said to be there: whether it is urgent. */
  List<Boolean> told() {
    return told;
  }
}
