package dev.rastro.daemon.kernel;

import com.sun.jna.Memory;
import dev.rastro.bpf.CaptureObject;
import dev.rastro.daemon.aggregate.Aggregator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** 10,000 of the kernel's counters, 500 processes with 20 calls each, taken over by the daemon. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FoldBenchmark {
  private static final int ENTRIES = 10_000;
  private static final int CALLS = 20;

  /** Past what the kernel gives out. */
  private static final int FIRST_PID = 5_000_000;

  private final Aggregator aggregator = new Aggregator();
  private LoadedObject object;
  private CounterMap counters;
  private CounterMap errors;

  @Setup(Level.Trial)
  public void fill() throws CaptureException {
    object = LoadedObject.load(CaptureObject.read(), CaptureOptions.defaults());
    KernelMap map = object.map("counters");
    int cpus = object.possibleCpus();
    int stride = (map.valueBytes() + 7) & ~7;
    try (Memory key = new Memory(map.keyBytes());
        Memory value = new Memory((long) stride * cpus)) {
      value.clear();
      for (int cpu = 0; cpu < cpus; cpu++) {
        value.setLong((long) stride * cpu + ControlLayout.COUNTER_CALLS, 1);
        value.setLong((long) stride * cpu + ControlLayout.COUNTER_TIMED, 1);
        for (int bucket = 10; bucket < 18; bucket++) {
          value.setInt((long) stride * cpu + ControlLayout.COUNTER_HISTOGRAM + 4L * bucket, 1);
        }
      }
      for (int i = 0; i < ENTRIES; i++) {
        key.setLong(ControlLayout.KEY_START, 1 + i / CALLS);
        key.setInt(ControlLayout.KEY_TGID, FIRST_PID + i / CALLS);
        key.setInt(ControlLayout.KEY_SLOT, i % CALLS);
        if (Libbpf.bpf_map_update_elem(map.fd(), key, value, Libbpf.BPF_ANY) != 0) {
          throw new IllegalStateException("the map took " + i + " entries");
        }
      }
    }
    counters = new CounterMap(map, cpus);
    errors = new CounterMap(object.map("errors"), 1);
  }

  @Benchmark
  public int fold10000() {
    return aggregator.fold(counters, errors, tgid -> 0);
  }

  @TearDown(Level.Trial)
  public void close() {
    object.close();
  }
}
