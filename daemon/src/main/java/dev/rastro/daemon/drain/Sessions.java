package dev.rastro.daemon.drain;

import dev.rastro.daemon.aggregate.Aggregator;
import dev.rastro.daemon.kernel.Capture;
import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.kernel.ProcFs;
import dev.rastro.daemon.kernel.Rings;
import dev.rastro.daemon.kernel.Run;
import dev.rastro.syscalls.record.RecordLayout;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open sessions: opens them, gives each record to those whose bit it carries, tells them what
 * was lost and that their target has ended, and closes them. Drain thread only.
 */
final class Sessions implements Rings.Visitor {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private final Capture capture;
  private final Aggregator aggregator;
  private final Plans plans;
  private final Admission admission;
  private final Watch[] watches = new Watch[Drain.MAX_SESSIONS];

  /** Bits that have a watch, closing ones included. */
  private long open;

  private long counting;

  /** Bits of sessions that watch everything: no process stands in the kernel's map for them. */
  private long everything;

  /** Bits of sessions that hear of calls that block. */
  private long blocked;

  /** Bits whose subscriber was handed a record since the last tick. */
  private long touched;

  /** Bits whose subscriber threw: to be closed. */
  private long failed;

  private int endedSinceFold;

  /** Where the rings were when losses were looked for the last time. */
  private Rings.Mark noticed;

  /** The same, now. */
  private Rings.Mark here;

  Sessions(Capture capture, Aggregator aggregator, Plans plans) {
    this.capture = capture;
    this.aggregator = aggregator;
    this.plans = plans;
    admission = new Admission(capture, aggregator, plans);
    noticed = capture.rings().mark();
    here = capture.rings().mark();
  }

  // ---- records ----

  @Override
  public void run(Run run) {
    boolean lifecycle = run.kind() >= RecordLayout.FORK && run.kind() <= RecordLayout.EXIT;
    if (lifecycle) {
      for (int at = run.start(); at < run.end(); at = run.next(at)) {
        onLifecycle(run, at);
      }
    }
    for (long rest = run.sessions() & open; rest != 0; rest &= rest - 1) {
      Watch watch = watches[Long.numberOfTrailingZeros(rest)];
      if (!lifecycle || watch.wish.lifecycle()) {
        hand(watch, run.from(watch.opened));
      }
    }
  }

  private void hand(Watch watch, Run run) {
    if (run.isEmpty()) {
      return;
    }
    try {
      watch.hand(run);
      touched |= 1L << watch.bit;
    } catch (RuntimeException e) {
      fail(watch, e);
    }
  }

  private void onLifecycle(Run run, int at) {
    ByteBuffer data = run.data();
    int offset = run.record(at);
    long following = 0;
    long sessions = run.sessions() & open;
    for (long rest = sessions; rest != 0; rest &= rest - 1) {
      Watch watch = watches[Long.numberOfTrailingZeros(rest)];
      if (watch.opened.isAfter(run.ring(), run.positionAt(at))) {
        continue;
      }
      switch (run.kind()) {
        case RecordLayout.FORK -> {
          if (watch.onFork(data, offset)) {
            following |= 1L << watch.bit;
          }
        }
        case RecordLayout.EXEC -> watch.onExec(data, offset);
        default -> watch.onExit(data, offset);
      }
    }
    switch (run.kind()) {
      case RecordLayout.FORK -> aggregator.onFork(data, offset, following);
      case RecordLayout.EXEC -> aggregator.onExec(data, offset, sessions);
      default -> {
        aggregator.onExit(data, offset, sessions);
        endedSinceFold += data.getInt(offset + RecordLayout.EXIT_PROCESS_ENDED_OFFSET);
      }
    }
  }

  /** Tells of calls that blocked before their session opened, once the rings are read so far. */
  void tellStandstills() {
    for (long rest = open; rest != 0; rest &= rest - 1) {
      Watch watch = watches[Long.numberOfTrailingZeros(rest)];
      try {
        if (watch.tellStandstill(capture.rings())) {
          touched |= 1L << watch.bit;
        }
      } catch (RuntimeException e) {
        fail(watch, e);
      }
    }
  }

  /** Closes batches of those that were handed records in this pass. */
  void tickTouched(long nowNanos) {
    long ticking = touched & open;
    touched = 0;
    for (long rest = ticking; rest != 0; rest &= rest - 1) {
      tick(watches[Long.numberOfTrailingZeros(rest)], nowNanos);
    }
  }

  void tickAll(long nowNanos) {
    for (long rest = open; rest != 0; rest &= rest - 1) {
      tick(watches[Long.numberOfTrailingZeros(rest)], nowNanos);
    }
  }

  private void tick(Watch watch, long nowNanos) {
    try {
      watch.subscriber.onTick(nowNanos);
    } catch (RuntimeException e) {
      fail(watch, e);
    }
  }

  private void fail(Watch watch, RuntimeException e) {
    long bit = 1L << watch.bit;
    if ((failed & bit) == 0) {
      LOG.warn("session {}: its subscriber failed, the session is closed", watch.bit, e);
    }
    failed |= bit;
  }

  // ---- losses, the end of targets ----

  /** To be done before each pass. */
  void noticeRingLosses(long nowNanos) {
    Rings rings = capture.rings();
    rings.mark(here);
    forEach(watch -> watch.noticeRingLoss(capture.control(), rings, noticed, nowNanos));
    Rings.Mark earlier = noticed;
    noticed = here;
    here = earlier;
  }

  void tellLosses(long nowNanos) {
    if (open != 0) {
      long missedRuns = capture.missedRuns();
      capture.filtered().read();
      forEach(
          watch -> {
            watch.tellLosses(capture.control(), missedRuns, nowNanos);
            watch.tellFiltered(capture.filtered());
          });
    }
  }

  /** Tells sessions whose target looks ended that it is, once that is certain. */
  void tellEnds() {
    forEach(
        watch -> {
          if (watch.looksEnded()) {
            if (watch.hasRingLoss()) {
              addUntold(watch);
            }
            if (watch.looksEnded()) {
              watch.tellEnd(capture.rings());
            }
          }
        });
  }

  /** Makes up for lifecycle records that were lost: asks the kernel's map and /proc. */
  void reconcile() {
    forEach(
        watch -> {
          if (watch.hasRingLoss()) {
            addUntold(watch);
          }
          watch.removeEnded();
          watch.checkReach(aggregator::withhold, System.nanoTime());
        });
  }

  /** Children whose fork record was lost stand in the kernel's map all the same. */
  private void addUntold(Watch watch) {
    for (int tgid : admission.processes(watch.wish.target(), watch.bit)) {
      if (ProcFs.find(tgid).isPresent()) {
        watch.addProcess(tgid);
      }
    }
  }

  // ---- opening ----

  Watch open(Drain drain, Wish wish, Subscriber subscriber, long nowNanos) throws CaptureException {
    Watch watch;
    try {
      watch = admission.admit(drain, wish, subscriber, isEmpty(), nowNanos);
    } catch (CaptureException | RuntimeException e) {
      detachUnused();
      throw e;
    }
    long bit = 1L << watch.bit;
    watches[watch.bit] = watch;
    open |= bit;
    blocked |= wish.blocked() ? bit : 0;
    counting |= wish.counters() ? bit : 0;
    everything |= wish.target().everything() ? bit : 0;
    tellExcess();
    return watch;
  }

  /** What each asks for is compared with what all ask for together. */
  private void tellExcess() {
    forEach(watch -> watch.subscriber.onExcess(plans.exceeds(watch.wish)));
  }

  /** What the names in a target stand for has changed. */
  void rechoose(Watch watch, Choice choice) throws CaptureException {
    if (!watch.isClosing()) {
      admission.rechoose(watch, choice);
    }
  }

  // ---- closing ----

  /** Takes the session out of the kernel; it stays open until the rings are read up to here. */
  void beginClosing(Watch watch) {
    if (!watch.isClosing()) {
      admission.withdraw(watch.bit);
      watch.beginClosing(capture.rings().mark());
    }
  }

  void beginClosingFailed() {
    for (long rest = failed & open; rest != 0; rest &= rest - 1) {
      beginClosing(watches[Long.numberOfTrailingZeros(rest)]);
    }
  }

  /** Closes those whose records were read; {@code everything} also those whose were not. */
  void finishClosing(long nowNanos, boolean everything) {
    for (long rest = open; rest != 0; rest &= rest - 1) {
      Watch watch = watches[Long.numberOfTrailingZeros(rest)];
      boolean drained = watch.isDrained(capture.rings());
      if (watch.isClosing() && (drained || everything)) {
        finish(watch, nowNanos);
      }
    }
  }

  private void finish(Watch watch, long nowNanos) {
    long bit = 1L << watch.bit;
    try {
      watch.noticeRingLoss(capture.control(), capture.rings(), noticed, nowNanos);
      watch.tellRingLosses();
      watch.tellLosses(capture.control(), capture.missedRuns(), nowNanos);
      capture.filtered().read();
      watch.tellFiltered(capture.filtered());
      watch.subscriber.onTick(nowNanos);
    } catch (RuntimeException e) {
      fail(watch, e);
    }
    Books books = watch.books();
    watch.session.setClosed(books);
    open &= ~bit;
    counting &= ~bit;
    everything &= ~bit;
    failed &= ~bit;
    watches[watch.bit] = null;
    blocked &= ~bit;
    admission.release(watch.bit);
    tellExcess();
    detachUnused();
    try {
      watch.subscriber.onClosed(books);
    } catch (RuntimeException e) {
      LOG.warn("session {}: its subscriber failed to close", watch.bit, e);
    }
    watch.closers.forEach(closer -> closer.complete(books));
  }

  private void detachUnused() {
    if (blocked == 0) {
      capture.detachBlocked();
    }
    if (open == 0) {
      capture.detach();
    }
  }

  // ---- questions ----

  Optional<Watch> find(Drain.Session session) {
    Watch watch = watches[session.bit()];
    return watch != null && watch.session == session ? Optional.of(watch) : Optional.empty();
  }

  void forEach(Consumer<Watch> action) {
    for (long rest = open; rest != 0; rest &= rest - 1) {
      Watch watch = watches[Long.numberOfTrailingZeros(rest)];
      try {
        action.accept(watch);
      } catch (RuntimeException e) {
        fail(watch, e);
      }
    }
  }

  boolean isEmpty() {
    return open == 0;
  }

  int count() {
    return Long.bitCount(open);
  }

  boolean isCounting() {
    return counting != 0;
  }

  /** Processes that ended since it was last asked. */
  int endedSinceFold() {
    return endedSinceFold;
  }

  void folded() {
    endedSinceFold = 0;
  }

  /**
   * The sessions of a process that no record has told of: those that the kernel's map names, else,
   * as it has ended by now, the counting sessions that lost records.
   */
  long attribution(int tgid) {
    long wanted = capture.targets().wanted(tgid) | (everything & counting);
    if (wanted != 0) {
      return withinReach(wanted, tgid);
    }
    long lossy = 0;
    for (long rest = counting; rest != 0; rest &= rest - 1) {
      Watch watch = watches[Long.numberOfTrailingZeros(rest)];
      if (watch.hasRingLoss() && watch.wish.target().reach().isEvery()) {
        lossy |= 1L << watch.bit;
      }
    }
    return lossy;
  }

  private long withinReach(long sessions, int tgid) {
    long within = sessions;
    for (long rest = sessions & open; rest != 0; rest &= rest - 1) {
      Watch watch = watches[Long.numberOfTrailingZeros(rest)];
      if (!watch.wish.target().reach().covers(tgid)) {
        within &= ~(1L << watch.bit);
      }
    }
    return within;
  }
}
