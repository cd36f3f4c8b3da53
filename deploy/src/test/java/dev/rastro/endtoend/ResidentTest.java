package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Memory that is not resident when its call returns, on Linux 6.18 and later: it is shown all the
 * same, in order and without a loss, and the program waits for nobody because of that. What is
 * shown is compared with strace's in programs/differential/resident.c.
 */
@Tag("kernel")
@Tag("once")
@EnabledIf(value = "dev.rastro.endtoend.TaskWork#isThere", disabledReason = "Linux before 6.18")
final class ResidentTest {
  private static final int THREADS = 8;
  private static final int CALLS = 5000;

  /** All that many threads write, whichever processor they run on. */
  private static final String RING = "--ring-bytes=16M";

  private static final String FOREVER = Integer.toString(Integer.MAX_VALUE);
  private static final int ROUNDS = 20;

  /** For how many microseconds a thread rests, and a ring in which seconds of that find room. */
  private static final String REST = "1000";

  private static final String LARGE_RING = "--ring-bytes=64M";

  /** Behind the last of which programs/resident.c begins anew. */
  private static final int NUMBERS = 1_000_000;

  private static final String ADDRESS = "0x[0-9a-f]+";

  /** The writes of programs/resident.c, and what they are given. */
  private static final Pattern WRITE =
      Pattern.compile("write\\(99, (" + ADDRESS + "|\"[^\"]*\"), \\d+\\) += -1 EBADF ");

  /** What a thread of its writes: the thread, and which of its calls it is. */
  private static final Pattern NUMBERED = Pattern.compile("\"(\\d{4}):(\\d{6})\"");

  @TempDir private Path folder;

  private Path trace() {
    return folder.resolve("trace");
  }

  private Run trace(Daemon daemon, String... arguments) {
    return daemon.rastro(
        "trace",
        Stream.concat(
                Stream.of("-f", "-e", "trace=write", "-o", trace().toString()),
                Stream.of(arguments))
            .toArray(String[]::new));
  }

  /** What the writes were given, as it is shown. */
  private List<String> written() throws IOException {
    List<String> written = new ArrayList<>();
    for (String line : Files.readAllLines(trace())) {
      Matcher write = WRITE.matcher(line);
      if (write.find()) {
        written.add(write.group(1));
      }
    }
    return written;
  }

  /** The calls of each thread; fails if one is shown without what it was given. */
  private Map<String, List<Integer>> numbered() throws IOException {
    Map<String, List<Integer>> calls = new TreeMap<>();
    for (String text : written()) {
      Matcher numbered = NUMBERED.matcher(text);
      assertTrue(numbered.matches(), text);
      calls
          .computeIfAbsent(numbered.group(1), unused -> new ArrayList<>())
          .add(Integer.valueOf(numbered.group(2)));
    }
    return calls;
  }

  /** Some may be missing between them: nobody can write as fast as a program can fail. */
  private static void assertInOrder(List<Integer> calls) {
    for (int i = 1; i < calls.size(); i++) {
      int forward = Math.floorMod(calls.get(i) - calls.get(i - 1), NUMBERS);
      assertTrue(forward > 0 && forward < NUMBERS / 2, calls.get(i - 1) + ", " + calls.get(i));
    }
  }

  @Test
  void manyThreadsAreReadCompletelyAndInOrder() throws IOException {
    try (Daemon daemon = Daemon.start(folder, RING)) {
      String program = Tree.program("resident");
      String threads = Integer.toString(THREADS);
      trace(daemon, "--", program, "storm", threads, Integer.toString(CALLS)).succeeded();
      FaultsTest.assertBooksBalance(daemon);
    }
    Map<String, List<Integer>> calls = numbered();
    assertEquals(THREADS, calls.size());
    calls.forEach(
        (thread, made) -> {
          assertEquals(CALLS, made.size(), thread);
          assertInOrder(made);
        });
  }

  @Test
  void whatOthersHaveToFillIsNotAskedFor() throws IOException {
    try (Daemon daemon = Daemon.start(folder)) {
      trace(daemon, "--", Tree.program("resident"), "served").succeeded();
    }
    List<String> written = written();
    assertEquals(2, written.size());
    for (String each : written) {
      assertTrue(each.matches(ADDRESS), each);
    }
  }

  @Test
  void nothingIsReadFromDisk() throws IOException {
    Path file = Tree.ROOT.resolve("deploy/target/cold");
    String[] resident;
    try (Daemon daemon = Daemon.start(folder)) {
      Run run = trace(daemon, "--", Tree.program("resident"), "cold", file.toString());
      resident = run.succeeded().out().strip().split(" ");
    } finally {
      Files.deleteIfExists(file);
    }
    assertEquals(resident[0], resident[1], "in the page cache, before and after");
    // A file system without a disk keeps what it is told to forget.
    String expected = resident[0].equals("0") ? ADDRESS : "\"frozen\"";
    assertTrue(written().get(0).matches(expected), written()::toString);
  }

  @Test
  void comingAndGoingInTheMiddleOfItLeavesNothing() throws IOException {
    try (Daemon daemon = Daemon.start(folder, LARGE_RING);
        Run.Running busy = Run.of(Tree.program("resident"), "storm", "2", FOREVER, REST).start()) {
      String pid = Long.toString(busy.pid());
      round(daemon, pid);
      Set<String> objects = detached(daemon);
      for (int i = 0; i < ROUNDS; i++) {
        round(daemon, pid);
        assertTrue(busy.process().isAlive(), "the target ended in round " + i);
      }
      assertEquals(objects, detached(daemon));
      Files.delete(trace());
      try (Run.Running last = trace(daemon, "-p", pid).start()) {
        Deadline.await("a line", () -> hasBegun(last));
        busy.process().destroyForcibly();
        String told = last.outcome().told();
        assertTrue(Files.readString(trace()).contains("+++ killed by SIGKILL +++"), told);
      }
      numbered().values().forEach(ResidentTest::assertInOrder);
      FaultsTest.assertBooksBalance(daemon);
      daemon.stop();
      Deadline.await("nothing left", () -> objects.stream().noneMatch(AttachTest::exists));
    }
  }

  /** Attaches, sees a few hundred calls, detaches while more of them are being made. */
  private void round(Daemon daemon, String pid) throws IOException {
    trace(daemon, "-p", pid, "--syscall-limit=300").succeeded();
    Map<String, List<Integer>> calls = numbered();
    assertTrue(Collections.max(calls.keySet()).compareTo("0001") <= 0, calls::toString);
    calls.values().forEach(ResidentTest::assertInOrder);
  }

  private boolean hasBegun(Run.Running running) {
    assertTrue(running.process().isAlive(), running::err);
    return trace().toFile().length() > 0;
  }

  private static Set<String> detached(Daemon daemon) {
    Deadline.await(
        "no link left",
        () -> daemon.kernelObjects().stream().noneMatch(object -> object.startsWith("link_id")));
    return daemon.kernelObjects();
  }
}
