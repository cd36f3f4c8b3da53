package dev.rastro.bench.measure;

import dev.rastro.bench.Effort;
import dev.rastro.bench.tool.Daemon;
import dev.rastro.bench.tool.Perf;
import dev.rastro.bench.tool.Session;
import dev.rastro.bench.tool.Table;
import dev.rastro.bench.tool.Tracer;
import dev.rastro.bench.tool.Worker;
import java.util.List;

/** Where the time goes: in the traced program, and in the thread that reads what it does. */
public final class Profile {
  private static final int FUNCTIONS = 12;
  private static final long RATE = 1_000_000;
  private static final long WARM_UP_MILLIS = 5_000;

  private Profile() {}

  public static List<Table> measure(Effort effort) {
    if (!Perf.isInstalled()) {
      throw new IllegalStateException("perf is missing: run bench/setup");
    }
    try (Daemon daemon = Daemon.start("--ring-bytes", "64M")) {
      return List.of(program(daemon, effort.seconds() / 2), drain(daemon, effort.seconds() / 2));
    }
  }

  private static Table program(Daemon daemon, long seconds) {
    Table table =
        table(
            "Profile: a traced program",
            "One that reads and writes a byte at full speed, 128 bytes of each buffer captured.");
    try (Worker worker = Worker.start("byte")) {
      Session session = Session.packed(daemon.connection()).withBytes(128);
      session.begin(worker.pids());
      worker.begin(1000 * (seconds + 2));
      String pid = Integer.toString(worker.pids().get(0));
      fill(table, Perf.top(List.of("-p", pid), 0, seconds, FUNCTIONS));
      Worker.Run unusedRun = worker.finish();
      Tracer.Harvest unusedHarvest = session.end();
    }
    return table;
  }

  private static Table drain(Daemon daemon, long seconds) {
    Table table =
        table(
            "Profile: the thread that reads the rings",
            String.format("A getppid loop held at %,d calls a second, one packed stream.", RATE));
    try (Worker worker = Worker.start("getppid")) {
      Session session = Session.packed(daemon.connection());
      session.begin(worker.pids());
      // Compilers first.
      Worker.Run unusedRun = worker.pace(RATE, WARM_UP_MILLIS);
      worker.beginPace(RATE, 1000 * (seconds + 2));
      String tid = Long.toString(daemon.drainThread());
      fill(table, Perf.top(List.of("-t", tid), daemon.pid(), seconds, FUNCTIONS));
      unusedRun = worker.finish();
      Tracer.Harvest unusedHarvest = session.end();
    }
    return table;
  }

  private static Table table(String title, String note) {
    return Table.of(title, note, "share of its time", "where", "function");
  }

  private static void fill(Table table, List<Perf.Share> shares) {
    for (Perf.Share share : shares) {
      table.add(
          String.format("%.1f %%", share.percent()),
          share.kernel() ? "kernel" : "user",
          "`" + share.symbol() + "`");
    }
  }
}
