package dev.rastro.bench.measure;

import dev.rastro.bench.Effort;
import dev.rastro.bench.tool.Cli;
import dev.rastro.bench.tool.Daemon;
import dev.rastro.bench.tool.Reference;
import dev.rastro.bench.tool.Samples;
import dev.rastro.bench.tool.Session;
import dev.rastro.bench.tool.Table;
import dev.rastro.bench.tool.Target;
import dev.rastro.bench.tool.Tracer;
import dev.rastro.bench.tool.Worker;
import java.util.ArrayList;
import java.util.List;

/** What reading the ring takes, live, beside a thread in C that does nothing else. */
public final class DrainCost {
  private static final double LIMIT = 1.5;
  private static final int ROUNDS = 3;

  private DrainCost() {}

  public static List<Table> measure(Effort effort) {
    Table table =
        Table.of(
            "Drain: CPU of the thread that reads the ring",
            "A getppid loop at full speed, rings of 8 MiB, both read each millisecond. The thread in"
                + " C looks at each record and forgets it; the daemon's hands it to a session, which"
                + " copies it into a batch.",
            "reader",
            "records/s, million",
            "CPU ns/record",
            "share of a core",
            "lost",
            "against C",
            "target");
    List<Double> theirs = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    double[] last = new double[6];
    try (Daemon daemon = Daemon.start();
        Reference reference = Reference.load("call");
        Worker worker = Worker.start("getppid")) {
      Session session = Session.packed(daemon.connection());
      for (int round = 0; round <= ROUNDS; round++) {
        reference.begin(worker.pids());
        Worker.Run run = worker.run(1000 * effort.seconds() / 2);
        Tracer.Harvest harvest = reference.end();
        last[0] = harvest.records() * 1e3 / run.nanos();
        last[1] = (double) harvest.readerNanos() / run.nanos();
        last[2] = harvest.lost();
        session.begin(worker.pids());
        long before = daemon.drainNanos();
        run = worker.run(1000 * effort.seconds() / 2);
        long nanos = daemon.drainNanos() - before;
        session.settle();
        Tracer.Harvest kept = session.end();
        last[3] = run.calls() * 1e3 / run.nanos();
        last[4] = (double) nanos / run.nanos();
        last[5] = kept.lost();
        // The first round is the compilers'.
        if (round > 0) {
          theirs.add((double) harvest.readerNanos() / harvest.records());
          ours.add((double) nanos / run.calls());
        }
      }
    }
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(ours.get(i) / theirs.get(i));
    }
    Samples ratio = Samples.of(ratios);
    table.add(
        "C, libbpf",
        String.format("%.2f", last[0]),
        Samples.of(theirs).show("%.1f"),
        String.format("%.1f %%", 100 * last[1]),
        String.format("%,.0f", last[2]),
        "1",
        "–");
    table.add(
        "rastrod, thread drain",
        String.format("%.2f", last[3]),
        Samples.of(ours).show("%.1f"),
        String.format("%.1f %%", 100 * last[4]),
        String.format("%,.0f", last[5]),
        ratio.show("%.2f"),
        Target.atMost(ratio.median(), LIMIT, " × C"));
    return List.of(table, idle(effort));
  }

  private static Table idle(Effort effort) {
    Table table =
        Table.of(
            "Drain: idle",
            "How often the drain thread goes to sleep in a second, and the daemon's CPU time in it.",
            "state",
            "sleeps/s",
            "CPU ms/s",
            "target");
    long seconds = effort.seconds();
    try (Daemon daemon = Daemon.start();
        Worker worker = Worker.start("getppid")) {
      Cli.pass(2000);
      idle(table, "no session", daemon, seconds, 5);
      Session session = Session.packed(daemon.connection());
      session.begin(worker.pids());
      Cli.pass(1000);
      idle(table, "a session, its target asleep", daemon, seconds, 20);
      Tracer.Harvest unused = session.end();
    }
    return table;
  }

  private static void idle(Table table, String state, Daemon daemon, long seconds, double limit) {
    long sleeps = daemon.drainSleeps();
    long cpu = daemon.cpuNanos();
    Cli.pass(1000 * seconds);
    double perSecond = (double) (daemon.drainSleeps() - sleeps) / seconds;
    table.add(
        state,
        String.format("%.1f", perSecond),
        String.format("%.2f", (daemon.cpuNanos() - cpu) / 1e6 / seconds),
        Target.atMost(perSecond, limit, "/s"));
  }
}
