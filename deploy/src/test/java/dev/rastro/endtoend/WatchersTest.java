package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are chosen by what they are; daemons that stop, and that come back. */
@Tag("kernel")
@Tag("once")
final class WatchersTest {
  private static final int CALLS = 2000;

  @TempDir Path folder;

  @Test
  void choosesByTheFileThatRuns() throws IOException {
    Path tool = folder.resolve("tool");
    Files.copy(Path.of("/bin/sh").toRealPath(), tool, StandardCopyOption.COPY_ATTRIBUTES);
    Path trace = folder.resolve("trace");
    try (Daemon daemon = Daemon.start(folder);
        Run.Running watcher =
            daemon
                .rastro("trace", "--exe=" + tool, "--uid=0", "-e", "chdir", "-o", trace.toString())
                .start()) {
      awaitErr(watcher, "0 processes chosen");
      Run.of("/bin/sh", "-c", "cd /tmp").succeeded();
      Run.of(tool.toString(), "-c", "cd /; cd /usr").succeeded();
      Deadline.await("the second call", () -> read(trace).contains("chdir(\"/usr\")"));
      watcher.signal("INT");
      Run.Outcome unused = watcher.outcome();
      assertTrue(read(trace).contains("chdir(\"/\")"), () -> read(trace));
      assertFalse(read(trace).contains("/tmp"), () -> read(trace));
    }
  }

  @Test
  void aTraceGoesOnAfterTheConnectionBroke() throws IOException {
    Path trace = folder.resolve("trace");
    String program =
        "for my $go (1..3) { select undef, undef, undef, 0.01 until -e \"%s/$go\"; getppid for 1..%d }"
            .formatted(folder, CALLS);
    try (Daemon daemon = Daemon.start(folder);
        CutProxy proxy = new CutProxy(daemon.socket(), folder.resolve("proxy.sock"));
        Run.Running traced = Run.of("perl", "-e", program).start();
        Run.Running watcher =
            Run.rastro(
                    "trace",
                    "--socket",
                    proxy.socket().toString(),
                    "--fail-on-loss",
                    "--reconnect=300",
                    "-e",
                    "trace=getppid",
                    "-o",
                    trace.toString(),
                    "-p",
                    Long.toString(traced.pid()))
                .start()) {
      LessonsTest.awaitAttached(watcher);
      Files.createFile(folder.resolve("1"));
      Deadline.await("the first calls", () -> calls(trace) == CALLS);
      proxy.cut();
      Files.createFile(folder.resolve("2"));
      Deadline.await(
          "the second calls",
          () ->
              daemon
                  .rastro("status", "--output=json")
                  .succeeded()
                  .out()
                  .contains("\"observed\":\"" + 2 * CALLS + "\""));
      proxy.mend();
      awaitErr(watcher, "the connection was lost for");
      Files.createFile(folder.resolve("3"));
      Run.Outcome outcome = watcher.outcome();
      assertEquals(0, outcome.status(), outcome::told);
      assertEquals(3 * CALLS, calls(trace), outcome::told);
    }
  }

  private static long calls(Path trace) {
    return read(trace).lines().filter(line -> line.contains("getppid()")).count();
  }

  @Test
  void aDaemonThatIsStartedAnewIsFoundAgain() throws IOException {
    Path trace = folder.resolve("trace");
    try (Run.Running program =
        Run.of("perl", "-e", "while (1) { getppid; select undef, undef, undef, 0.01 }").start()) {
      try (Daemon first = Daemon.start(folder);
          Run.Running watcher =
              first
                  .rastro(
                      "trace",
                      "--reconnect=300",
                      "-e",
                      "trace=getppid",
                      "-o",
                      trace.toString(),
                      "-p",
                      Long.toString(program.pid()))
                  .start()) {
        Deadline.await("a call", () -> read(trace).contains("getppid"));
        first.running().process().destroyForcibly();
        Deadline.await("the daemon's end", () -> !first.running().process().isAlive());
        try (Daemon second = Daemon.start(folder)) {
          awaitErr(watcher, "the daemon was started anew");
          long before = read(trace).lines().count();
          Deadline.await("more calls", () -> read(trace).lines().count() > before);
          assertTrue(second.running().process().isAlive());
          watcher.signal("INT");
          Run.Outcome outcome = watcher.outcome();
          assertFalse(outcome.err().contains("Exception"), outcome::told);
        }
      }
    }
  }

  private static void awaitErr(Run.Running running, String text) {
    Deadline.await(
        text,
        () -> {
          assertTrue(
              running.process().isAlive() || running.err().contains(text),
              () -> running.out() + running.err());
          return running.err().contains(text);
        });
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
