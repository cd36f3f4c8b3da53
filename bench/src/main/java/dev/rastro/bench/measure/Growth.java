package dev.rastro.bench.measure;

import dev.rastro.bench.Effort;
import dev.rastro.bench.tool.Cli;
import dev.rastro.bench.tool.Daemon;
import dev.rastro.bench.tool.Rounds;
import dev.rastro.bench.tool.Samples;
import dev.rastro.bench.tool.Session;
import dev.rastro.bench.tool.Table;
import dev.rastro.bench.tool.Tracer;
import dev.rastro.bench.tool.Worker;
import dev.rastro.client.connection.Connection;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.Overload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What a call costs as there is more of everything. */
public final class Growth {
  private Growth() {}

  public static List<Table> measure(Effort effort) {
    List<Table> tables = new ArrayList<>(List.of(payload(effort)));
    try (Daemon daemon = Daemon.start()) {
      tables.add(processes(daemon, effort));
      tables.add(sessions(daemon, effort));
      tables.add(unread(daemon, effort));
      tables.add(exited(daemon, effort));
    }
    return tables;
  }

  private static Table payload(Effort effort) {
    Table table =
        Table.of(
            "Growth: bytes of each buffer",
            "write(2) to /dev/null, all of it captured, up to the limit of 32 KiB a segment, as fast as it"
                + " goes. What the daemon cannot take in time is lost, and told.",
            "bytes",
            "untraced ns",
            "added ns a call",
            "lost");
    try (Daemon daemon = Daemon.start("--ring-bytes", "64M")) {
      for (int bytes : new int[] {1, 32, 128, 1024, 4096, 16384, 32768, 65536}) {
        Session session = Session.packed(daemon.connection()).withBytes(Math.min(bytes, 32768));
        Tracer nobody = Tracer.nobody();
        try (Worker worker = Worker.start("write" + bytes)) {
          Rounds rounds = rounds(worker, nobody, session, effort);
          table.add(
              String.format("%,d", bytes),
              rounds.callNanos(nobody).show("%.0f"),
              rounds.added(session).show("%.0f"),
              rounds.lost(session).show("%.2f"));
        }
      }
    }
    return table;
  }

  private static void add(Table table, String what, String workload, Tracer tracer, Effort effort) {
    Tracer nobody = Tracer.nobody();
    try (Worker worker = Worker.start(workload)) {
      Rounds rounds = rounds(worker, nobody, tracer, effort);
      table.add(what, rounds.callNanos(nobody).show("%.0f"), rounds.added(tracer).show("%.0f"));
    }
  }

  private static Rounds rounds(Worker worker, Tracer nobody, Tracer tracer, Effort effort) {
    return Rounds.run(
        worker, List.of(nobody, tracer), Math.max(3, effort.rounds() / 2), effort.millis());
  }

  private static Table processes(Daemon daemon, Effort effort) {
    Table table =
        Table.of(
            "Growth: traced processes",
            "One works, the others sleep and are targets too.",
            "processes",
            "untraced ns",
            "added ns a call");
    for (int count : new int[] {1, 10, 100, 1000}) {
      List<Process> sleepers =
          IntStream.range(1, count)
              .mapToObj(i -> Cli.start(List.of("sleep", "1000"), Map.of()))
              .toList();
      Session session = Session.packed(daemon.connection());
      session.alsoOf(sleepers.stream().map(process -> (int) process.pid()).toList());
      add(table, String.format("%,d", count), "getppid", session, effort);
      sleepers.forEach(Process::destroy);
      sleepers.forEach(Cli::await);
    }
    return table;
  }

  private static Table sessions(Daemon daemon, Effort effort) {
    Table table =
        Table.of(
            "Growth: sessions",
            "All want every call of the one program. The kernel makes one record whoever wants it;"
                + " the drain copies it for each. What it cannot copy in time is lost, and told.",
            "sessions",
            "added ns a call",
            "drain CPU ns/record",
            "lost, of all deliveries");
    Tracer nobody = Tracer.nobody();
    for (int count : new int[] {1, 4, 16, 64}) {
      try (Worker worker = Worker.start("getppid");
          Many many = Many.of(daemon, count)) {
        Rounds rounds = rounds(worker, nobody, many, effort);
        many.begin(worker.pids());
        long before = daemon.drainNanos();
        Worker.Run run = worker.pace(100_000, 500 * effort.seconds());
        many.sessions().get(0).settle();
        long nanos = daemon.drainNanos() - before;
        long lost = daemon.lost();
        Tracer.Harvest unused = many.end();
        table.add(
            Integer.toString(count),
            rounds.added(many).show("%.0f"),
            String.format("%.0f", (double) nanos / run.calls()),
            String.format("%.1f %%", 100.0 * lost / (run.calls() * count)));
      }
    }
    return table;
  }

  private static Table unread(Daemon daemon, Effort effort) {
    Table table =
        Table.of(
            "Growth: clients that do not read",
            "A write(2) of 128 bytes: its time against untraced, as a factor. The queue of who does"
                + " not read is full from the first second on.",
            "client",
            "untraced ns",
            "factor");
    Tracer nobody = Tracer.nobody();
    try (Worker worker = Worker.start("write128")) {
      Session reads = Session.packed(daemon.connection()).withBytes(128);
      Session unread = Session.packed(daemon.connection()).withBytes(128).unread();
      Session degraded =
          Session.packed(daemon.connection())
              .withBytes(128)
              .withOverload(Overload.OVERLOAD_DEGRADE)
              .unread();
      Rounds rounds =
          Rounds.run(
              worker,
              List.of(nobody, reads, unread, degraded),
              Math.max(3, effort.rounds() / 2),
              effort.millis());
      String untraced = rounds.callNanos(nobody).show("%.0f");
      table.add("reads", untraced, rounds.factor(reads).show("%.2f"));
      table.add("does not read", untraced, rounds.factor(unread).show("%.2f"));
      table.add("does not read, and degrades", untraced, rounds.factor(degraded).show("%.2f"));
    }
    return table;
  }

  private static Table exited(Daemon daemon, Effort effort) {
    Table table =
        Table.of(
            "Growth: processes that have ended",
            "A program starts and waits for so many, all counted; then it goes on.",
            "ended",
            "ms to spawn one, untraced",
            "the same, counted",
            "GetSummary ms");
    for (int count : effort.isQuick() ? new int[] {1, 1000} : new int[] {1, 100, 1000, 10_000}) {
      try (Worker worker = Worker.start("spawn")) {
        double untraced = worker.repeat(Math.min(count, 200)).operationNanos();
        Session session = Session.counting(daemon.connection());
        session.begin(worker.pids());
        double traced = worker.repeat(count).operationNanos();
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          long began = System.nanoTime();
          var unused =
              daemon
                  .connection()
                  .summary(GetSummaryRequest.newBuilder().setSessionId(session.id()).build());
          millis.add((System.nanoTime() - began) / 1e6);
        }
        Tracer.Harvest unused = session.end();
        table.add(
            String.format("%,d", count),
            String.format("%.2f", untraced / 1e6),
            String.format("%.2f", traced / 1e6),
            Samples.of(millis).show("%.1f"));
      }
    }
    return table;
  }

  /** Several sessions as one tracer, a client each. */
  private record Many(Daemon daemon, List<Connection> clients, List<Session> sessions)
      implements Tracer {
    static Many of(Daemon daemon, int count) {
      List<Connection> clients = IntStream.range(0, count).mapToObj(i -> daemon.connect()).toList();
      return new Many(daemon, clients, clients.stream().map(Session::packed).toList());
    }

    @Override
    public String name() {
      return sessions.size() + " sessions";
    }

    @Override
    public void begin(List<Integer> pids) {
      sessions.forEach(session -> session.begin(pids));
    }

    @Override
    public Harvest end() {
      List<Harvest> harvests = sessions.stream().map(Session::leave).toList();
      daemon.awaitNoSession();
      return harvests.get(0);
    }

    @Override
    public void close() {
      clients.forEach(Connection::close);
    }
  }
}
