package dev.rastro.daemon.drain;

import dev.rastro.daemon.kernel.Capture;
import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.kernel.ControlPage;
import dev.rastro.daemon.kernel.ControlPage.Mask;
import dev.rastro.daemon.kernel.ProcFs;
import dev.rastro.daemon.kernel.Reach;
import dev.rastro.daemon.kernel.Rule;

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
    control.setReach(bit, target.reach());
    control.setSyscalls(bit, wish.slots());
    control.setSignals(bit, wish.signals());
    control.set(Mask.STREAMING, bit, wish.records() || !wish.signals().isEmpty());
    control.set(Mask.COUNTING, bit, wish.counters());
    control.set(Mask.FAILED_ONLY, bit, wish.outcome() == Wish.Outcome.FAILED);
    control.set(Mask.SUCCESS_ONLY, bit, wish.outcome() == Wish.Outcome.SUCCESSFUL);
    // Every session: how else would its end be known?
    control.set(Mask.LIFECYCLE, bit, true);
    control.set(Mask.LIFECYCLE_EVERYONE, bit, target.isEveryone());
    control.set(Mask.EVERYONE, bit, target.isEveryone());
    control.set(Mask.LIFECYCLE_TOLD, bit, wish.lifecycle());
    control.set(Mask.BLOCKED, bit, wish.blocked());
    control.setErrnos(bit, wish.errnos());
    control.setMinDuration(bit, wish.minDurationNanos());
    control.set(Mask.DESCRIPTORS, bit, wish.descriptors());
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
    writeRules(target, target.choice(), bit);
    control.bumpEpoch();
  }

  /**
   * The rules come first, then the kinds, then that the session has any: no half of them chooses.
   */
  private void writeRules(Target target, Choice choice, int bit) throws CaptureException {
    ControlPage control = capture.control();
    capture.rules().set(bit, choice.rules());
    for (Rule.Kind kind : Rule.Kind.values()) {
      control.set(kind.mask(), bit, choice.kinds().contains(kind));
    }
    control.set(Mask.CHOOSING_DESCENDANTS, bit, target.isChosen() && target.followForks());
    control.set(Mask.CHOOSING, bit, target.isChosen());
  }

  /** Has the rules look at all who are there. The programs must be attached. */
  void chooseExisting() {
    capture.chooseExisting();
    capture.control().bumpEpoch();
  }

  /** Other rules of the same kinds: what a name stands for has changed. */
  void rewriteRules(Target target, Choice choice, int bit) throws CaptureException {
    writeRules(target, choice, bit);
    chooseExisting();
  }

  void withdraw(int bit) {
    capture.control().clear(bit);
    capture.rules().forget(bit);
    capture.control().bumpEpoch();
    capture.targets().forget(bit);
    capture.control().bumpEpoch();
    capture.control().setReach(bit, Reach.EVERY);
  }
}
