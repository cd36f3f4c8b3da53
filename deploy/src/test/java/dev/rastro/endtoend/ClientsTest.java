package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Strangers use the API without our client, knowing nothing but its address or its proto file. */
@Tag("kernel")
final class ClientsTest {
  private static final String SERVICE = "rastro.v1.Tracer";
  private static final int EVENTS = 100;

  private static Daemon daemon;
  private static Run.Running target;

  @TempDir Path folder;

  @BeforeAll
  static void start(@TempDir Path home) {
    daemon = Daemon.start(home);
    target = Run.of(Tree.compiled("worker"), "0").start();
    target.awaitOut("pid ");
  }

  @AfterAll
  static void stop() {
    target.close();
    daemon.close();
  }

  @Test
  void pythonListsAsksAndReads() {
    Path stubs = folder.resolve("stubs");
    Run.of(Tree.example("python/generate"), stubs.toString()).succeeded();
    Run.Outcome outcome;
    // It waits for processes that start and end, and nobody else may start one for minutes.
    Run.Running others = Run.of("sh", "-c", "while sleep 0.1; do :; done").start();
    try {
      outcome =
          Run.of(
                  Tree.python(),
                  Tree.example("python/client.py"),
                  "unix:" + daemon.socket(),
                  Long.toString(target.pid()),
                  Integer.toString(EVENTS))
              .with("PYTHONPATH", stubs.toString())
              .succeeded();
    } finally {
      others.close();
    }
    assertContains("service " + SERVICE + "\n", outcome);
    assertContains("service grpc.health.v1.Health\n", outcome);
    assertContains("Linux " + System.getProperty("os.version"), outcome);
    assertContains("epoll_wait(3, [{events=EPOLLIN, data={u32=4, u64=4}}], 32, -1) ", outcome);
    assertContains("events " + EVENTS + "\n", outcome);
    assertContains(" socket(family: socket_family, ", outcome);
    assertContains("process " + target.pid() + " ", outcome);
    assertTrue(
        Pattern.compile("(?m)^life \\d+ (fork|exec|exit)$").matcher(outcome.out()).find(),
        outcome.told());
    assertTrue(
        Pattern.compile("(?m)^stuck " + target.pid() + " waits .*in epoll_wait on ")
            .matcher(outcome.out())
            .find(),
        outcome.told());
    assertContains("process " + target.pid() + " worker calls=", outcome);
    assertTrue(
        Pattern.compile("(?m)^watched epoll_wait calls=[1-9][0-9]*$").matcher(outcome.out()).find(),
        outcome.told());
    assertTrue(
        Pattern.compile("(?m)^summary epoll_wait calls=[1-9][0-9]* errors=0$")
            .matcher(outcome.out())
            .find(),
        outcome.told());
  }

  @Test
  void bufListsAsksAndReads() {
    assertContains(
        SERVICE + "\n",
        buf("--protocol", "grpc", "--list-services", "http://localhost").succeeded());
    assertContains(
        "\"kernelRelease\":\"" + System.getProperty("os.version") + "\"",
        call("GetStatus", "{}").succeeded());
    String pids = "{\"pids\":[" + target.pid() + "]";
    try (Run.Running stream = call("Trace", "{\"target\":" + pids + "}}").start()) {
      Deadline.await(
          EVENTS + " events",
          () -> {
            if (!stream.process().isAlive()) {
              throw new AssertionError("ended: " + stream.out() + stream.err());
            }
            return stream.out().split("\"sequence\":", -1).length > EVENTS;
          });
      assertTrue(stream.out().replace(" ", "").contains("\"name\":\"epoll_wait\""), stream.out());
    }
    assertContains("\"syscall\":\"epoll_wait\"", call("GetSummary", pids + "}").succeeded());
    assertContains("\"name\":\"worker\"", call("ListProcesses", pids + "}").succeeded());
    assertContains(
        "\"signature\":\"umask(", call("ListSyscalls", "{\"syscalls\":[\"umask\"]}").succeeded());
    try (Run.Running stream = call("WatchProcesses", "{}").start()) {
      Deadline.await(
          "a life",
          () -> {
            Run.of("true").succeeded();
            return stream.out().replace(" ", "").contains("\"exit\":{");
          });
    }
    String pathless = "{\"target\":" + pids + "},\"filter\":{\"paths\":[\"\"]}}";
    Run.Outcome refused = call("Trace", pathless).outcome();
    assertTrue(refused.status() != 0, refused.told());
    assertTrue(refused.told().contains("filter.paths[0]"), refused.told());
    // While it runs it waits for nothing.
    Deadline.await(
        "a call in flight",
        () -> {
          String answer = call("ListInFlight", pids + "}").succeeded().out();
          return answer.replace(" ", "").contains("\"sentence\":\"waits");
        });
    assertContains("\"successShare\":", call("ListProcesses", pids + "}").succeeded());
    try (Run.Running stream = call("WatchSummary", "{\"target\":" + pids + "}}").start()) {
      stream.awaitOut("\"full\":");
      stream.awaitOut("\"syscall\":");
    }
  }

  private static Run call(String method, String request) {
    return buf(
        "--protocol", "grpc", "--data", request, "http://localhost/" + SERVICE + "/" + method);
  }

  private static Run buf(String... arguments) {
    String[] command = new String[arguments.length + 5];
    command[0] = Tree.ROOT.resolve(".rastro/npm/node_modules/.bin/buf").toString();
    command[1] = "curl";
    command[2] = "--http2-prior-knowledge";
    command[3] = "--unix-socket";
    command[4] = daemon.socket().toString();
    System.arraycopy(arguments, 0, command, 5, arguments.length);
    return Run.of(command);
  }

  /** Blanks outside of what is looked for may differ between versions of the JSON printer. */
  private static void assertContains(String text, Run.Outcome outcome) {
    assertTrue(
        outcome.out().contains(text) || outcome.out().replace(" ", "").contains(text),
        () -> "no " + text + " in\n" + outcome.told());
  }
}
