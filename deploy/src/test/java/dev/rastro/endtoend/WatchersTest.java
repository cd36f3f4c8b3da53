package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are chosen by what they are; daemons that stop, and that come back. */
@Tag("kernel")
final class WatchersTest {
  private static final int CALLS = 1_000_000;
  private static final Pattern LOST = Pattern.compile("lost (\\d+) events in all");

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
  void eventsAndGapOfAStoppedDaemonAddUp() throws IOException {
    Path go = folder.resolve("go");
    Path trace = folder.resolve("trace");
    try (Run.Running daemonRun =
            Run.of(
                    Tree.rastrod(),
                    "--announce",
                    "--ring-bytes=64K",
                    "--socket",
                    folder.resolve("d.sock").toString())
                .start();
        Run.Running program =
            Run.of(
                    "perl",
                    "-e",
                    "select undef, undef, undef, 0.01 until -e '%s'; getppid for 1..%d"
                        .formatted(go, CALLS))
                .start()) {
      daemonRun.awaitOut("rastrod ready");
      Daemon daemon = new Daemon(daemonRun, folder.resolve("d.sock"));
      try (Run.Running watcher =
          daemon
              .rastro(
                  "trace",
                  "--fail-on-loss",
                  "-e",
                  "trace=getppid",
                  "-e",
                  "signal=none",
                  "-o",
                  trace.toString(),
                  "-p",
                  Long.toString(program.pid()))
              .start()) {
        LessonsTest.awaitAttached(watcher);
        daemonRun.signal("STOP");
        Files.createFile(go);
        Deadline.await("the program's end", () -> !program.process().isAlive());
        daemonRun.signal("CONT");
        Run.Outcome outcome = watcher.outcome();
        assertEquals(3, outcome.status(), outcome::told);
        Matcher lost = LOST.matcher(outcome.err());
        assertTrue(lost.find(), outcome::told);
        // Its end is an event too, and may be one of those that are lost.
        long seen =
            read(trace)
                .lines()
                .filter(line -> line.matches(".*(getppid\\(\\)|exited with).*"))
                .count();
        assertEquals(CALLS + 1, seen + Long.parseLong(lost.group(1)), outcome::told);
      }
    }
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
