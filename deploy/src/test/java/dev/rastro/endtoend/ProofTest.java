// SPDX-License-Identifier: Apache-2.0
package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every event is there or told as lost, under conditions that are as bad as {@code
 * -Dproof.seconds}, {@code -Dproof.rate} and {@code -Dproof.processes} make them. docs/watching.md
 * says what was proven at full scale.
 */
@Tag("kernel")
@Tag("once")
final class ProofTest {
  /** For how long a client does not read. */
  private static final int SECONDS = Integer.getInteger("proof.seconds", 4);

  /** Events a second meanwhile. */
  private static final int RATE = Integer.getInteger("proof.rate", 20_000);

  /** On each of two processors there is room for all of these events, whenever they are read. */
  private static final String RING = "--ring-bytes=16M";

  /** A second of 300,000 events: a program in Python waits for processors as others do. */
  private static final int READER_BYTES = 32 << 20;

  private static final int STOPPED_BYTES = 2 << 20;

  /** That live and die one after the other. */
  private static final int PROCESSES = Integer.getInteger("proof.processes", 3000);

  /** Numbers that these processes share. */
  private static final int PIDS = 500;

  /**
   * What the daemon's launcher allows: heap and direct memory; and what a virtual machine takes.
   */
  private static final long MEMORY_KIB = (128 + 64 + 128) << 10;

  /** Of the queue that fills in the test of what is given back, and events that are more. */
  private static final int FILLED_BYTES = 32 << 20;

  private static final int FILLING_EVENTS = 400_000;

  /** As much as the queue takes finds room on each of two processors. */
  private static final String FILLING_RING = "--ring-bytes=64M";

  private static Path stubs;

  @TempDir Path folder;

  @BeforeAll
  static void generate(@TempDir Path home) {
    stubs = Watch.stubs(home);
  }

  private static String getppid(long pid, String more) {
    return """
        {"target": {"pids": [%d]}, "filter": {"syscalls": ["getppid"], "signals": ["none"]},
         "form": "FORM_PACKED", "endWithTarget": true%s}
        """
        .formatted(pid, more);
  }

  private static String queued(long pid, int bytes) {
    return getppid(pid, ", \"queueBytes\": %d".formatted(bytes));
  }

  private static long memoryKib(Daemon daemon) {
    return memoryKib(daemon, "VmHWM");
  }

  private static long memoryKib(Daemon daemon, String which) {
    Matcher found =
        Pattern.compile(which + ":\\s+(\\d+) kB")
            .matcher(read(Path.of("/proc/" + daemon.pid() + "/status")));
    assertTrue(found.find());
    return Long.parseLong(found.group(1));
  }

  @Test
  void aClientThatStopsReadingCostsNobodyElseAnything() throws IOException {
    Path go = folder.resolve("go");
    Path counts = folder.resolve("counts");
    try (Daemon daemon = Daemon.start(folder, RING);
        Run.Running program =
            Run.of(
                    Tree.program("pace"),
                    go.toString(),
                    Integer.toString(RATE),
                    Integer.toString(SECONDS))
                .start();
        Run.Running counting =
            daemon
                .rastro("trace", "-c", "-o", counts.toString(), "-p", Long.toString(program.pid()))
                .start();
        Watch reading = Watch.begin(stubs, daemon, "Trace", queued(program.pid(), READER_BYTES));
        Watch stopped = Watch.begin(stubs, daemon, "Trace", queued(program.pid(), STOPPED_BYTES))) {
      LessonsTest.awaitAttached(counting);
      stopped.running().signal("STOP");
      Files.createFile(go);
      long calls = Long.parseLong(program.outcome().out().strip());
      Watch.Seen read = reading.seen();
      assertEquals(calls, read.number("events"), read::json);
      assertEquals(List.of(), read.gaps());
      assertTrue(read.isBalanced(), read::json);
      assertEquals(0, counting.outcome().status());
      assertTrue(counted(counts, calls), () -> read(counts));
      stopped.running().signal("CONT");
      Watch.Seen late = stopped.seen();
      assertEquals(1, late.gaps().size(), late::json);
      assertEquals(calls, late.number("events") + late.lost("LOSS_QUEUE_FULL"), late::json);
      assertEquals("LOSS_QUEUE_FULL " + late.lost("LOSS_QUEUE_FULL"), late.gaps().get(0));
      assertTrue(late.isBalanced(), late::json);
      tell(
          "%d events in %d s; stopped client: %d read, one gap of %d; daemon: %d KiB at most"
              .formatted(
                  calls,
                  SECONDS,
                  late.number("events"),
                  late.lost("LOSS_QUEUE_FULL"),
                  memoryKib(daemon)));
      assertTrue(memoryKib(daemon) < MEMORY_KIB, () -> "memory");
    }
  }

  @Test
  void memoryThatASlowClientTookIsGivenBack() throws IOException {
    Path go = folder.resolve("go");
    try (Daemon daemon = Daemon.start(folder, FILLING_RING);
        Run.Running program =
            Run.of(
                    Tree.program("pace"),
                    go.toString(),
                    Integer.toString(FILLING_EVENTS / SECONDS),
                    Integer.toString(SECONDS))
                .start();
        Watch stopped = Watch.begin(stubs, daemon, "Trace", queued(program.pid(), FILLED_BYTES))) {
      stopped.running().signal("STOP");
      Files.createFile(go);
      Run.Outcome paced = program.outcome();
      assertEquals(0, paced.status(), paced::told);
      String calls = paced.out().strip();
      Deadline.await(
          "all of it has come to the queue",
          () ->
              daemon
                  .rastro("status", "--output=json")
                  .succeeded()
                  .out()
                  .contains("\"observed\":\"" + calls + "\""));
      long full = memoryKib(daemon, "VmRSS");
      stopped.running().signal("CONT");
      Watch.Seen unused = stopped.seen();
      Deadline.await(
          "three quarters of the queue are the system's again",
          () -> memoryKib(daemon, "VmRSS") < full - (FILLED_BYTES >> 10) / 4 * 3);
    }
  }

  @Test
  void nothingIsUntoldThoughTheRingIsSmallAndTheDaemonStands() throws IOException {
    int calls = 1_000_000;
    Path go = folder.resolve("go");
    Path counts = folder.resolve("counts");
    try (Daemon daemon = Daemon.start(folder, "--ring-bytes=64K");
        Run.Running program = waiting(go, Tree.compiled("getppid"), calls);
        Run.Running counting =
            daemon
                .rastro(
                    "trace",
                    "-f",
                    "-c",
                    "-e",
                    "trace=getppid",
                    "-o",
                    counts.toString(),
                    "-p",
                    Long.toString(program.pid()))
                .start();
        Watch watch = Watch.begin(stubs, daemon, "Trace", getppid(program.pid(), ""))) {
      LessonsTest.awaitAttached(counting);
      daemon.running().signal("STOP");
      Files.createFile(go);
      Run.of("sleep", "2").succeeded();
      daemon.running().signal("CONT");
      assertEquals(0, program.outcome().status());
      Watch.Seen seen = watch.seen();
      assertEquals(0, counting.outcome().status());
      assertTrue(counted(counts, calls), () -> read(counts));
      assertTrue(seen.lost("LOSS_RING_FULL") > 0, "the ring was meant to overflow");
      // Its client, too, may not have got a processor.
      assertEquals(seen.number("observed"), seen.number("events") + seen.lost(), seen::json);
      assertEquals(calls, seen.number("observed"), seen::json);
      String status = daemon.rastro("status").succeeded().out();
      assertTrue(status.contains("the ring buffer of 64 KiB was full"), status);
      assertTrue(status.contains("start rastrod with --ring-bytes 128K"), status);
      tell(
          "1,000,000 calls, ring of 64 KiB, daemon stopped for 2 s: %d events, %d told as lost"
              .formatted(seen.number("events"), seen.lost("LOSS_RING_FULL")));
    }
  }

  /** A shell that executes a program once {@code go} is there; what it calls first is over. */
  private static Run.Running waiting(Path go, String program, int calls) {
    String script = "echo ready; until [ -e \"$1\" ]; do sleep 0.01; done; exec \"$2\" \"$3\"";
    Run.Running shell =
        Run.of("sh", "-c", script, "sh", go.toString(), program, Integer.toString(calls)).start();
    shell.awaitOut("ready");
    return shell;
  }

  @Test
  void everyShortLivedProcessIsToldWithItsParentAndItsStatus() throws IOException {
    Path go = folder.resolve("go");
    Path lives = folder.resolve("lives");
    try (Daemon daemon = Daemon.start(folder);
        Run.Running storm =
            Run.of(
                    Tree.program("storm"),
                    go.toString(),
                    Integer.toString(PROCESSES),
                    Integer.toString(PIDS))
                .start();
        Watch watch =
            Watch.begin(
                stubs,
                daemon,
                "Trace",
                """
                {"target": {"pids": [%d], "followForks": true},
                 "filter": {"syscalls": ["none"], "signals": ["none"]},
                 "withLifecycle": true, "endWithTarget": true}
                """
                    .formatted(storm.pid()),
                lives.toString())) {
      Files.createFile(go);
      Run.Outcome outcome = storm.outcome();
      assertEquals(0, outcome.status(), outcome::told);
      Watch.Seen seen = watch.seen();
      long memory = memoryKib(daemon);
      assertEquals(List.of(), seen.gaps());
      assertTrue(seen.isBalanced(), seen::json);
      assertLives(storm.pid(), outcome.out().lines().toList(), Files.readAllLines(lives));
      tell(
          "%d processes, %d numbers: every fork, exec and exit; daemon: %d KiB at most"
              .formatted(PROCESSES, PIDS, memory));
      assertTrue(memory < MEMORY_KIB, () -> memory + " KiB");
    }
  }

  /** In the order in which they lived, and none with anything of an earlier owner of its number. */
  private static void assertLives(long parent, List<String> expected, List<String> told) {
    assertEquals(PROCESSES, expected.size());
    assertEquals(3 * PROCESSES + 1, told.size());
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < PROCESSES; i++) {
      String[] program = expected.get(i).split(" ", -1);
      String[] fork = told.get(3 * i).split(" ", -1);
      String key = fork[1] + " " + fork[2];
      assertEquals("fork " + program[0] + " " + fork[2] + " " + parent, told.get(3 * i));
      assertNotEquals("0", fork[2]);
      assertTrue(keys.add(key), () -> "twice: " + key);
      assertEquals("exec " + key + " /proc/self/exe", told.get(3 * i + 1));
      int status = Integer.parseInt(program[1]) << 8;
      assertEquals("exit " + key + " " + status, told.get(3 * i + 2));
    }
  }

  private static boolean counted(Path table, long calls) {
    return read(table).lines().anyMatch(line -> line.matches(".*\\s" + calls + "\\s+getppid"));
  }

  private static void tell(String figures) {
    System.out.println("proof: " + figures);
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
