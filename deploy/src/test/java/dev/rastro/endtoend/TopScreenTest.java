// SPDX-License-Identifier: Apache-2.0
package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rastro top} in a real terminal, and without one. */
@Tag("kernel")
final class TopScreenTest {
  private static final String RED = "\033[31m";
  private static final String KEYS = "q quit  ? help";

  private static Daemon daemon;
  private static Run.Running target;

  @TempDir Path folder;

  @BeforeAll
  static void start(@TempDir Path home) {
    daemon = Daemon.start(home);
    String loop =
        "$| = 1; print qq(ready); while (1) { getppid for 1..50; rmdir '/no/such/file';"
            + " select undef, undef, undef, 0.02 }";
    target = Run.of("perl", "-e", loop).start();
    target.awaitOut("ready");
  }

  @AfterAll
  static void stop() {
    target.close();
    daemon.close();
  }

  /** In a shell that outlives it, and says how it ended and what has become of the terminal. */
  private Tmux top(String environment) {
    return top(environment, "");
  }

  private Tmux top(String environment, String options) {
    return Tmux.start(
        "trap : INT; stty -a > %s/before; %s %s top --socket %s -p %d %s; echo status $?; stty -a > %s/after; read x"
            .formatted(
                folder,
                environment,
                Tree.rastro(),
                daemon.socket(),
                target.pid(),
                options,
                folder));
  }

  @Test
  void aScreenOfEightyByTwentyFourIsFilledAndFollowsKeysAndSize() throws IOException {
    try (Tmux screen = top("")) {
      List<String> lines =
          screen.await("the target", now -> has(now, target.pid() + " perl") && isLast(now, KEYS));
      assertTrue(lines.get(0).startsWith("rastro top  -p " + target.pid()), lines::toString);
      assertTrue(lines.get(1).contains(" calls/s  "), lines::toString);
      assertFits(lines, 80, 24);
      // In an interval in which the target got no processor it has no line.
      screen.press("a");
      screen.awaitText(" calls  ");
      screen.press("Enter");
      screen.awaitText("> process " + target.pid());
      screen.awaitText(" getppid");
      screen.awaitText(" rmdir");
      screen.press("/", "r", "m", "d", "Enter");
      screen.await("rmdir alone", now -> has(now, " rmdir") && !has(now, " getppid"));
      screen.press("Escape");
      screen.awaitText(" getppid");
      screen.resize(100, 30);
      assertFits(screen.await("30 lines", now -> now.size() == 30 && isLast(now, KEYS)), 100, 30);
      screen.resize(60, 10);
      assertFits(screen.await("10 lines", now -> now.size() == 10 && isLast(now, KEYS)), 60, 10);
      screen.press("t");
      screen.awaitText("trace of process " + target.pid());
      screen.awaitText("rmdir(\"/no/such/file\") ");
      screen.press("BSpace");
      screen.awaitText(" getppid");
      screen.press("?");
      screen.awaitText("by process, system call, or both");
      screen.press("x", "q");
      screen.awaitText("status 0");
      assertSameTerminal();
    }
  }

  @Test
  void interruptedItGivesTheTerminalBack() throws IOException {
    try (Tmux screen = top("")) {
      screen.awaitText(target.pid() + " perl");
      screen.press("C-c");
      screen.awaitText("status 130");
      assertSameTerminal();
    }
  }

  @Test
  void coloursAreLeftOutWhereTheyAreNotWanted() {
    // The errors of rmdir are red, in a line that is not the chosen one.
    try (Tmux screen = top("NO_COLOR=1", "--by syscall")) {
      screen.awaitText(" rmdir");
      assertFalse(screen.raw().contains(RED), screen::raw);
    }
    try (Tmux screen = top("", "--by syscall")) {
      screen.awaitText(" rmdir");
      Deadline.await("red errors", () -> screen.raw().contains(RED));
    }
  }

  @Test
  void withoutATerminalPicturesFollowEachOther() {
    AtomicReference<Run.Outcome> pictures = new AtomicReference<>();
    // In an interval in which the target got no processor it has no line.
    Deadline.await(
        "getppid in both pictures",
        () -> {
          Run.Outcome now = twoPictures();
          pictures.set(now);
          return now.out().lines().filter(line -> line.endsWith(" getppid")).count() == 2;
        });
    Run.Outcome outcome = pictures.get();
    List<String> lines = outcome.out().lines().toList();
    assertEquals(9, lines.size(), outcome::told);
    assertEquals(lines.get(0), lines.get(5));
    assertTrue(lines.get(3).endsWith(" getppid"), outcome::told);
    assertFalse(outcome.out().contains("\033"), outcome::told);
    assertEquals("", outcome.err());
  }

  private static Run.Outcome twoPictures() {
    return daemon
        .rastro(
            "top",
            "-p",
            Long.toString(target.pid()),
            "--by",
            "syscall",
            "--frames",
            "2",
            "--interval",
            "200ms",
            "--rows",
            "1")
        .succeeded();
  }

  @Test
  void whatIsWrongIsSaidBeforeTheScreenIsTaken() {
    assertEquals(2, daemon.rastro("top", "--by", "colour").outcome().status());
    assertEquals(2, daemon.rastro("top", "--interval", "1h").outcome().status());
    Run.Outcome gone = daemon.rastro("top", "-p", "4194303").outcome();
    assertEquals(1, gone.status(), gone::told);
  }

  /** But for its size. */
  private void assertSameTerminal() throws IOException {
    // The shell makes the file before stty writes.
    Path after = folder.resolve("after");
    Deadline.await("the terminal's state", () -> after.toFile().length() > 0);
    assertEquals(state("before"), state("after"));
  }

  private String state(String file) throws IOException {
    return Files.readString(folder.resolve(file)).replaceAll("rows \\d+; columns \\d+;", "");
  }

  private static boolean has(List<String> lines, String text) {
    return lines.stream().anyMatch(line -> line.contains(text));
  }

  private static boolean isLast(List<String> lines, String text) {
    return lines.get(lines.size() - 1).contains(text);
  }

  private static void assertFits(List<String> lines, int columns, int rows) {
    assertEquals(rows, lines.size(), lines::toString);
    assertTrue(isLast(lines, KEYS), lines::toString);
    // Some letters take several bytes, so what counts is where the terminal has put the names.
    assertTrue(lines.get(2).length() <= columns, lines::toString);
    assertTrue(lines.get(0).length() <= columns, lines::toString);
  }
}
