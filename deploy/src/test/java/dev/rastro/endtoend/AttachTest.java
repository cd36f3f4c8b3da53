package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Coming and going leaves nothing behind, and the target never notices. */
@Tag("kernel")
@Tag("once")
final class AttachTest {
  private static final int ROUNDS = 20;

  /** Rounds after which the daemon has all the threads that it keeps for later. */
  private static final int WARM_UP_ROUNDS = 5;

  private static final long FOREVER = Long.MAX_VALUE;

  @TempDir Path folder;

  @Test
  void twentyRoundsLeaveNothing() throws IOException {
    try (Daemon daemon = Daemon.start(folder);
        Run.Running busy = busy()) {
      for (int i = 0; i < WARM_UP_ROUNDS; i++) {
        round(daemon, busy);
      }
      awaitDetached(daemon);
      Set<String> objects = daemon.kernelObjects();
      long descriptors = daemon.descriptors();
      long threads = daemon.threads();
      for (int i = 0; i < ROUNDS; i++) {
        round(daemon, busy);
        assertTrue(busy.process().isAlive(), "the target ended in round " + i);
        assertFalse(isStopped(busy.pid()), "the target was stopped in round " + i);
        awaitWork(busy);
      }
      awaitDetached(daemon);
      Deadline.await(
          "kernel objects "
              + objects
              + ", descriptors "
              + descriptors
              + ", threads "
              + threads
              + ", no more than before",
          () ->
              daemon.kernelObjects().equals(objects)
                  && daemon.descriptors() <= descriptors
                  && daemon.threads() <= threads);
      assertEquals(0, daemon.stop().status() % 143, "rastrod ends by itself");
    }
  }

  @Test
  void killingTheDaemonDetachesEverything() throws IOException {
    try (Daemon daemon = Daemon.start(folder);
        Run.Running busy = busy();
        Run.Running trace = attach(daemon, busy)) {
      Set<String> held = daemon.kernelObjects();
      assertTrue(held.stream().anyMatch(object -> object.startsWith("link_id")), held::toString);
      daemon.running().process().destroyForcibly();
      Run.Outcome outcome = trace.outcome();
      assertTrue(outcome.status() != 0, outcome.told());
      Deadline.await("nothing left of " + held, () -> held.stream().noneMatch(AttachTest::exists));
      assertFalse(isStopped(busy.pid()));
      awaitWork(busy);
    }
  }

  private static Run.Running busy() {
    return Run.of(Tree.compiled("getppid"), Long.toString(FOREVER)).start();
  }

  private Run.Running attach(Daemon daemon, Run.Running target) {
    String pid = Long.toString(target.pid());
    Run.Running trace =
        daemon.rastro("trace", "-c", "-p", pid, "-o", folder.resolve("trace").toString()).start();
    LessonsTest.awaitAttached(trace);
    return trace;
  }

  private void round(Daemon daemon, Run.Running target) throws IOException {
    try (Run.Running trace = attach(daemon, target)) {
      awaitWork(target);
      trace.signal("INT");
      trace.outcome();
    }
    assertTrue(
        Files.readString(folder.resolve("trace")).contains("getppid"), "nothing was counted");
  }

  private static void awaitDetached(Daemon daemon) {
    Deadline.await(
        "no link left",
        () -> daemon.kernelObjects().stream().noneMatch(object -> object.startsWith("link_id")));
  }

  /** Whether the kernel still knows "prog_id 7". */
  static boolean exists(String object) {
    String kind = object.substring(0, object.indexOf("_id "));
    String id = object.substring(object.indexOf(' ') + 1);
    String bpftool = Files.exists(Path.of("/usr/sbin/bpftool")) ? "/usr/sbin/bpftool" : "bpftool";
    return Run.of(bpftool, kind, "show", "id", id).outcome().status() == 0;
  }

  private static void awaitWork(Run.Running target) {
    long before = cpuTicks(target.pid());
    Deadline.await("the target working on", () -> cpuTicks(target.pid()) > before);
  }

  private static boolean isStopped(long pid) {
    return stat(pid)[0].matches("[Tt]");
  }

  private static long cpuTicks(long pid) {
    String[] fields = stat(pid);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  /** The fields of /proc/PID/stat from the state on. */
  private static String[] stat(long pid) {
    try {
      String text = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return text.substring(text.lastIndexOf(')') + 2).split(" ");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
