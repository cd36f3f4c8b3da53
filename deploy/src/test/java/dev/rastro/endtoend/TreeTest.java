// SPDX-License-Identifier: Apache-2.0
package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rastro tree} tells who starts whom. */
@Tag("kernel")
final class TreeTest {
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
  void aCommandsTreeIsTheOneThatItsShellMakes() {
    Path file = folder.resolve("tree");
    String script = "/bin/true; (exit 5) & wait; (/bin/false; :); exit 3";
    Run.Outcome outcome =
        daemon.rastro("tree", "-o", file.toString(), "--", "bash", "-c", script).outcome();
    assertEquals(3, outcome.status(), outcome::told);
    assertEquals("", outcome.out() + outcome.err());
    String told = read(file);
    String tree = told.substring(told.indexOf("\n\n") + 2);
    Pattern expected =
        Pattern.compile(
            """
            \\d+ bash -c '/bin/true; .*'; exited with 3
            ├─ \\d+ /bin/true; exited with 0
            ├─ \\d+ \\(as its parent\\); exited with 5
            └─ \\d+ \\(as its parent\\); exited with 0
               └─ \\d+ /bin/false; exited with 1
            """);
    assertTrue(expected.matcher(tree).matches(), told);
    assertTrue(Pattern.compile("(?m)^ +\\d+\\.\\d{3}   \\d+ forked$").matcher(told).find(), told);
  }

  @Test
  void whatRunsAlreadyAndWhatItStartsIsFollowedToItsEnd() throws IOException {
    Path go = folder.resolve("go");
    Path file = folder.resolve("tree");
    String worker = "until test -e '%s'; do sleep 0.05; done; exit 7".formatted(go);
    try (Run.Running server =
            Run.of("bash", "-c", "(" + worker + ") & echo child $!; wait").start();
        Run.Running tree =
            daemon
                .rastro("tree", "-o", file.toString(), "-p", Long.toString(server.pid()))
                .start()) {
      server.awaitOut("child");
      Deadline.await("a child of the child", () -> read(file).contains(" sleep 0.05"));
      Files.createFile(go);
      Run.Outcome outcome = tree.outcome();
      assertEquals(0, outcome.status(), outcome::told);
      assertTrue(read(file).contains(server.pid() + " is there: bash -c"), () -> read(file));
      String child = server.out().strip().split(" ", -1)[1];
      assertTrue(
          Pattern.compile("(?m)^[├└]─ " + child + " .*; exited with 7$").matcher(read(file)).find(),
          () -> read(file));
    }
  }

  @Test
  void aChildThatNobodyHasWaitedForIsLeftOut() throws IOException {
    Path go = folder.resolve("go");
    Path file = folder.resolve("tree");
    String script =
        """
        my $child = fork // die;
        exit 0 unless $child;
        $| = 1;
        sub state { open my $f, '<', "/proc/$child/stat"; (split ' ', <$f>)[2] }
        select undef, undef, undef, 0.01 until state() eq 'Z';
        print "zombie $child\\n";
        select undef, undef, undef, 0.01 until -e $ARGV[0];
        """;
    try (Run.Running parent = Run.of("perl", "-e", script, go.toString()).start()) {
      parent.awaitOut("zombie");
      try (Run.Running tree =
          daemon.rastro("tree", "-o", file.toString(), "-p", Long.toString(parent.pid())).start()) {
        Deadline.await(
            "the parent", () -> !tree.process().isAlive() || read(file).contains(" is there: "));
        Files.createFile(go);
        Run.Outcome outcome = tree.outcome();
        assertEquals(0, outcome.status(), outcome::told);
        assertTrue(read(file).contains(parent.pid() + " is there: perl"), () -> read(file));
      }
    }
  }

  @Test
  void jsonSaysWhatIsSharedAndExecuted() {
    Path file = folder.resolve("tree.jsonl");
    daemon
        .rastro(
            "tree",
            "--output",
            "json",
            "-o",
            file.toString(),
            "--",
            "perl",
            "-e",
            "system '/bin/echo', 'a b'")
        .succeeded();
    List<String> lines = read(file).lines().toList();
    assertTrue(lines.stream().allMatch(line -> line.startsWith("{") && line.endsWith("}")));
    assertTrue(
        lines.stream().anyMatch(line -> line.contains("\"arguments\":[\"/bin/echo\",\"a b\"]")),
        lines::toString);
    assertTrue(
        lines.stream().anyMatch(line -> line.contains("\"text\":\"exited with 0\"")),
        lines::toString);
    assertFalse(read(file).contains("└"), () -> read(file));
  }

  @Test
  void nothingToWatchIsAnErrorOfUse() {
    assertEquals(2, daemon.rastro("tree").outcome().status());
    assertEquals(1, daemon.rastro("tree", "-p", "4194303").outcome().status());
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
