package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes wrong on machines: each fault is told, nothing else is harmed by it, and nothing stays
 * attached. What needs systemd is in deploy/test/service.
 */
@Tag("kernel")
@Tag("once")
class FaultsTest {
  @TempDir private Path folder;

  /** "events: 20 observed, 18 delivered, 2 filtered, 0 queued, 0 lost", in that order. */
  private static final Pattern BOOKS =
      Pattern.compile(
          "events: +(\\d+) observed, (\\d+) delivered, (\\d+) filtered.*?, (\\d+) queued, (\\d+) lost");

  static void assertBooksBalance(Daemon daemon) {
    String page = daemon.rastro("status").succeeded().out();
    Matcher books = BOOKS.matcher(page);
    assertTrue(books.find(), page);
    long told = 0;
    for (int part = 2; part <= 5; part++) {
      told += Long.parseLong(books.group(part));
    }
    assertEquals(Long.parseLong(books.group(1)), told, page);
  }

  @Test
  void aForkBombInTheTargetIsFollowedToItsEnd() throws IOException {
    Path trace = folder.resolve("trace");
    try (Daemon daemon = Daemon.start(folder)) {
      daemon
          .rastro("trace", "-f", "-q", "-o", trace.toString(), "--", Tree.program("bomb"), "20000")
          .succeeded();
      assertBooksBalance(daemon);
      long ends;
      try (var lines = Files.lines(trace)) {
        ends = lines.filter(line -> line.endsWith("+++ exited with 0 +++")).count();
      }
      String status = daemon.rastro("status").succeeded().out();
      assertTrue(ends == 20_001 || !status.contains(" 0 lost"), ends + " ends\n" + status);
      assertEquals(143, daemon.stop().status(), "it lives, and ends when told to");
    }
  }

  @Test
  void aFullDiskEndsTheTraceAndNotTheCommand() {
    Run.Outcome outcome =
        Run.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                """
                mount -t tmpfs -o size=64k none "$1" || exit 99
                "$2" trace -f -o "$1/trace" -- sh -c 'ls -laR /etc >/dev/null; echo finished'
                """,
                "sh",
                folder.toString(),
                Tree.rastro())
            .outcome();
    assertEquals("finished\n", outcome.out(), outcome.told());
    assertEquals(1, outcome.status(), outcome.told());
    assertTrue(
        outcome.err().contains("cannot write to " + folder + "/trace: No space left on device"),
        outcome.told());
  }

  @Test
  void aLogThatCannotBeWrittenKeepsNobodyFromBeingServed() {
    Path socket = folder.resolve("rastrod.sock");
    try (Run.Running running =
        Run.of(
                "sh",
                "-c",
                "exec \"$1\" --announce --log-level debug --socket \"$2\" 2>/dev/full",
                "sh",
                Tree.rastrod(),
                socket.toString())
            .start()) {
      running.awaitOut("rastrod ready");
      Daemon daemon = new Daemon(running, socket);
      for (int i = 0; i < 3; i++) {
        daemon.rastro("trace", "--", "true").succeeded();
      }
      assertEquals(143, daemon.stop().status());
    }
  }

  /** A Java that gives the daemon less than its launcher asks for. */
  private Path javaWithHeap(String option) throws IOException {
    Path java = Files.createDirectories(folder.resolve("java/bin")).resolve("java");
    String real = System.getProperty("java.home");
    Files.writeString(
        java,
        """
        #!/bin/sh
        for argument; do
        	shift
        	case $argument in
        	-Xmx*) argument=%s ;;
        	-Xms*) argument=-Xms4m ;;
        	esac
        	set -- "$@" "$argument"
        done
        exec %s/bin/java "$@"
        """
            .formatted(option, real));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.copy(Path.of(real, "release"), folder.resolve("java/release"));
    return folder.resolve("java");
  }

  @Test
  void aFullHeapEndsTheDaemonWithAMessageAndNothingStaysAttached() throws IOException {
    Path socket = folder.resolve("rastrod.sock");
    try (Run.Running running =
        Run.of(Tree.rastrod(), "--announce", "--socket", socket.toString())
            .with("JAVA_HOME", javaWithHeap("-Xmx18m").toString())
            .start()) {
      running.awaitOut("rastrod ready");
      Daemon daemon = new Daemon(running, socket);
      List<String> programs =
          daemon.kernelObjects().stream().filter(held -> held.startsWith("prog_id")).toList();
      Run.Outcome client =
          daemon
              .rastro(
                  "trace",
                  "-f",
                  "--reconnect=0",
                  "-o",
                  folder.resolve("trace").toString(),
                  "--",
                  Tree.program("bomb"),
                  "60000")
              .outcome();
      Run.Outcome ended = running.outcome();
      assertEquals(3, ended.status(), ended.told());
      assertTrue(ended.told().contains("OutOfMemoryError: Java heap space"), ended.told());
      assertEquals(69, client.status(), client.told());
      assertTrue(programs.size() > 4, programs::toString);
      for (String program : programs) {
        Deadline.await(
            program + " to be gone",
            () ->
                Run.of("bpftool", "prog", "show", "id", program.split(" ", 2)[1])
                        .with("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
                        .outcome()
                        .status()
                    != 0);
      }
    }
  }

  @Test
  void aContainersProcessesAreTracedFromOutsideByTheirNumbersInside() throws IOException {
    Path trace = folder.resolve("trace");
    Path ready = folder.resolve("ready");
    Path go = folder.resolve("go");
    try (Daemon daemon = Daemon.start(folder);
        Run.Running container =
            Run.of(
                    "unshare",
                    "--pid",
                    "--fork",
                    "--kill-child",
                    "--mount-proc",
                    "sh",
                    "-c",
                    "readlink /proc/self/ns/pid; touch '%s'; until [ -e '%s' ]; do :; done; cd /; cat /dev/null"
                        .formatted(ready, go))
                .start()) {
      Deadline.await("the container", () -> Files.exists(ready));
      String namespace = container.out().replaceAll("\\D", "");
      try (Run.Running client =
          daemon
              .rastro(
                  "trace",
                  "-f",
                  "-e",
                  "trace=chdir,execve",
                  "--ns-pid=1@" + namespace,
                  "-o",
                  trace.toString())
              .start()) {
        Deadline.await(
            "to be attached",
            () -> daemon.rastro("status").succeeded().out().contains("1 session(s)"));
        Files.createFile(go);
        assertEquals(0, client.outcome().status(), client.err());
      }
      String text = Files.readString(trace);
      assertTrue(text.contains("chdir(\"/\")"), text);
      assertTrue(text.contains("execve("), "and its child is followed: " + text);
    }
  }
}
