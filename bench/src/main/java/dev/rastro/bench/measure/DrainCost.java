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
  private static final long RATE = 1_000_000;

  private DrainCost() {}

  public static List<Table> measure(Effort effort) {
    Table table =
        Table.of(
            "Drain: CPU of the thread that reads the rings",
            "A getppid loop held at a million calls a second, rings of 8 MiB. One thread in C looks at each record and"
                + " forgets it, another copies it, as the daemon does for its session; both look"
                + " once a millisecond.",
            "reader",
            "records/s, million",
            "CPU ns/record",
            "share of a core",
            "lost",
            "Rastro / this",
            "target");
    try (Daemon daemon = Daemon.start();
        Reference reference = Reference.load("call");
        Worker worker = Worker.start("getppid")) {
      Session session = Session.packed(daemon.connection());
      Reader looking = new Reader("C, looks at each");
      Reader copying = new Reader("C, copies each");
      Reader ours = new Reader("rastrod, thread drain");
      long millis = 1000 * effort.seconds() / 2;
      for (int round = 0; round <= ROUNDS; round++) {
        reference.begin(worker.pids());
        Worker.Run run = worker.pace(RATE, millis);
        looking.add(run, reference.end());
        reference.beginCopying(worker.pids());
        run = worker.pace(RATE, millis);
        copying.add(run, reference.end());
        session.begin(worker.pids());
        long before = daemon.drainNanos();
        run = worker.pace(RATE, millis);
        long nanos = daemon.drainNanos() - before;
        session.settle();
        Tracer.Harvest kept = session.end();
        ours.add(run, new Tracer.Harvest(run.calls(), kept.lost(), nanos));
      }
      looking.row(table, ours);
      copying.row(table, ours);
      ours.row(table, ours);
    }
    return List.of(table, idle(effort));
  }

  /** One way of reading, round by round. */
  private static final class Reader {
    private final String name;
    private final List<Double> nanos = new ArrayList<>();
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> shares = new ArrayList<>();
    private long lost;
    private boolean warm;

    Reader(String name) {
      this.name = name;
    }

    /** The first round is the compilers'. */
    void add(Worker.Run run, Tracer.Harvest harvest) {
      if (warm) {
        nanos.add((double) harvest.readerNanos() / harvest.records());
        rates.add(run.calls() * 1e3 / run.nanos());
        shares.add(100.0 * harvest.readerNanos() / run.nanos());
        lost += harvest.lost();
      }
      warm = true;
    }

    void row(Table table, Reader ours) {
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < nanos.size(); i++) {
        ratios.add(ours.nanos.get(i) / nanos.get(i));
      }
      Samples ratio = Samples.of(ratios);
      table.add(
          name,
          Samples.of(rates).show("%.2f"),
          Samples.of(nanos).show("%.1f"),
          Samples.of(shares).show("%.1f %%"),
          String.format("%,d", lost),
          this == ours ? "–" : ratio.show("%.2f"),
          this == ours ? "–" : Target.atMost(ratio.median(), LIMIT, " × C"));
    }
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
