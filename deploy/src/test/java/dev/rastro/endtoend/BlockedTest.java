package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a process is stuck shows at once. The texts are those of strace in the same situation. */
@Tag("kernel")
@Tag("once")
final class BlockedTest {
  private static final String EPOLL = "import select; select.epoll().poll()";
  private static final String PAUSE = "import signal; signal.pause()";
  private static final String READ = "import os; os.read(os.pipe()[0], 10)";

  @TempDir Path folder;

  @Test
  void processThatIsStuckShowsWhereAndGoesOnAfterDetaching() {
    try (Daemon daemon = Daemon.start(folder);
        Run.Running target = stuck(EPOLL, "epoll_wait");
        Run.Running trace = attach(daemon, target)) {
      awaitTrace("epoll_wait(3, ");
      trace.signal("INT");
      trace.outcome();
      assertEquals("epoll_wait(3,  <detached ...>\n", trace());
      assertTrue(target.process().isAlive());
    }
  }

  @Test
  void callInWhichAProcessIsKilledStaysUnfinished() {
    try (Daemon daemon = Daemon.start(folder);
        Run.Running target = stuck(READ, "read");
        Run.Running trace = attach(daemon, target)) {
      awaitTrace("read(3, ");
      target.process().destroyForcibly();
      trace.outcome();
      assertEquals(
          """
          read(3,  <unfinished ...>)              = ?
          +++ killed by SIGKILL +++
          """,
          trace());
    }
  }

  @Test
  void callWhoseArgumentsWereAllToldEndsWhenItsProcessIsKilled() {
    try (Daemon daemon = Daemon.start(folder);
        Run.Running target = stuck(PAUSE, "pause");
        Run.Running trace = attach(daemon, target)) {
      awaitTrace("pause(");
      target.process().destroyForcibly();
      trace.outcome();
      assertEquals(
          """
          pause()                                 = ?
          +++ killed by SIGKILL +++
          """,
          trace());
    }
  }

  @Test
  void parentThatWaitsIsUnfinishedAndResumedAroundItsChild() {
    String file = folder.resolve("trace").toString();
    String script = "sleep 0.1; exit 0";
    try (Daemon daemon = Daemon.start(folder)) {
      String expression = "trace=wait4,clock_nanosleep";
      daemon
          .rastro("trace", "-f", "-e", expression, "-o", file, "--", "sh", "-c", script)
          .succeeded();
    }
    String trace = trace();
    assertTrue(trace.contains("wait4(-1,  <unfinished ...>\n"), trace);
    assertTrue(trace.contains("<... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 0}]"), trace);
    assertTrue(
        trace.contains("clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=0, tv_nsec=100000000}, "),
        trace);
  }

  /** A Python program that sleeps in this call by now. */
  private static Run.Running stuck(String program, String call) {
    Run.Running target = Run.of("python3", "-c", program).start();
    Path syscall = Path.of("/proc/" + target.pid() + "/syscall");
    String number = number(call);
    Deadline.await(call + " in " + syscall, () -> read(syscall).startsWith(number + " "));
    return target;
  }

  private static String number(String call) {
    return Run.rastro("syscalls")
        .succeeded()
        .out()
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> fields.length > 1 && fields[1].startsWith(call + "("))
        .map(fields -> fields[0])
        .findFirst()
        .orElseThrow();
  }

  private Run.Running attach(Daemon daemon, Run.Running target) {
    String pid = Long.toString(target.pid());
    return daemon.rastro("trace", "-p", pid, "-o", folder.resolve("trace").toString()).start();
  }

  private void awaitTrace(String text) {
    Deadline.await("\"" + text + "\" in the trace", () -> trace().equals(text));
  }

  private String trace() {
    return read(folder.resolve("trace"));
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
