package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong is named with its cause and its remedy, and the exit status says so. */
@Tag("kernel")
final class ErrorsTest {
  private static final int NOT_FOUND_AS_IN_A_SHELL = 127;
  private static final int VANISHING_ROUNDS = 10;

  private static Daemon daemon;

  @TempDir Path folder;

  @BeforeAll
  static void start(@TempDir Path home) {
    daemon = Daemon.start(home);
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  @Test
  void noSuchPid() {
    String pid = pidOfTheDead();
    assertFails(daemon.rastro("trace", "-p", pid), pid, "no such");
  }

  @Test
  void aPidThatVanishesDuringTheAttach() {
    // Busy with calls, without an output that grows.
    Run busy = Run.of(Tree.compiled("getppid"), Long.toString(Long.MAX_VALUE));
    for (int i = 0; i < VANISHING_ROUNDS; i++) {
      try (Run.Running target = busy.start();
          Run.Running trace =
              daemon.rastro("trace", "-c", "-p", Long.toString(target.pid())).start()) {
        target.process().destroyForcibly();
        Run.Outcome outcome = trace.outcome();
        // It came too late and says so, or it was in time and saw the end.
        assertTrue(
            outcome.status() == 0 || outcome.err().contains(Long.toString(target.pid())),
            outcome.told());
      }
    }
  }

  @Test
  void anUnknownSyscallNameWithASuggestion() {
    assertFails(
        daemon.rastro("trace", "-e", "trace=conect", "--", "true"),
        "conect",
        "did you mean connect?");
  }

  @Test
  void notRoot() {
    assertFails(
        Run.of(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            Tree.rastroForEverybody(folder),
            "trace",
            "--",
            "true"),
        "rastrod",
        "run as root");
  }

  @Test
  void noBtf() {
    Path missing = folder.resolve("no-btf");
    assertFails(
        Run.of(
            Tree.rastrod(),
            "--socket",
            folder.resolve("socket").toString(),
            "--btf-path",
            missing.toString()),
        missing.toString(),
        "CONFIG_DEBUG_INFO_BTF");
  }

  @Test
  void theDaemonDoesNotRun() {
    Path socket = folder.resolve("nobody-listens");
    assertFails(Run.rastro("status", "--socket", socket.toString()), socket.toString(), "rastrod");
  }

  @Test
  void aSocketPathThatIsNotOurs() throws IOException {
    Path file = Files.writeString(folder.resolve("precious"), "do not delete");
    assertFails(Run.of(Tree.rastrod(), "--socket", file.toString()), file.toString(), "no socket");
    assertEquals("do not delete", Files.readString(file));
  }

  @Test
  void aSocketThatAnotherDaemonServes() {
    assertFails(
        Run.of(Tree.rastrod(), "--socket", daemon.socket().toString()),
        daemon.socket().toString(),
        "already");
    daemon.rastro("status").succeeded();
  }

  @Test
  void aCommandThatIsNotThere() {
    Run.Outcome outcome = daemon.rastro("trace", "--", "no-such-command").outcome();
    assertEquals(NOT_FOUND_AS_IN_A_SHELL, outcome.status(), outcome.told());
    assertTrue(outcome.err().contains("no-such-command"), outcome.told());
    assertTrue(outcome.err().contains("not found"), outcome.told());
  }

  @Test
  void anUnknownOption() {
    assertFails(Run.rastro("trace", "--no-such-option", "--", "true"), "--no-such-option", "");
    assertFails(Run.rastro("no-such-command"), "no-such-command", "");
  }

  @Test
  void anOutputFileThatCannotBeWritten() {
    Path file = folder.resolve("no-such-folder/trace");
    Path mark = folder.resolve("mark");
    assertFails(
        daemon.rastro("trace", "-o", file.toString(), "--", "touch", mark.toString()),
        file.toString(),
        "o such file or directory");
    assertTrue(Files.notExists(mark), "the command must not run when its trace cannot be kept");
  }

  @Test
  void theStatusSaysWhatIsAttachedAndWhatItCosts() {
    try (Run.Running target = Run.of(Tree.compiled("worker"), "0").start();
        Run.Running trace =
            daemon.rastro("trace", "-o", "/dev/null", "-p", Long.toString(target.pid())).start()) {
      LessonsTest.awaitAttached(trace);
      String status = daemon.rastro("status").succeeded().out();
      for (String word : new String[] {"sys_enter", "tp_btf", "ring", "lost", "CPU", "resident"}) {
        assertTrue(status.contains(word), () -> "no " + word + " in\n" + status);
      }
      trace.signal("INT");
      trace.outcome();
    }
  }

  private static void assertFails(Run run, String named, String remedy) {
    Run.Outcome outcome = run.outcome();
    assertNotEquals(0, outcome.status(), outcome.told());
    assertTrue(outcome.err().contains(named), () -> "no " + named + " in\n" + outcome.told());
    assertTrue(outcome.err().contains(remedy), () -> "no " + remedy + " in\n" + outcome.told());
    assertTrue(
        !outcome.err().contains("\tat "), () -> "a stack trace is no message\n" + outcome.told());
  }

  /** A pid that was somebody's a moment ago. */
  private static String pidOfTheDead() {
    try (Run.Running running = Run.of("true").start()) {
      running.outcome();
      return Long.toString(running.pid());
    }
  }
}
