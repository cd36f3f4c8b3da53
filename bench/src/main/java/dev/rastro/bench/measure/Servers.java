package dev.rastro.bench.measure;

import dev.rastro.bench.Effort;
import dev.rastro.bench.tool.Cli;
import dev.rastro.bench.tool.Daemon;
import dev.rastro.bench.tool.Peers;
import dev.rastro.bench.tool.Peers.Peer;
import dev.rastro.bench.tool.Place;
import dev.rastro.bench.tool.Samples;
import dev.rastro.bench.tool.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Servers under load while every call of theirs is traced. */
public final class Servers {
  private static final int REDIS_PORT = 26379;
  private static final int NGINX_PORT = 28080;
  private static final int START_SECONDS = 30;
  private static final Pattern REDIS_RATE = Pattern.compile("([\\d.]+) requests per second");
  private static final Pattern WRK_RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");

  private record Server(
      String name,
      List<String> command,
      List<String> firstClient,
      List<String> client,
      int port,
      Pattern rate) {}

  private Servers() {}

  public static List<Table> measure(Effort effort) {
    if (!Place.has("redis-server") || !Place.has("nginx") || !Place.has("wrk")) {
      throw new IllegalStateException("redis-server, nginx or wrk is missing: run bench/setup");
    }
    try (Daemon daemon = Daemon.start()) {
      Path folder = Files.createTempDirectory("rastro-bench-servers");
      List<Peer> peers =
          Peers.installed(daemon.socket().toString()).stream()
              .filter(peer -> !peer.name().contains("connect"))
              .toList();
      List<String> columns = new ArrayList<>(List.of("server", "untraced requests/s"));
      peers.forEach(peer -> columns.add(peer.name()));
      Table table =
          Table.of(
              "Servers: slowdown with every call of the server traced",
              "How many times fewer requests a second its client gets served; the tracer's own"
                  + " command starts the server and writes to /dev/null.",
              columns.toArray(String[]::new));
      for (Server server : List.of(redis(folder, effort), nginx(folder, effort))) {
        row(table, server, peers, effort);
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
      return List.of(table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void row(Table table, Server server, List<Peer> peers, Effort effort) {
    int times = effort.isQuick() ? 1 : 5;
    List<List<Double>> rates = new ArrayList<>();
    List<List<String>> prefixes = new ArrayList<>(List.of(List.of()));
    peers.forEach(peer -> prefixes.add(peer.prefix()));
    prefixes.forEach(prefix -> rates.add(new ArrayList<>()));
    // All is told in proportion to the first, which is over soonest.
    for (int round = 0; round < Math.max(3, times); round++) {
      for (int i = 0; i < (round < times ? prefixes.size() : 1); i++) {
        rates.get(i).add(rate(server, prefixes.get(i)));
      }
    }
    double untraced = Samples.of(rates.get(0)).median();
    List<String> cells = new ArrayList<>(List.of(server.name(), String.format("%,.0f", untraced)));
    for (int i = 1; i < rates.size(); i++) {
      cells.add(String.format("%.2f", untraced / Samples.of(rates.get(i)).median()));
    }
    table.add(cells.toArray(String[]::new));
  }

  private static double rate(Server server, List<String> tracer) {
    List<String> command = new ArrayList<>(tracer);
    command.addAll(Place.onFirst(server.command()));
    Process running = Cli.start(command, Map.of());
    try {
      awaitListening(server.port());
      // The first load is for caches and compilers.
      String unused = outputOf(server.firstClient());
      String said = outputOf(server.client());
      Matcher rate = server.rate().matcher(said);
      if (!rate.find()) {
        throw new IllegalStateException(server.name() + ": " + said);
      }
      return Double.parseDouble(rate.group(1));
    } finally {
      running.descendants().forEach(ProcessHandle::destroy);
      running.destroy();
      Cli.await(running);
    }
  }

  private static void awaitListening(int port) {
    long deadline = System.nanoTime() + START_SECONDS * 1_000_000_000L;
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw new UncheckedIOException("nobody listens on port " + port, e);
        }
        Cli.pass(50);
      }
    }
  }

  private static String outputOf(List<String> command) {
    try {
      Process client = new ProcessBuilder(command).redirectErrorStream(true).start();
      String all = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Cli.await(client);
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Server redis(Path folder, Effort effort) {
    String port = Integer.toString(REDIS_PORT);
    return new Server(
        "redis, GET",
        List.of(
            "redis-server",
            "--port",
            port,
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            folder.toString()),
        redisClient(port, 2000),
        redisClient(port, effort.isQuick() ? 10_000 : 100_000),
        REDIS_PORT,
        REDIS_RATE);
  }

  private static List<String> redisClient(String port, int requests) {
    return List.of(
        "redis-benchmark", "-p", port, "-t", "get", "-n", Integer.toString(requests), "-q");
  }

  private static Server nginx(Path folder, Effort effort) throws IOException {
    Path settings = folder.resolve("nginx.conf");
    Files.createDirectories(folder.resolve("html"));
    Files.writeString(folder.resolve("html/index.html"), "x".repeat(600));
    Files.writeString(
        settings,
        """
        daemon off; master_process off; pid %1$s/pid; error_log %1$s/errors;
        events { worker_connections 256; }
        http {
          access_log %1$s/log;
          client_body_temp_path %1$s/a; proxy_temp_path %1$s/b; fastcgi_temp_path %1$s/c;
          uwsgi_temp_path %1$s/d; scgi_temp_path %1$s/e;
          server { listen 127.0.0.1:%2$d; root %1$s/html; }
        }
        """
            .formatted(folder, NGINX_PORT));
    return new Server(
        "nginx, a file of 600 bytes",
        List.of("nginx", "-c", settings.toString(), "-p", folder.toString()),
        nginxClient(1),
        nginxClient(effort.isQuick() ? 1 : 5),
        NGINX_PORT,
        WRK_RATE);
  }

  private static List<String> nginxClient(int seconds) {
    return List.of(
        "wrk",
        "-t1",
        "-c16",
        "-d" + seconds + "s",
        "http://127.0.0.1:" + NGINX_PORT + "/index.html");
  }
}
