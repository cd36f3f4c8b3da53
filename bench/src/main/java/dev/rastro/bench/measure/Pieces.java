package dev.rastro.bench.measure;

import dev.rastro.bench.Effort;
import dev.rastro.bench.tool.Cli;
import dev.rastro.bench.tool.Reference;
import dev.rastro.bench.tool.Samples;
import dev.rastro.bench.tool.Table;
import dev.rastro.bench.tool.Target;
import dev.rastro.bench.tool.Tracer;
import dev.rastro.bench.tool.Worker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Pieces of the way alone, under JMH, with what they allocate. */
public final class Pieces {
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  /** The client runs with the first compiler alone (bin/rastro), the daemon with both. */
  private static final String CLIENT = "-XX:TieredStopAtLevel=1";

  private Pieces() {}

  public static List<Table> measure(Effort effort) {
    Table table =
        Table.of(
            "Pieces, under JMH",
            "Nanoseconds and bytes allocated, for each record, line or fold.",
            "piece",
            "ns",
            "bytes allocated",
            "target");
    double reference = consumeInC();
    table.add("C: ring_buffer__consume, a full ring", String.format("%.1f", reference), "–", "–");
    Map<String, RunResult> daemon =
        run(effort, List.of("RingBenchmark", "BatchBenchmark", "FoldBenchmark"), List.of());
    add(table, "daemon: ring read in place", daemon.get("pass"), 1, 1.5 * reference, " ns");
    add(table, "daemon: record copied into a session's batch", daemon.get("append"), 1, 20, " ns");
    add(
        table,
        "daemon: 10,000 kernel counters folded",
        daemon.get("fold10000"),
        1000,
        5_000_000,
        " ns");
    Map<String, RunResult> line = run(effort, List.of("LineBenchmark"), List.of());
    add(table, "line of openat, both compilers", line.get("openat30"), 1, 1000, " ns");
    Map<String, RunResult> client = run(effort, List.of("LineBenchmark"), List.of(CLIENT));
    add(table, "line of openat, first compiler alone", client.get("openat30"), 1, 1000, " ns");
    return List.of(table);
  }

  private static void add(
      Table table, String what, RunResult result, double scale, double limit, String unit) {
    double nanos = result.getPrimaryResult().getScore() * scale;
    double error = result.getPrimaryResult().getScoreError() * scale;
    double bytes = result.getSecondaryResults().get(ALLOCATED).getScore();
    table.add(
        what,
        String.format("%,.1f ± %,.1f", nanos, error),
        String.format("%,.1f", bytes),
        Target.atMost(nanos, limit, unit));
  }

  private static Map<String, RunResult> run(
      Effort effort, List<String> benchmarks, List<String> jvm) {
    OptionsBuilder options = new OptionsBuilder();
    benchmarks.forEach(benchmark -> options.include("\\." + benchmark + "\\."));
    List<String> arguments = new ArrayList<>(jvm);
    arguments.add("-XX:+UseSerialGC");
    options
        .forks(effort.isQuick() ? 1 : 3)
        .warmupIterations(effort.isQuick() ? 2 : 3)
        .warmupTime(TimeValue.milliseconds(500))
        // Of fewer than three there is no error.
        .measurementIterations(effort.isQuick() ? 3 : 10)
        .measurementTime(TimeValue.milliseconds(effort.isQuick() ? 300 : 500))
        .addProfiler("gc")
        .jvmArgsAppend(arguments.toArray(String[]::new))
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
    Map<String, RunResult> found = new HashMap<>();
    try {
      for (RunResult result : new Runner(options.build()).run()) {
        found.put(result.getPrimaryResult().getLabel(), result);
      }
    } catch (RunnerException e) {
      throw new IllegalStateException(e);
    }
    return found;
  }

  /** The same full ring of 96-byte records, read by libbpf. */
  private static double consumeInC() {
    List<Double> nanos = new ArrayList<>();
    try (Reference reference = Reference.load("call");
        Worker worker = Worker.start("getppid")) {
      for (int round = 0; round < 9; round++) {
        reference.fill(worker.pids());
        Worker.Run unused = worker.run(100);
        Tracer.Harvest ignored = reference.end();
        Tracer.Harvest drained = reference.drain();
        nanos.add((double) drained.readerNanos() / drained.records());
        Cli.pass(1);
      }
    }
    return Samples.of(nanos).median();
  }
}
