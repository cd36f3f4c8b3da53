// SPDX-License-Identifier: Apache-2.0
package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rastro stuck} says of each way to wait what it is, in one sentence. */
@Tag("kernel")
@Tag("once")
final class StuckTest {
  private static final String TIME = "(\\d+ (ms|s)|\\d+ min \\d+ s)";
  private static final String AGE = "(at least )?" + TIME;

  private static Daemon daemon;
  private static Run.Running waits;
  private static final Map<String, String> PIDS = new HashMap<>();
  private static long begunNanos;

  @BeforeAll
  static void start(@TempDir Path home) {
    daemon = Daemon.start(home);
    waits = Run.of(Tree.python(), Tree.PROGRAMS.resolve("waits.py").toString()).start();
    waits.awaitOut("ready");
    for (String line : waits.out().split("\n", -1)) {
      String[] words = line.split(" ", -1);
      if (words.length == 2) {
        PIDS.put(words[0], words[1]);
      }
    }
    awaitSentence("sleep", " in clock_nanosleep");
    awaitSentence("connect", " in connect");
    begunNanos = System.nanoTime();
  }

  @AfterAll
  static void stop() {
    waits.close();
    daemon.close();
  }

  @Test
  void aConnectIntoABlackHoleNamesTheAddress() {
    awaitSentence("connect", "waits " + AGE + " in connect to 10\\.9\\.9\\.9:80");
  }

  @Test
  void processesThatReadEachOthersPipesAreADeadlock() {
    awaitSentence(
        "ring-a",
        "waits " + AGE + " in read on pipe:\\[\\d+\\]; the other end: " + named("ring-b"));
    awaitSentence("ring-b", "deadlock: none of them can go on: .*" + named("ring-a"));
  }

  @Test
  void processesThatReadEachOthersUnixSocketsAreADeadlock() {
    awaitSentence("unix", "deadlock: none of them can go on: .*" + named("unix"));
  }

  @Test
  void mutexesTakenCrosswiseAreADeadlock() {
    awaitSentence("mutexes", "deadlock: none of them can go on: .*" + named("mutexes"));
    awaitSentence(
        "mutexes",
        "waits " + AGE + " in futex for thread \\d+ \\(python3\\), which holds the lock");
  }

  @Test
  void aParentNamesItsChildAndWhereThatWaits() {
    awaitSentence("child", "waits " + AGE + " in wait4 for child \\d+ \\(python3\\)");
    awaitSentence("child", "waits " + AGE + " in (pause|rt_sigsuspend|ppoll) for a signal");
  }

  @Test
  void anIdleServerNamesWhatItListensOn() {
    awaitSentence(
        "server",
        "waits " + AGE + " in epoll_wait on descriptor \\d+ \\(tcp 127\\.0\\.0\\.1:\\d+\\)");
  }

  @Test
  void aReceiverNamesItsPeerAndWhoThatIs() {
    awaitSentence(
        "peer",
        "waits " + AGE + " in recvfrom on 127\\.0\\.0\\.1:\\d+; the other end: \\d+ \\(python3\\)");
  }

  @Test
  void argumentsAreReadFromTheLivingProcess() {
    awaitSentence("sleep", "clock_nanosleep\\(CLOCK_MONOTONIC, TIMER_ABSTIME, \\{tv_sec=\\d+");
  }

  @Test
  void theAgeOfACallThatBeganBeforeIsALowerBoundAndLaterCallsAreExact() {
    String sleeper = "import time; time.sleep(1000)";
    awaitSentence("sleep", "waits at least " + TIME + " in clock_nanosleep");
    try (Run.Running trace =
        daemon
            .rastro("trace", "-f", "-o", "/dev/null", "--", Tree.python(), "-c", sleeper)
            .start()) {
      Deadline.await(
          "an exact age",
          () ->
              Pattern.compile("waits \\d+ (ms|s) in clock_nanosleep")
                  .matcher(stuck("--all").out())
                  .find());
      assertTrue(trace.process().isAlive());
      trace.signal("TERM");
      Run.Outcome unused = trace.outcome();
    }
  }

  @Test
  void aCallThatBeganLongBeforeAnybodyLookedHasLastedSoLongAtLeast(@TempDir Path home) {
    // The scheduler's clocks stand still while the machine beneath does something else, so a bit
    // more.
    Deadline.await("20 s of sleep", () -> System.nanoTime() - begunNanos > 20_000_000_000L);
    try (Daemon other = Daemon.start(home)) {
      Run.Outcome first = other.rastro("stuck", "-p", PIDS.get("sleep")).succeeded();
      assertTrue(
          Pattern.compile("waits at least (\\d\\d+ s|\\d+ min \\d+ s) in clock_nanosleep")
              .matcher(first.out())
              .find(),
          first.told());
      Run.Outcome longer =
          other.rastro("stuck", "-p", PIDS.get("connect"), "--longer-than", "10s").succeeded();
      assertTrue(longer.out().contains("in connect to 10.9.9.9:80"), longer.told());
    }
  }

  @Test
  void onlyWhatLastsLongEnoughIsShown() {
    Run.Outcome outcome = stuck("-p", PIDS.get("sleep"), "--longer-than", "300ms");
    assertTrue(
        Pattern.compile("waits at least (\\d+ s|[3-9]\\d\\d ms|\\d+ min \\d+ s) in clock_nanosleep")
            .matcher(outcome.out())
            .find(),
        outcome.told());
  }

  @Test
  void whoIsNotThereIsAnError() {
    Run.Outcome outcome = daemon.rastro("stuck", "-p", "4194303").outcome();
    assertEquals(1, outcome.status(), outcome.told());
    assertTrue(outcome.err().contains("no process 4194303"), outcome.told());
    assertEquals(2, daemon.rastro("stuck").outcome().status());
  }

  private static String named(String name) {
    return PIDS.get(name) + " \\(python3\\)";
  }

  private static Run.Outcome stuck(String... arguments) {
    return daemon.rastro("stuck", arguments).succeeded();
  }

  /** They need a while to get there. */
  private static void awaitSentence(String name, String regex) {
    Pattern pattern = Pattern.compile(regex);
    String pid = PIDS.get(name);
    StringBuilder last = new StringBuilder();
    try {
      Deadline.await(
          name + ": " + regex,
          () -> {
            last.setLength(0);
            last.append(stuck("-p", pid, "--longer-than", "1ms").out());
            return pattern.matcher(last).find();
          });
    } catch (AssertionError late) {
      throw new AssertionError(late.getMessage() + "\n" + last, late);
    }
  }
}
