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
import dev.rastro.daemon.kernel.Run;
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
      long bit = 1L << watch.bit;
      Run[] runs = {
        run(RecordLayout.CALL, 7, bit),
        run(RecordLayout.EXEC, 1, bit),
        run(RecordLayout.CALL, 1, bit),
        run(RecordLayout.EXIT, 1, bit)
      };
      pour(sessions, runs);
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long thread = Thread.currentThread().getId();
      long before = threads.getThreadAllocatedBytes(thread);
      pour(sessions, runs);
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
  private static void pour(Sessions sessions, Run[] runs) {
    for (int records = 0; records < RECORDS; ) {
      for (Run run : runs) {
        sessions.run(run);
        records += run.records();
      }
    }
  }

  private static Run run(int kind, int records, long sessions) {
    int step = Run.framed(RecordLayout.EXEC_BYTES);
    ByteBuffer data = ByteBuffer.allocateDirect(records * step).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < data.capacity(); at += step) {
      data.putInt(at, RecordLayout.EXEC_BYTES);
      int record = at + Run.HEADER_BYTES;
      data.putLong(record + RecordLayout.HEAD_SESSIONS_OFFSET, sessions);
      data.putInt(record + RecordLayout.HEAD_TGID_OFFSET, 4_000_000);
      data.putInt(record + RecordLayout.HEAD_TID_OFFSET, 4_000_001);
      data.put(record + RecordLayout.HEAD_KIND_OFFSET, (byte) kind);
      data.putInt(record + RecordLayout.EXEC_OLD_TID_OFFSET, 4_000_001);
    }
    return Run.of(data);
  }

  private static final class Counter implements Subscriber {
    private long records;

    @Override
    public void onRecords(Run run) {
      records += run.records();
    }

    @Override
    public void onLoss(LossCause cause, long count, long fromNanos, long toNanos) {}

    @Override
    public void onFiltered(KernelFilter filter, long count) {}

    @Override
    public void onWithheld(int tgid, long nanos) {}

    @Override
    public void onTick(long nowNanos) {}

    @Override
    public void onTargetEnded() {}

    @Override
    public void onClosed(Books books) {}
  }
}
