package dev.rastro.daemon.drain;

import dev.rastro.daemon.aggregate.Aggregator;
import dev.rastro.daemon.aggregate.Baseline;
import dev.rastro.daemon.aggregate.Summaries;
import dev.rastro.daemon.kernel.Capture;
import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.kernel.ProcFs;
import dev.rastro.daemon.kernel.ProcessKey;
import dev.rastro.daemon.kernel.Rings;
import java.util.ArrayList;
import java.util.List;

/**
 * The way of a session into the kernel and into the sums, and out again: the bit that it is known
 * by, what it wants, the processes that it is about. Drain thread only.
 */
final class Admission {
  private final Capture capture;
  private final Aggregator aggregator;
  private final Plans plans;
  private final KernelWishes wishes;
  private final SessionBits bits = new SessionBits();

  Admission(Capture capture, Aggregator aggregator, Plans plans) {
    this.capture = capture;
    this.aggregator = aggregator;
    this.plans = plans;
    wishes = new KernelWishes(capture);
  }

  /**
   * Has the kernel tell of what is wanted from here on. What fails leaves nothing but programs that
   * are attached.
   *
   * @param first none are attached yet
   */
  Watch admit(Drain drain, Wish wish, Subscriber subscriber, boolean first, long nowNanos)
      throws CaptureException {
    List<ProcFs.Entry> entries = TargetTasks.find(wish.target());
    int bit = takeBit();
    Rings.Mark opened = capture.rings().mark();
    try {
      aggregator.forgetSession(bit);
      entries.forEach(entry -> aggregator.watch(entry, 1L << bit));
      plans.admit(bit, wish);
      wishes.write(wish, bit);
      if (first) {
        capture.attach();
      }
      List<ProcessKey> processes = TargetTasks.stillThere(wish.target(), entries);
      List<Integer> chosen = choose(wish, bit, processes);
      Watch watch =
          new Watch(
              wish,
              subscriber,
              drain.new Session(bit, processes),
              new Summaries(aggregator).baseline(bit, scope(wish), nowNanos),
              opened);
      chosen.forEach(watch::addProcess);
      capture.filtered().read();
      watch.beginBooks(capture.control(), capture.filtered(), capture.missedRuns(), nowNanos);
      if (wish.blocked()) {
        capture.attachBlocked();
        watch.setStandstill(Standstill.of(wish, capture.rings(), nowNanos));
      }
      return watch;
    } catch (CaptureException | RuntimeException e) {
      withdraw(bit);
      release(bit);
      throw e;
    }
  }

  private int takeBit() throws CaptureException {
    return bits.take()
        .orElseThrow(
            () ->
                new CaptureException(
                    CaptureException.Reason.EXHAUSTED,
                    "all %d sessions are taken".formatted(Drain.MAX_SESSIONS),
                    "end another session first"));
  }

  private static Baseline.Scope scope(Wish wish) {
    if (wish.target().isEveryone()) {
      return Baseline.Scope.EVERYTHING;
    }
    return wish.target().reach().isEvery() ? Baseline.Scope.SESSION : Baseline.Scope.BOUNDED;
  }

  /** Processes that meet the session's rules already; adds those that /proc still knows. */
  private List<Integer> choose(Wish wish, int bit, List<ProcessKey> processes) {
    if (!wish.target().isChosen()) {
      return List.of();
    }
    wishes.chooseExisting();
    List<Integer> chosen = processes(wish.target(), bit);
    for (int tgid : chosen) {
      ProcFs.find(tgid)
          .ifPresent(
              entry -> {
                aggregator.watch(entry, 1L << bit);
                if (!wish.target().pids().contains(tgid)) {
                  processes.add(entry.key());
                }
              });
    }
    return chosen;
  }

  /** Those of the kernel's map that the session may see. */
  List<Integer> processes(Target target, int bit) {
    List<Integer> found = new ArrayList<>();
    int unused =
        capture
            .targets()
            .forEach(
                (tgid, wanted) -> {
                  if ((wanted >>> bit & 1) != 0 && target.reach().covers(tgid)) {
                    found.add(tgid);
                  }
                });
    return found;
  }

  /** What the names in a target stand for has changed. */
  void rechoose(Watch watch, Choice choice) throws CaptureException {
    wishes.rewriteRules(watch.wish.target(), choice, watch.bit);
    for (int tgid : processes(watch.wish.target(), watch.bit)) {
      ProcFs.find(tgid).ifPresent(entry -> aggregator.watch(entry, 1L << watch.bit));
      watch.addProcess(tgid);
    }
  }

  /** The kernel tells no more of it; records that it has told are still in the rings. */
  void withdraw(int bit) {
    wishes.withdraw(bit);
  }

  /** Its records were read: another may have the bit. */
  void release(int bit) {
    plans.dismiss(bit);
    bits.release(bit);
  }
}
