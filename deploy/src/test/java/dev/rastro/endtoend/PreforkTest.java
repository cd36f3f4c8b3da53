// SPDX-License-Identifier: Apache-2.0
package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of a server whose eight workers share one listening socket, under load. */
@Tag("kernel")
final class PreforkTest {
  private static final int WORKERS = 8;
  private static final int REQUESTS = 400;

  private static Daemon daemon;

  @BeforeAll
  static void start(@TempDir Path home) {
    daemon = Daemon.start(home);
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  /** A server, its workers, and who counts them. */
  private record Server(Run.Running running, int port, List<String> workers)
      implements AutoCloseable {

    static Server start(String mode) {
      Run.Running running =
          Run.of(Tree.program("prefork"), Integer.toString(WORKERS), mode).start();
      running.awaitOut("ready");
      List<String> workers = new ArrayList<>();
      int port = 0;
      for (String line : running.out().split("\n", -1)) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("worker")) {
          workers.add(words[1]);
        } else if (words[0].equals("port")) {
          port = Integer.parseInt(words[1]);
        }
      }
      assertEquals(WORKERS, workers.size(), running::out);
      return new Server(running, port, workers);
    }

    void request() throws IOException {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getOutputStream().write('x');
        assertEquals('x', socket.getInputStream().read());
      }
    }

    /** The number of the call in which each worker sleeps; "running" of one that does not. */
    List<String> calls() {
      return workers.stream().map(Server::call).toList();
    }

    private static String call(String pid) {
      try {
        return Files.readString(Path.of("/proc", pid, "syscall")).strip().split(" ", 2)[0];
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      running.close();
    }
  }

  /** One worker's row. */
  private record Row(String pid, long accepted, long herd, long closed, String listening) {
    static Row parse(String line) {
      String[] words = line.strip().split(" +", -1);
      return new Row(
          words[0],
          Long.parseLong(words[1]),
          Long.parseLong(words[2]),
          Long.parseLong(words[3]),
          words[4]);
    }
  }

  @Test
  void aConnectionThatWakesAllIsTakenByOneAndTheOthersAreTheHerd() throws Exception {
    try (Server server = Server.start("all");
        Run.Running counting = counting(server)) {
      ExecutorService clients = Executors.newFixedThreadPool(WORKERS);
      List<Future<?>> requests = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        requests.add(
            clients.submit(
                () -> {
                  server.request();
                  return null;
                }));
      }
      for (Future<?> request : requests) {
        Object unused = request.get();
      }
      clients.shutdown();
      List<Row> rows = rows(server, REQUESTS);
      assertTrue(rows.stream().mapToLong(Row::herd).sum() > 0, rows::toString);
      assertTrue(counting.process().isAlive());
    }
  }

  @Test
  void anExclusiveWaitWakesNobodyForNothing() throws Exception {
    try (Server server = Server.start("exclusive");
        Run.Running counting = counting(server)) {
      // Nobody has connected yet, so none reads.
      Deadline.await("the workers wait", () -> !server.calls().contains("running"));
      List<String> waiting = server.calls();
      for (int i = 0; i < REQUESTS; i++) {
        // One that comes back while a connection arrives may be told of it as well as another.
        Deadline.await("the workers wait", () -> server.calls().equals(waiting));
        server.request();
      }
      List<Row> rows = rows(server, REQUESTS);
      assertEquals(0, rows.stream().mapToLong(Row::herd).sum(), rows::toString);
      assertTrue(counting.process().isAlive());
    }
  }

  private static Run.Running counting(Server server) {
    Run.Running counting =
        daemon
            .rastro("ps", "--count", "--watch", "--interval", "500ms", "-p", pids(server))
            .start();
    counting.awaitOut("ACCEPT");
    return counting;
  }

  /** Once all that was sent is counted; the last reads come after the last answers. */
  private static List<Row> rows(Server server, long requests) {
    List<Row> rows = new ArrayList<>();
    Deadline.await(
        "each connection's end is counted",
        () -> {
          rows.clear();
          rows.addAll(table(server));
          return rows.stream().mapToLong(Row::closed).sum() == requests;
        });
    assertEquals(WORKERS, rows.size(), rows::toString);
    assertEquals(requests, rows.stream().mapToLong(Row::accepted).sum(), rows::toString);
    for (Row row : rows) {
      assertEquals(row.accepted(), row.closed(), rows::toString);
      assertEquals("tcp://127.0.0.1:" + server.port(), row.listening());
    }
    return rows;
  }

  private static List<Row> table(Server server) {
    return daemon
        .rastro(
            "ps",
            "--traced",
            "--wide",
            "--columns",
            "pid,accept,herd,closed,listening",
            "-p",
            pids(server))
        .succeeded()
        .out()
        .lines()
        .skip(1)
        .takeWhile(line -> !line.isEmpty())
        .map(Row::parse)
        .toList();
  }

  private static String pids(Server server) {
    return String.join(",", server.workers());
  }
}
