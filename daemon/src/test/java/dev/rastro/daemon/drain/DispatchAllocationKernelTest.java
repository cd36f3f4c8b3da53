package dev.rastro.daemon.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.rastro.bpf.CaptureObject;
import dev.rastro.daemon.aggregate.Aggregator;
import dev.rastro.daemon.kernel.Capture;
import dev.rastro.daemon.kernel.CaptureOptions;
import dev.rastro.daemon.kernel.KernelFilter;
import dev.rastro.daemon.kernel.LossCause;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tagged because a session cannot be opened without the kernel; the records are synthetic. */
@Tag("kernel")
final class DispatchAllocationKernelTest {
  private static final int RECORDS = 1_000_000;

  /** The measurement itself allocates a little. */
  private static final long SLACK_BYTES = 4096;

  @Test
  void aMillionRecordsAllocateNothing() throws Exception {
    SyscallTable table = SyscallTable.load(Architecture.current());
    Process child = new ProcessBuilder("cat").start();
    try (Drain drain = Drain.start(open(), table);
        Capture capture = open()) {
      Sessions sessions = new Sessions(capture, new Aggregator(), new Plans(capture, table));
      Counter counter = new Counter();
      Wish wish =
          new Wish(
              Target.process((int) child.pid(), true),
              new BitSet(),
              new BitSet(),
              Wish.Outcome.ANY,
              true,
              false,
              true,
              32,
              false);
      Watch watch = sessions.open(drain, wish, counter, System.nanoTime());
      ByteBuffer record = call(1L << watch.bit);
      pour(sessions, record);
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long thread = Thread.currentThread().getId();
      long before = threads.getThreadAllocatedBytes(thread);
      pour(sessions, record);
      long allocated = threads.getThreadAllocatedBytes(thread) - before;
      assertTrue(allocated < SLACK_BYTES, allocated + " bytes for a million records");
      assertEquals(2L * RECORDS, counter.records);
      assertEquals(2L * RECORDS, watch.books().observed());
    } finally {
      child.destroyForcibly();
    }
  }

  private static Capture open() throws Exception {
    return Capture.open(CaptureObject.read(), CaptureOptions.defaults().withRingBytes(1 << 16));
  }

  /** Calls, with an execution and the end of a thread now and then. */
  private static void pour(Sessions sessions, ByteBuffer record) {
    for (int i = 0; i < RECORDS; i++) {
      int kind = i % 100 == 0 ? RecordLayout.EXEC : RecordLayout.CALL;
      record.put(RecordLayout.HEAD_KIND_OFFSET, (byte) (i % 100 == 1 ? RecordLayout.EXIT : kind));
      sessions.record(record, 0, RecordLayout.EXEC_BYTES, 0, 1L << 40);
    }
  }

  private static ByteBuffer call(long sessions) {
    ByteBuffer record =
        ByteBuffer.allocateDirect(RecordLayout.EXEC_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(RecordLayout.HEAD_SESSIONS_OFFSET, sessions);
    record.putInt(RecordLayout.HEAD_TGID_OFFSET, 4_000_000);
    record.putInt(RecordLayout.HEAD_TID_OFFSET, 4_000_001);
    record.putInt(RecordLayout.EXEC_OLD_TID_OFFSET, 4_000_001);
    return record;
  }

  private static final class Counter implements Subscriber {
    private long records;

    @Override
    public void onRecord(ByteBuffer ring, int offset, int length) {
      records++;
    }

    @Override
    public void onLoss(LossCause cause, long count, long fromNanos, long toNanos) {}

    @Override
    public void onFiltered(KernelFilter filter, long count) {}

    @Override
    public void onTick(long nowNanos) {}

    @Override
    public void onTargetEnded() {}

    @Override
    public void onClosed(Books books) {}
  }
}
