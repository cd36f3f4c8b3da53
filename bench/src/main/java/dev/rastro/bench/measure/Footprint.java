package dev.rastro.bench.measure;

import dev.rastro.bench.Effort;
import dev.rastro.bench.tool.Cli;
import dev.rastro.bench.tool.Daemon;
import dev.rastro.bench.tool.Session;
import dev.rastro.bench.tool.Table;
import dev.rastro.bench.tool.Target;
import dev.rastro.bench.tool.Tracer;
import dev.rastro.bench.tool.Worker;
import java.util.List;
import java.util.stream.IntStream;

/** What the daemon holds of memory: idle, and with twenty streams at full rate. */
public final class Footprint {
  private static final int STREAMS = 20;
  private static final int SOAK_MINUTES = 30;

  private Footprint() {}

  public static List<Table> measure(Effort effort) {
    Table table =
        Table.of(
            "Memory of the daemon",
            "Resident set, in MB of 2^20 bytes. "
                + STREAMS
                + " packed streams of one getppid loop.",
            "state",
            "MB",
            "kernel maps MB",
            "target");
    try (Daemon daemon = Daemon.start();
        Worker worker = Worker.start("getppid")) {
      // What the start took is given back after ten seconds.
      Cli.pass(12_000);
      row(table, "idle", daemon, 110);
      List<Session> sessions =
          IntStream.range(0, STREAMS).mapToObj(i -> Session.packed(daemon.connection())).toList();
      sessions.forEach(session -> session.begin(worker.pids()));
      int steps = effort.isQuick() ? 3 : 10;
      long stepMillis = effort.isQuick() ? 2000 : SOAK_MINUTES * 60_000L / steps;
      for (int step = 1; step <= steps; step++) {
        Worker.Run unused = worker.run(stepMillis);
        row(table, "20 streams, after " + step * stepMillis / 1000 + " s", daemon, 200);
      }
      sessions.forEach(
          session -> {
            Tracer.Harvest unused = session.end();
          });
      // Long enough for what queues grew to to be given back, or too short for it.
      int seconds = effort.isQuick() ? 1 : 20;
      Cli.pass(seconds * 1000L);
      row(table, "idle again, after " + seconds + " s", daemon, 200);
    }
    return List.of(table);
  }

  private static void row(Table table, String state, Daemon daemon, double limit) {
    double resident = daemon.residentMegabytes();
    double maps = daemon.connection().status().getCost().getKernelMapBytes() / (double) (1 << 20);
    table.add(
        state,
        String.format("%.0f", resident),
        String.format("%.1f", maps),
        Target.atMost(resident, limit, " MB"));
  }
}
