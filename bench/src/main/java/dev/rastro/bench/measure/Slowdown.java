package dev.rastro.bench.measure;

import dev.rastro.bench.Effort;
import dev.rastro.bench.tool.Cli;
import dev.rastro.bench.tool.Daemon;
import dev.rastro.bench.tool.Peers;
import dev.rastro.bench.tool.Peers.Peer;
import dev.rastro.bench.tool.Reference;
import dev.rastro.bench.tool.Rounds;
import dev.rastro.bench.tool.Samples;
import dev.rastro.bench.tool.Session;
import dev.rastro.bench.tool.Table;
import dev.rastro.bench.tool.Tracer;
import dev.rastro.bench.tool.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How much slower programs become, under Rastro and under what else there is. */
public final class Slowdown {
  private static final List<String> WORKLOADS =
      List.of("getppid", "byte", "file", "write128", "write4096", "pingpong", "spawn");

  /** Those that tracers start, or that are started beside them. */
  private static final List<String> STARTED =
      List.of("getppid", "byte", "file", "pingpong", "spawn");

  private Slowdown() {}

  public static List<Table> measure(Effort effort) {
    try (Daemon daemon = Daemon.start()) {
      return List.of(attached(daemon, effort), started(daemon, effort));
    }
  }

  /** Tracers that come to a program that runs. */
  private static Table attached(Daemon daemon, Effort effort) {
    Table table =
        Table.of(
            "Slowdown by workload",
            "Time of an operation against untraced, as a factor; the yardstick in C with and"
                + " without 128 bytes of buffers, Rastro's packed stream with as much, and its"
                + " counters alone.",
            "workload",
            "untraced ns/op",
            "C: call",
            "C: bytes",
            "Rastro: packed",
            "Rastro: count");
    try (Reference call = Reference.load("call");
        Reference bytes = Reference.load("bytes")) {
      Tracer nobody = Tracer.nobody();
      Session packed = Session.packed(daemon.connection()).withBytes(128);
      Session counting = Session.counting(daemon.connection());
      for (String workload : WORKLOADS) {
        try (Worker worker = Worker.start(workload)) {
          Rounds rounds =
              Rounds.run(
                  worker,
                  List.of(nobody, call, bytes, packed, counting),
                  Math.max(3, effort.rounds() / 2),
                  effort.millis());
          table.add(
              workload,
              String.format("%,.0f", rounds.operationNanos(nobody).median()),
              factor(rounds, call),
              factor(rounds, bytes),
              factor(rounds, packed),
              factor(rounds, counting));
        }
      }
    }
    return table;
  }

  private static String factor(Rounds rounds, Tracer tracer) {
    return rounds.factor(tracer).show("%.2f");
  }

  /** Tracers that start the program. */
  private static Table started(Daemon daemon, Effort effort) {
    List<Peer> peers = Peers.installed(daemon.socket().toString());
    List<String> columns = new ArrayList<>(List.of("workload", "untraced ns/op"));
    peers.forEach(peer -> columns.add(peer.name()));
    List<Peer> counters = Peers.installedCounters();
    counters.forEach(counter -> columns.add(counter.name()));
    Table table =
        Table.of(
            "Slowdown against other tracers",
            "Time of an operation against untraced, as a factor; each tracer's own command starts"
                + " the program and writes to /dev/null. The last but -e connect are asked for all"
                + " calls.",
            columns.toArray(String[]::new));
    List<Map<String, Double>> counted =
        counters.stream().map(counter -> beside(counter.prefix(), effort)).toList();
    for (String workload : STARTED) {
      List<String> cells = new ArrayList<>();
      double untraced = median(List.of(), workload, effort);
      cells.add(workload);
      cells.add(String.format("%,.0f", untraced));
      for (Peer peer : peers) {
        cells.add(String.format("%.1f", median(peer.prefix(), workload, effort) / untraced));
      }
      for (Map<String, Double> nanos : counted) {
        cells.add(String.format("%.1f", nanos.get(workload) / untraced));
      }
      table.add(cells.toArray(String[]::new));
    }
    return table;
  }

  private static double median(List<String> tool, String workload, Effort effort) {
    int times = effort.isQuick() ? 1 : 5;
    long millis = effort.isQuick() ? 200 : 600;
    double[] nanos = new double[times];
    for (int i = 0; i < times; i++) {
      nanos[i] = Worker.under(tool, workload, millis).operationNanos();
    }
    return Samples.of(nanos).median();
  }

  /**
   * Nanoseconds of each, with a tracer that looks at everybody and is there before the programs.
   */
  private static Map<String, Double> beside(List<String> tool, Effort effort) {
    Process tracer = Cli.start(tool, Map.of());
    try {
      Cli.pass(2000);
      return STARTED.stream()
          .collect(Collectors.toMap(name -> name, name -> median(List.of(), name, effort)));
    } finally {
      tracer.destroy();
      Cli.await(tracer);
    }
  }
}
