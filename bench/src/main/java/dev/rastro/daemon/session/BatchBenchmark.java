package dev.rastro.daemon.session;

import dev.rastro.daemon.drain.Target;
import dev.rastro.daemon.drain.Wish;
import dev.rastro.daemon.kernel.Run;
import dev.rastro.syscalls.plan.Pieces;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A pass's records of 96 bytes into a session's queue, which a stream empties. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BatchBenchmark {
  private static final int RECORD_BYTES = 96;
  private static final int RECORDS = 1024;
  private static final Wish WISH =
      new Wish(
          Target.everyone(),
          new BitSet(),
          new BitSet(),
          Wish.Outcome.ANY,
          true,
          false,
          false,
          32,
          false);

  private final Run run = Run.of(frames());
  private final BatchQueue queue =
      new BatchQueue(
          SessionLimits.DEFAULT_QUEUE_BYTES,
          QueueMemory.ofAllSessions(),
          new Narrowing(WISH, Terms.standard(), new Pieces(SyscallTable.load(Architecture.X86_64))),
          false,
          urgent -> {});

  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public long append() {
    for (int i = 0; i < RECORDS; i += run.records()) {
      queue.append(run);
    }
    queue.publish();
    long events = 0;
    for (Optional<Session.Delivery> next = queue.take(); next.isPresent(); next = queue.take()) {
      events += next.get().batch().orElseThrow().events();
      queue.delivered(next.get());
    }
    return events;
  }

  /** As many as a run has at most. */
  private static ByteBuffer frames() {
    int step = Run.framed(RECORD_BYTES);
    ByteBuffer frames = ByteBuffer.allocateDirect(256 * step).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < frames.capacity(); at += step) {
      frames.putInt(at, RECORD_BYTES);
    }
    return frames;
  }
}
