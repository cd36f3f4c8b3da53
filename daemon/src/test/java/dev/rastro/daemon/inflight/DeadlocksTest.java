package dev.rastro.daemon.inflight;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rastro.daemon.kernel.ProcessKey;
import dev.rastro.daemon.kernel.SleepingCall;
import dev.rastro.syscalls.table.Waits;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DeadlocksTest {
  private static final int ONE = 100;
  private static final int OTHER = 200;

  @Test
  void twoThatReadEachOthersPipesCannotGoOn() {
    List<WaitCycle> cycles =
        Deadlocks.among(
            List.of(waits(ONE, OTHER), waits(OTHER, ONE)),
            Map.of(ONE, List.of(ONE), OTHER, List.of(OTHER)));
    assertEquals(List.of(List.of(ONE, OTHER)), cycles.stream().map(WaitCycle::tids).toList());
  }

  @Test
  void anotherThreadOfTheirsIsHope() {
    List<WaitCycle> cycles =
        Deadlocks.among(
            List.of(waits(ONE, OTHER), waits(OTHER, ONE)),
            Map.of(ONE, List.of(ONE), OTHER, List.of(OTHER, OTHER + 1)));
    assertEquals(List.of(), cycles);
  }

  @Test
  void whoeverWaitsForAProcessThatIsGoneIsNotStuckForGood() {
    List<WaitCycle> cycles =
        Deadlocks.among(List.of(waits(ONE, OTHER)), Map.of(ONE, List.of(ONE), OTHER, List.of()));
    assertEquals(List.of(), cycles);
  }

  private static InFlight waits(int pid, int releaser) {
    Waiting waiting =
        new Waiting(
            Optional.of(Waits.Kind.CHILD),
            false,
            List.of(),
            Optional.empty(),
            List.of(new Releaser(releaser, Releaser.ANY_THREAD, "other", "is the child")),
            true,
            "");
    return new InFlight(
        new ProcessKey(pid, 1),
        "one",
        new SleepingCall(pid, pid, 0, List.of()),
        new Age(0, false),
        ByteBuffer.allocate(0),
        waiting,
        "");
  }
}
