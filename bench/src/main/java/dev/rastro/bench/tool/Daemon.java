package dev.rastro.bench.tool;

import dev.rastro.client.connection.Connection;
import dev.rastro.client.connection.Endpoint;
import dev.rastro.v1.LossCount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A rastrod of our own, out of the image. */
public final class Daemon implements AutoCloseable {
  private final Path folder;
  private final Talker talker;
  private final Connection connection;

  private Daemon(List<String> options) {
    try {
      folder = Files.createTempDirectory("rastro-bench");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> command = new ArrayList<>();
    command.add(Place.image().resolve("bin/rastrod").toString());
    command.addAll(List.of("--socket", socket().toString(), "--exit-with-stdin", "--announce"));
    command.addAll(options);
    talker = new Talker(Place.onOthers(command));
    talker.hear();
    connection = connect();
  }

  public static Daemon start(String... options) {
    return new Daemon(List.of(options));
  }

  public Path socket() {
    return folder.resolve("socket");
  }

  public Connection connection() {
    return connection;
  }

  /** One more, to be closed by the caller. */
  public Connection connect() {
    return Connection.open(new Endpoint.Socket(socket(), true));
  }

  /** What all sessions that are open have lost. */
  public long lost() {
    return connection.status().getSessionsList().stream()
        .flatMap(session -> session.getLedger().getLostList().stream())
        .mapToLong(LossCount::getCount)
        .sum();
  }

  /** A session that its client has left ends a little later. */
  public void awaitNoSession() {
    while (connection.status().getSessionsCount() > 0) {
      Cli.pass(10);
    }
  }

  public long pid() {
    return talker.pid();
  }

  public double residentMegabytes() {
    return Place.read(proc().resolve("status"))
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  /** CPU time of all its threads. */
  public long cpuNanos() {
    return threads().mapToLong(Daemon::cpuNanos).sum();
  }

  /** CPU time of the thread that reads the ring. */
  public long drainNanos() {
    return drain().mapToLong(Daemon::cpuNanos).sum();
  }

  /** How often that thread has gone to sleep of its own accord. */
  public long drainSleeps() {
    return drain()
        .flatMap(thread -> Place.read(thread.resolve("status")).lines())
        .filter(line -> line.startsWith("voluntary_ctxt_switches:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  /** Its number, for tools that look at it. */
  public long drainThread() {
    return drain()
        .mapToLong(thread -> Long.parseLong(thread.getFileName().toString()))
        .findFirst()
        .orElseThrow();
  }

  private Stream<Path> drain() {
    return threads().filter(thread -> Place.read(thread.resolve("comm")).strip().equals("drain"));
  }

  private static long cpuNanos(Path thread) {
    String figures = Place.read(thread.resolve("schedstat"));
    return Long.parseLong(figures.substring(0, figures.indexOf(' ')));
  }

  private Stream<Path> threads() {
    try (Stream<Path> found = Files.list(proc().resolve("task"))) {
      return found.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path proc() {
    return Path.of("/proc", Long.toString(pid()));
  }

  @Override
  public void close() {
    connection.close();
    talker.close();
    try {
      Files.deleteIfExists(socket());
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
