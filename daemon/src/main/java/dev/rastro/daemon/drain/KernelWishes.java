package dev.rastro.daemon.drain;

import dev.rastro.daemon.kernel.Capture;
import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.kernel.ControlPage;
import dev.rastro.daemon.kernel.ControlPage.Mask;
import dev.rastro.daemon.kernel.ProcFs;

/** Writes what a session wants into the masks and maps of the kernel, and out of them again. */
final class KernelWishes {
  private final Capture capture;

  KernelWishes(Capture capture) {
    this.capture = capture;
  }

  /** The epoch comes last: with it, tasks look again at who wants them. */
  void write(Wish wish, int bit) throws CaptureException {
    ControlPage control = capture.control();
    Target target = wish.target();
    control.setSyscalls(bit, wish.slots());
    control.setSignals(bit, wish.signals());
    control.set(Mask.STREAMING, bit, wish.records() || !wish.signals().isEmpty());
    control.set(Mask.COUNTING, bit, wish.counters());
    control.set(Mask.FAILED_ONLY, bit, wish.outcome() == Wish.Outcome.FAILED);
    control.set(Mask.SUCCESS_ONLY, bit, wish.outcome() == Wish.Outcome.SUCCESSFUL);
    // Every session: how else would its end be known?
    control.set(Mask.LIFECYCLE, bit, true);
    control.set(Mask.LIFECYCLE_EVERYONE, bit, target.everything());
    control.set(Mask.EVERYONE, bit, target.everything());
    control.set(Mask.BLOCKED, bit, wish.blocked());
    for (int pid : target.pids()) {
      capture.targets().watchProcess(pid, bit, target.followForks());
    }
    for (int pid : target.childrenOf()) {
      capture.targets().watchChildren(pid, bit, target.followForks());
    }
    for (int tid : target.tids()) {
      int process = ProcFs.processOf(tid).orElse(tid);
      capture.targets().watchThread(tid, process, bit, target.followForks());
    }
    control.bumpEpoch();
  }

  void withdraw(int bit) {
    capture.control().clear(bit);
    capture.control().bumpEpoch();
    capture.targets().forget(bit);
    capture.control().bumpEpoch();
  }
}
