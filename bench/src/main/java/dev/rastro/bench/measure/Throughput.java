package dev.rastro.bench.measure;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.partitioningBy;

import dev.rastro.bench.Effort;
import dev.rastro.bench.tool.Certificates;
import dev.rastro.bench.tool.Cli;
import dev.rastro.bench.tool.Daemon;
import dev.rastro.bench.tool.Place;
import dev.rastro.bench.tool.Session;
import dev.rastro.bench.tool.Table;
import dev.rastro.bench.tool.Target;
import dev.rastro.bench.tool.Tracer;
import dev.rastro.bench.tool.Worker;
import dev.rastro.client.connection.Connection;
import dev.rastro.client.connection.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Events a second from the kernel to a client that counts them and checks their sequence; the
 * program that makes them has one processor, the daemon and the client share the others.
 */
public final class Throughput {
  private static final double MILLION = 1e6;

  /** Of memory that the kernel hands out; what a machine with such rates would be given. */
  private static final String RING = "64M";

  private static final long WARM_UP_MILLIS = 2000;

  private Throughput() {}

  public static List<Table> measure(Effort effort) {
    int port = freePort();
    int tlsPort = freePort();
    Certificates certificates = Certificates.make();
    List<String> options =
        new ArrayList<>(
            List.of(
                "--ring-bytes",
                RING,
                "--listen-loopback",
                Integer.toString(port),
                "--loopback-role",
                "tracer"));
    options.addAll(certificates.options(tlsPort));
    Table table =
        Table.of(
            "Stream: events a second, end to end",
            "A getppid loop at full speed, or held at a rate; ring of "
                + RING
                + ". \"Took in\" is what reached the client while the loop ran.",
            "form",
            "made, million/s",
            "took in, million/s",
            "lost",
            "daemon CPU ns/event",
            "target");
    try (Daemon daemon = Daemon.start(options.toArray(String[]::new));
        Connection tcp = Connection.open(new Endpoint.Tcp("127.0.0.1", port, Optional.empty()));
        Connection tls =
            Connection.open(
                new Endpoint.Tcp("127.0.0.1", tlsPort, Optional.of(certificates.client())))) {
      Connection unix = daemon.connection();
      flood(table, "packed, Unix socket", daemon, Session.packed(unix), 1, effort);
      pace(table, "packed, Unix socket", daemon, Session.packed(unix), 1_000_000, 1, effort);
      flood(table, "packed, TCP", daemon, Session.packed(tcp), 1, effort);
      flood(table, "packed, TCP with mutual TLS", daemon, Session.packed(tls), 1, effort);
      flood(table, "decoded, Unix socket", daemon, Session.decoded(unix), 0.3, effort);
      pace(table, "decoded, Unix socket", daemon, Session.decoded(unix), 300_000, 0.3, effort);
      return List.of(table, file(daemon, effort));
    }
  }

  private static void flood(
      Table table, String form, Daemon daemon, Session session, double target, Effort effort) {
    try (Worker worker = Worker.start("getppid")) {
      row(table, form, daemon, session, worker, target, effort, 0);
    }
  }

  private static void pace(
      Table table,
      String form,
      Daemon daemon,
      Session session,
      long rate,
      double target,
      Effort effort) {
    try (Worker worker = Worker.start("getppid")) {
      row(table, form + ", held", daemon, session, worker, target, effort, rate);
    }
  }

  private static void row(
      Table table,
      String form,
      Daemon daemon,
      Session session,
      Worker worker,
      double target,
      Effort effort,
      long rate) {
    session.begin(worker.pids());
    // Compilers first.
    Worker.Run unused = rate == 0 ? worker.run(WARM_UP_MILLIS) : worker.pace(rate, WARM_UP_MILLIS);
    session.settle();
    long before = session.events();
    long lostBefore = session.lost();
    long cpu = daemon.cpuNanos();
    Worker.Run run =
        rate == 0
            ? worker.run(1000 * effort.seconds())
            : worker.pace(rate, 1000 * effort.seconds());
    long inTime = session.events() - before;
    session.settle();
    long cpuAfter = daemon.cpuNanos();
    long events = session.events() - before;
    long lost = session.lost() - lostBefore;
    Tracer.Harvest all = session.end();
    double rateIn = inTime * 1e9 / run.nanos();
    table.add(
        form,
        String.format("%.2f", run.calls() * 1e9 / run.nanos() / MILLION),
        String.format("%.2f", rateIn / MILLION),
        String.format("%,d", Math.min(lost, all.lost())),
        String.format("%.0f", (double) (cpuAfter - cpu) / events),
        Target.atLeast(Math.round(rateIn / MILLION * 100) / 100.0, target, " M/s"));
  }

  private static Table file(Daemon daemon, Effort effort) {
    Table table =
        Table.of(
            "rastro trace -o FILE: lines a second",
            "The client's own command starts the program; from the first line in the file to the"
                + " client's end.",
            "workload",
            "calls made",
            "lines written",
            "seconds",
            "lines/s",
            "target");
    for (String workload : List.of("getppid", "byte", "file")) {
      Path out = daemon.socket().resolveSibling("lines");
      List<String> command =
          new ArrayList<>(
              List.of(
                  Place.rastro(),
                  "trace",
                  "--socket",
                  daemon.socket().toString(),
                  "-o",
                  out.toString(),
                  "--"));
      command.addAll(
          Place.onFirst(
              List.of(
                  Place.program("work").toString(),
                  workload,
                  Long.toString(1000 * effort.seconds()))));
      try {
        Process client = Cli.start(Place.onOthers(command), Map.of());
        while (client.isAlive() && (!Files.exists(out) || Files.size(out) < 1 << 16)) {
          Cli.pass(1);
        }
        long began = System.nanoTime();
        Cli.await(client);
        double seconds = (System.nanoTime() - began) / 1e9;
        Map<Boolean, Long> lost;
        try (Stream<String> all = Files.lines(out, StandardCharsets.ISO_8859_1)) {
          lost = all.collect(partitioningBy(line -> line.contains("rastro: lost"), counting()));
        }
        long gaps = lost.get(true);
        long lines = lost.get(false) + gaps;
        table.add(
            workload,
            gaps == 0 ? String.format("%,d", lines) : "more: " + gaps + " gaps",
            String.format("%,d", lines),
            String.format("%.1f", seconds),
            String.format("%,.0f", lines / seconds),
            Target.atLeast(lines / seconds, 250_000, " lines/s"));
        Files.delete(out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return table;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
