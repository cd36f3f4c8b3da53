package dev.rastro.daemon.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A full ring of 96-byte records, looked at one by one; what the ring costs without a kernel. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RingBenchmark {
  private static final int RING_BYTES = 8 << 20;
  private static final int RECORD_BYTES = 96;
  private static final int RECORDS = 80_000;

  private final ByteBuffer consumer = words(4096);
  private final ByteBuffer producer = words(4096);
  private final ByteBuffer data = words(2 * RING_BYTES);
  private long sum;

  public RingBenchmark() {
    int step = Run.HEADER_BYTES + RECORD_BYTES;
    for (int at = 0; at + step <= data.capacity(); at += step) {
      data.putInt(at, RECORD_BYTES);
    }
  }

  /** Begins at position 0 each time, as the frames are laid out from there. */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public long pass() {
    consumer.putLong(0, 0);
    producer.putLong(0, (long) RECORDS * (Run.HEADER_BYTES + RECORD_BYTES));
    Rings fresh = new Rings(List.of(new RingBuffer(consumer, producer, data, 0)));
    int handed =
        fresh.pass(
            run -> run.forEach((bytes, offset, length) -> sum += bytes.getInt(offset + 20)),
            RECORDS);
    return sum + handed;
  }

  private static ByteBuffer words(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
