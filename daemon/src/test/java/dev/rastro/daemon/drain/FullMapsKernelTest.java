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
import dev.rastro.daemon.kernel.RunningKernel;
import dev.rastro.syscalls.record.RecordLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the kernel's maps cannot hold is counted and told, and what they hold goes on. */
@Tag("kernel")
final class FullMapsKernelTest {
  private static final int CHILDREN = 400;
  private static final int ROUNDS = 5;

  /** None of them fails, does anything that matters, or is made by Perl on its own. */
  private static final List<String> CALLS =
      List.of(
          "getppid",
          "getpgid",
          "getsid",
          "sched_yield",
          "getpriority",
          "sched_getscheduler",
          "sched_get_priority_max",
          "sched_get_priority_min",
          "getgroups",
          "getcpu");

  private final List<Process> programs = new ArrayList<>();
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
    for (Process program : programs) {
      program.descendants().forEach(ProcessHandle::destroyForcibly);
      program.destroyForcibly();
    }
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
  void callsThatFindNoCounterAreToldToTheCall() throws Exception {
    start(1, CaptureOptions.DEFAULT_PROCESS_ENTRIES, 16);
    BitSet slots = new BitSet();
    CALLS.forEach(name -> slots.set(DrainKernelTest.number(name)));
    String numbers =
        String.join(",", CALLS.stream().map(n -> "" + DrainKernelTest.number(n)).toList());
    // More pairs than the least map has, and all live at once, so that none makes room for another.
    String script =
        """
        for (1..%d) {
          next if fork;
          for (1..%d) { syscall($_, 0, 0, 0) for %s }
          sleep 1000;
        }
        close STDOUT;
        sleep 1000
        """
            .formatted(CHILDREN, ROUNDS, numbers);
    Recorder recorder = new Recorder();
    Process program = DrainKernelTest.gated("exec perl -e '" + script + "'");
    programs.add(program);
    Wish wish =
        new Wish(
            Target.process((int) program.pid(), true),
            slots,
            new BitSet(),
            Wish.Outcome.ANY,
            true,
            true,
            false,
            32,
            false);
    Drain.Session session = DrainKernelTest.await(drain.open(wish, recorder));
    DrainKernelTest.release(program);
    int made = CHILDREN * ROUNDS * CALLS.size();
    recorder.awaitRecords(made);
    Snapshot counted =
        DrainKernelTest.await(session.summary(new Query(Query.By.SYSCALL, Set.of(), new BitSet())));
    Books books = DrainKernelTest.await(session.close());
    long sum = counted.rows().stream().mapToLong(Snapshot.Row::calls).sum();
    long missed = books.lost().get(LossCause.COUNTER);
    if (!RunningKernel.preemptsPrograms()) {
      assertEquals(made, recorder.records(), "the stream has all of them");
    }
    assertTrue(missed > 0, "there was room for all");
    assertEquals(recorder.records(), sum + missed);
    assertFalse(counted.complete());
    assertEquals(
        missed + " calls were not counted: the kernel had no room for a new counter",
        counted.incompleteBecause().get(0));
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
