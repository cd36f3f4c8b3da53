package dev.rastro.daemon.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.kernel.CaptureOptions;
import dev.rastro.daemon.kernel.LossCause;
import dev.rastro.daemon.kernel.ProcFs;
import dev.rastro.syscalls.record.RecordLayout;
import java.io.BufferedReader;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whose records a subscriber gets, and whose losses it is told. */
@Tag("kernel")
final class DrainTargetsKernelTest {
  private static final int SIGUSR1 = 10;
  private static final int CALLS = 100;

  /** Tells its second thread's id, waits for a line, then has one call in each thread. */
  private static final String TWO_THREADS =
      """
      import os, sys, threading
      gate = threading.Event()
      def work():
          print(threading.get_native_id(), flush=True)
          gate.wait()
          for i in range(%d): os.getuid()
      thread = threading.Thread(target=work)
      thread.start()
      sys.stdin.readline()
      for i in range(%d): os.getppid()
      gate.set()
      thread.join()
      """
          .formatted(CALLS, CALLS);

  private Drain drain;

  private void start(CaptureOptions options) throws CaptureException {
    drain = Drain.start(DrainKernelTest.open(options), DrainKernelTest.TABLE);
  }

  @AfterEach
  void stop() {
    drain.close();
  }

  @Test
  void oneThreadIsSeenWithoutTheOthers() throws Exception {
    start(CaptureOptions.defaults());
    Process child = new ProcessBuilder("python3", "-c", TWO_THREADS).start();
    BufferedReader out = child.inputReader();
    int tid = Integer.parseInt(out.readLine());
    Recorder recorder = new Recorder();
    Target target = new Target(Set.of(), Set.of(tid), Set.of(), false, false);
    Drain.Session session =
        DrainKernelTest.await(drain.open(DrainKernelTest.wish(target, true, false), recorder));
    DrainKernelTest.release(child);
    assertEquals(0, child.waitFor());
    recorder.awaitTargetEnded();
    Books books = DrainKernelTest.await(session.close());
    assertEquals(CALLS, recorder.count(RecordLayout.CALL, DrainKernelTest.number("getuid")));
    assertEquals(0, recorder.count(RecordLayout.CALL, DrainKernelTest.number("getppid")));
    assertEquals(0, books.lost().get(LossCause.RING));
  }

  @Test
  void wantedSignalsAreSeenAndOthersAreNot() throws Exception {
    start(CaptureOptions.defaults());
    Process child = DrainKernelTest.gated("trap : USR1 USR2; kill -USR1 $$; kill -USR2 $$; exit 0");
    Wish all = DrainKernelTest.wish(child, false);
    BitSet signals = new BitSet();
    signals.set(SIGUSR1);
    Wish wish =
        new Wish(all.target(), all.slots(), signals, all.outcome(), true, false, true, 32, false);
    Recorder recorder = new Recorder();
    Drain.Session session = DrainKernelTest.await(drain.open(wish, recorder));
    DrainKernelTest.release(child);
    recorder.awaitTargetEnded();
    Books unused = DrainKernelTest.await(session.close());
    assertEquals(1, recorder.count(RecordLayout.SIGNAL_DELIVER));
    assertEquals(1, recorder.count(RecordLayout.SIGNAL_DELIVER, SIGUSR1));
  }

  @Test
  void aProcessThatEndsDuringTheAttachIsNamed() throws Exception {
    start(CaptureOptions.defaults());
    Process child = DrainKernelTest.gated("exit 0");
    Target target = Target.process((int) child.pid(), false);
    List<ProcFs.Entry> found = TargetTasks.find(target);
    assertEquals(1, TargetTasks.stillThere(target, found).size());
    child.destroyForcibly().waitFor();
    CaptureException refusal =
        assertThrows(CaptureException.class, () -> TargetTasks.stillThere(target, found));
    assertEquals(CaptureException.Reason.NO_SUCH_PROCESS, refusal.reason());
    assertEquals(
        "no such process: " + child.pid() + " (it ended while being attached)",
        refusal.getMessage());
  }

  @Test
  void whatTheRingLosesIsToldToThoseWhoMissIt() throws Exception {
    start(CaptureOptions.defaults().withRingBytes(4096));
    Process quiet = DrainKernelTest.gated("exit 0");
    Process busy = DrainKernelTest.gated("exec " + DrainKernelTest.millionGetppid());
    Recorder ofQuiet = new Recorder();
    Recorder ofBusy = new Recorder();
    Drain.Session watchQuiet =
        DrainKernelTest.await(drain.open(DrainKernelTest.wish(quiet, false), ofQuiet));
    Drain.Session watchBusy =
        DrainKernelTest.await(drain.open(DrainKernelTest.wish(busy, false), ofBusy));
    DrainKernelTest.release(busy);
    ofBusy.awaitTargetEnded();
    Books books = DrainKernelTest.await(watchBusy.close());
    assertTrue(books.lost().get(LossCause.RING) > 0);
    assertEquals(books.lost().get(LossCause.RING), ofBusy.lost(LossCause.RING));
    assertEquals(0, DrainKernelTest.await(watchQuiet.close()).lost().get(LossCause.RING));
    assertEquals(0, ofQuiet.lost(LossCause.RING));
    quiet.destroyForcibly();
  }
}
