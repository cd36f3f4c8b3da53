package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  /** Its child's sleep is stopped and continued twice, then ended by a signal that it handles. */
  private static final String STOPPED =
      """
      use POSIX;
      my $child = fork;
      if (!$child) { $SIG{USR1} = sub {}; sleep 100; exit 0 }
      sub state { open(my $stat, "/proc/$child/stat"); return <$stat> =~ /\\) (.)/ ? $1 : "" }
      for (1, 2) {
        until (state() eq "S") {}
        kill STOP => $child;
        waitpid($child, WUNTRACED);
        kill CONT => $child;
      }
      until (state() eq "S") {}
      kill USR1 => $child;
      waitpid($child, 0);
      exit $?;
      """;

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
    // The child goes to sleep when its parent waits for it, and is not gone before.
    String script =
        """
        (until read call rest </proc/$$/syscall && [ "$call" = %s ]; do :; done; exec sleep 0.1)
        exit 0
        """
            .formatted(number("wait4"));
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

  /** strace says read, whatever it was: the number that it has not asked for yet is 0. */
  @Test
  void whatWasInterruptedBeforeAnybodyWatchedIsASystemCall() {
    try (Daemon daemon = Daemon.start(folder);
        Run.Running target = stuck("import select; select.poll().poll(100000)", "poll")) {
      target.signal("STOP");
      Path state = Path.of("/proc/" + target.pid() + "/stat");
      Deadline.await("it stops", () -> read(state).contains(") T "));
      target.signal("CONT");
      awaitCall(target, "restart_syscall");
      try (Run.Running trace = attach(daemon, target)) {
        String told = "restart_syscall(<... resuming interrupted system call ...>";
        awaitTrace(told);
        trace.signal("INT");
        trace.outcome();
        assertEquals(told + " <detached ...>\n", trace());
      }
    }
  }

  @Test
  void callThatStopsAndGoesOnIsToldByTheNameOfTheInterruptedOne() throws IOException {
    String file = folder.resolve("trace").toString();
    List<String> traced =
        List.of("-f", "-e", "t=restart_syscall,clock_nanosleep", "-o", file, "perl", "-e", STOPPED);
    Run.of(Stream.concat(Stream.of("strace"), traced.stream()).toList()).succeeded();
    String expected = restarts();
    try (Daemon daemon = Daemon.start(folder)) {
      daemon.rastro("trace", traced.toArray(String[]::new)).succeeded();
    }
    assertEquals(2, expected.lines().count(), expected);
    assertEquals(expected, restarts());
  }

  /** Without what depends on when another task's line comes. */
  private String restarts() {
    return trace()
        .lines()
        .filter(line -> line.contains("restart_syscall("))
        .map(line -> line.replaceFirst("^\\d+ +", "").replaceFirst("\\.\\.\\.>.*", "...>\n"))
        .collect(Collectors.joining());
  }

  /** A Python program that sleeps in this call by now, and not in one of Python's own before it. */
  private static Run.Running stuck(String program, String call) {
    Run.Running target = Run.of("python3", "-c", "print('begun', flush=True); " + program).start();
    target.awaitOut("begun");
    awaitCall(target, call);
    return target;
  }

  private static void awaitCall(Run.Running target, String call) {
    Path syscall = Path.of("/proc/" + target.pid() + "/syscall");
    String number = number(call);
    Deadline.await(call + " in " + syscall, () -> read(syscall).startsWith(number + " "));
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
