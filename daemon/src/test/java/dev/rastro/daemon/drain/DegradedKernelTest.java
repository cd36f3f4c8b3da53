package dev.rastro.daemon.drain;

import static dev.rastro.daemon.drain.DrainKernelTest.TABLE;
import static dev.rastro.daemon.drain.DrainKernelTest.await;
import static dev.rastro.daemon.drain.DrainKernelTest.gated;
import static dev.rastro.daemon.drain.DrainKernelTest.number;
import static dev.rastro.daemon.drain.DrainKernelTest.release;
import static dev.rastro.daemon.drain.DrainKernelTest.wish;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.kernel.AbsentTracepoint;
import dev.rastro.daemon.kernel.Capture;
import dev.rastro.daemon.kernel.CaptureOptions;
import dev.rastro.daemon.kernel.Degradation;
import dev.rastro.syscalls.record.RecordLayout;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels that lack one thing: that alone is missing, is told, and all else goes on. */
@Tag("kernel")
final class DegradedKernelTest {
  @ParameterizedTest
  @CsvSource({
    "tp_btf/sched_process_fork, process_fork, 'following forks, and fork events'",
    "tp_btf/sched_process_exec, process_exec, exec events",
    "tp_btf/sched_process_exit, process_exit, exit events",
    "tp_btf/signal_generate, signal_generate, signals that their receiver ignores",
    "tp_btf/signal_deliver, signal_deliver, signals",
    "tp_btf/sched_switch, call_blocked, calls that are shown while they block",
    "iter/task, choose_existing, 'choosing processes by their properties before they fork or exec;"
        + " telling processes that run from those that are ready, and their times'",
  })
  void missesOneThingAlone(String section, String program, String what) throws Exception {
    Capture capture = Capture.open(AbsentTracepoint.in(section), CaptureOptions.defaults());
    try (Drain drain = Drain.start(capture, TABLE)) {
      List<Degradation> degradations = drain.degradations();
      assertEquals(
          List.of(what.split("; ", -1)), degradations.stream().map(Degradation::what).toList());
      assertTrue(
          degradations.get(0).cause().startsWith(program + ": "), degradations.get(0)::cause);
      assertFalse(degradations.get(0).remedy().isEmpty());
      assertTrue(
          await(drain.status()).programs().stream().noneMatch(each -> each.name().equals(program)));

      Recorder recorder = new Recorder();
      Process child = gated("cd /; cat /dev/null; exit 3");
      Drain.Session session = await(drain.open(wish(child, true), recorder));
      release(child);
      recorder.awaitTargetEnded();
      Books unused = await(session.close());
      assertEquals(3, child.waitFor());
      assertTrue(recorder.count(RecordLayout.CALL, number("chdir")) > 0, "chdir was not seen");
      assertEquals(
          program.equals("process_fork") ? 0 : 1, recorder.count(RecordLayout.FORK), "forks");
      assertEquals(
          program.equals("process_exec") || program.equals("process_fork") ? 0 : 1,
          recorder.count(RecordLayout.EXEC),
          "cat is the only exec");
    }
  }
}
