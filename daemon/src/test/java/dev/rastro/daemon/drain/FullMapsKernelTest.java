package dev.rastro.daemon.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.aggregate.Query;
import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.kernel.CaptureOptions;
import dev.rastro.daemon.kernel.LossCause;
import dev.rastro.syscalls.record.RecordLayout;
import java.util.BitSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the kernel's maps cannot hold is counted and told, and what they hold goes on. */
@Tag("kernel")
final class FullMapsKernelTest {
  private static final int DEADLINE_SECONDS = 60;

  private Drain drain;

  private void start(long counterBytes, int processes, int threads) throws CaptureException {
    CaptureOptions options =
        new CaptureOptions(
            CaptureOptions.DEFAULT_RING_BYTES,
            counterBytes,
            processes,
            threads,
            CaptureOptions.DEFAULT_BTF_PATH,
            Optional.empty(),
            0);
    drain = Drain.start(DrainKernelTest.open(options), DrainKernelTest.TABLE);
  }

  @AfterEach
  void stop() {
    drain.close();
  }

  @Test
  void aChildThatFindsNoRoomIsNotFollowedAndCounted() throws Exception {
    start(CaptureOptions.DEFAULT_COUNTER_BYTES, 4, 16);
    Recorder recorder = new Recorder();
    Process child =
        DrainKernelTest.gated("for i in 1 2 3 4 5 6 7 8; do read x <&- & done; wait; cd /; exit 0");
    Drain.Session session =
        DrainKernelTest.await(drain.open(DrainKernelTest.wish(child, true), recorder));
    DrainKernelTest.release(child);
    recorder.awaitTargetEnded();
    assertEquals(
        1, recorder.count(RecordLayout.CALL, DrainKernelTest.number("chdir")), "it goes on itself");
    Books unused = DrainKernelTest.await(session.close());
    long lost = DrainKernelTest.await(drain.status()).lost().get(LossCause.FORK);
    int followed = recorder.processes().size() - 1;
    assertTrue(lost + followed >= 8, lost + " lost, " + followed + " followed");
  }

  @Test
  void countersThatFindNoRoomMakeTheSummaryIncomplete() throws Exception {
    start(1, CaptureOptions.DEFAULT_PROCESS_ENTRIES, 16);
    Recorder recorder = new Recorder();
    // The least that the map ever has is 3,000 pairs or so: processes that live, by kinds of calls.
    Process child =
        DrainKernelTest.gated(
            "exec 3<&0; for i in $(seq 400); do sh -c 'read z <&3' & done; wait; exit 0");
    Drain.Session session =
        DrainKernelTest.await(
            drain.open(
                DrainKernelTest.wish(Target.process((int) child.pid(), true), false, true),
                recorder));
    DrainKernelTest.release(child);
    Query all = new Query(Query.By.SYSCALL, Set.of(), new BitSet());
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    Snapshot counted = DrainKernelTest.await(session.summary(all));
    while (counted.complete() && System.nanoTime() < deadline) {
      counted = DrainKernelTest.await(session.summary(all));
    }
    assertTrue(
        counted.incompleteBecause().stream()
            .anyMatch(reason -> reason.contains("calls were not counted")),
        counted.incompleteBecause()::toString);
    assertFalse(counted.rows().isEmpty());
    child.getOutputStream().close();
    recorder.awaitTargetEnded();
    Books unused = DrainKernelTest.await(session.close());
  }

  @Test
  void moreThreadsThanThereIsRoomForAreRefusedAsALimit() throws Exception {
    start(CaptureOptions.DEFAULT_COUNTER_BYTES, 16, 1);
    Process one = DrainKernelTest.gated("exit 0");
    Process other = DrainKernelTest.gated("exit 0");
    Target both =
        new Target(Set.of(), Set.of((int) one.pid(), (int) other.pid()), Set.of(), false, false);
    ExecutionException refusal =
        assertThrows(
            ExecutionException.class,
            () -> drain.open(DrainKernelTest.wish(both, true, false), new Recorder()).get());
    CaptureException cause = assertInstanceOf(CaptureException.class, refusal.getCause());
    assertEquals(CaptureException.Reason.EXHAUSTED, cause.reason());
    assertFalse(DrainKernelTest.await(drain.status()).attached(), "nothing is left half done");
    one.destroyForcibly();
    other.destroyForcibly();
  }
}
