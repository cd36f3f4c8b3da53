package dev.rastro.daemon.drain;

import dev.rastro.daemon.aggregate.Baseline;
import dev.rastro.daemon.kernel.ControlPage;
import dev.rastro.daemon.kernel.FilteredCalls;
import dev.rastro.daemon.kernel.KernelFilter;
import dev.rastro.daemon.kernel.LossCause;
import dev.rastro.daemon.kernel.ProcFs;
import dev.rastro.daemon.kernel.Rings;
import dev.rastro.daemon.kernel.Run;
import dev.rastro.syscalls.record.RecordLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/**
 * An open session on the drain's side: who of its target is alive, what it was handed and what was
 * lost. Drain thread only.
 */
final class Watch {
  private static final LossCause[] CAUSES = LossCause.values();
  private static final KernelFilter[] FILTERS = KernelFilter.values();

  final Wish wish;
  final Subscriber subscriber;
  final Drain.Session session;
  final int bit;
  final Baseline baseline;

  /** Records before it were meant for an earlier owner of the bit. */
  final Rings.Mark opened;

  final List<CompletableFuture<Books>> closers = new ArrayList<>();

  private final PidSet processes;
  private final PidSet threads;
  private final PidSet parents;

  /** Processes of the target that run with rights beyond the session's reach. */
  private final PidSet withheld = PidSet.of(Set.of());

  private boolean spawned;
  private int lastEnded;
  private Optional<Rings.Mark> end = Optional.empty();
  private boolean endTold;

  private long observed;
  private final long[] lostBefore = new long[CAUSES.length];
  private final long[] lostTold = new long[CAUSES.length];
  private final long[] lossCheckNanos = new long[CAUSES.length];
  private final long[] filteredBefore = new long[FILTERS.length];
  private final long[] filteredTold = new long[FILTERS.length];

  private final RingLosses ringLosses;
  private Standstill standstill = Standstill.none();

  /** Up to where the rings are to be read before it is closed. */
  private Optional<Rings.Mark> close = Optional.empty();

  Watch(
      Wish wish,
      Subscriber subscriber,
      Drain.Session session,
      Baseline baseline,
      Rings.Mark opened) {
    this.wish = wish;
    this.subscriber = subscriber;
    this.session = session;
    this.bit = session.bit();
    this.baseline = baseline;
    this.opened = opened;
    this.processes = PidSet.of(wish.target().pids());
    this.threads = PidSet.of(wish.target().tids());
    this.parents = PidSet.of(wish.target().childrenOf());
    this.ringLosses = new RingLosses(subscriber);
  }

  // ---- records ----

  void hand(Run run) {
    if (!standstill.isEmpty()) {
      run.forEach(
          (data, offset, length) ->
              standstill.forget(data.getInt(offset + RecordLayout.HEAD_TID_OFFSET)));
    }
    observed += run.records();
    if (ringLosses.isEmpty()) {
      subscriber.onRecords(run);
    } else {
      ringLosses.hand(run);
    }
  }

  /** To be told by {@link #tellStandstill}. */
  void setStandstill(Standstill standstill) {
    this.standstill = standstill;
  }

  /** Tells of calls that blocked before the session opened; returns whether there were some. */
  boolean tellStandstill(Rings rings) {
    List<Run> due = standstill.take(rings);
    due.forEach(this::hand);
    return !due.isEmpty();
  }

  /** Whether the session follows the child process of a fork record. */
  boolean onFork(ByteBuffer ring, int offset) {
    if (wish.target().isEveryone()) {
      return true;
    }
    if (!watches(ring, offset + RecordLayout.FORK_WATCHED_BY_OFFSET)) {
      return false;
    }
    int tgid = ring.getInt(offset + RecordLayout.HEAD_TGID_OFFSET);
    int child = ring.getInt(offset + RecordLayout.FORK_CHILD_TGID_OFFSET);
    if (child == tgid) {
      threads.add(ring.getInt(offset + RecordLayout.FORK_CHILD_TID_OFFSET));
      return false;
    }
    addProcess(child);
    return true;
  }

  private boolean watches(ByteBuffer ring, int maskOffset) {
    return (ring.getLong(maskOffset) >>> bit & 1) != 0;
  }

  void onExec(ByteBuffer ring, int offset) {
    int old = ring.getInt(offset + RecordLayout.EXEC_OLD_TID_OFFSET);
    int tid = ring.getInt(offset + RecordLayout.HEAD_TID_OFFSET);
    if (old != tid && threads.remove(old)) {
      threads.add(tid);
    }
    int tgid = ring.getInt(offset + RecordLayout.HEAD_TGID_OFFSET);
    if (watches(ring, offset + RecordLayout.EXEC_WITHHELD_FROM_OFFSET)) {
      withhold(tgid, ring.getLong(offset + RecordLayout.HEAD_TIME_OFFSET));
      return;
    }
    boolean watched = watches(ring, offset + RecordLayout.EXEC_WATCHED_BY_OFFSET);
    boolean back = watched && withheld.remove(tgid);
    if (back || (watched && wish.target().isChosen())) {
      addProcess(tgid);
    } else if (wish.target().isChosen()) {
      // An exec is where a process comes to meet the rules, or ceases to.
      boolean unused = processes.remove(tgid);
    }
  }

  /** It stays one of the target's until it ends, of which no record will tell either. */
  private void withhold(int tgid, long nanos) {
    if (!withheld.contains(tgid)) {
      withheld.add(tgid);
      subscriber.onWithheld(tgid, nanos);
    }
  }

  /** Notices whom the kernel does not show any more though no record told of it. Reads /proc. */
  void checkReach(IntConsumer beyond, long nowNanos) {
    if (wish.target().reach().isEvery()) {
      return;
    }
    processes.forEach(
        tgid -> {
          if (!isGone(tgid) && wish.target().reach().isExceededBy(tgid)) {
            beyond.accept(tgid);
            withhold(tgid, nowNanos);
          }
        });
  }

  void onExit(ByteBuffer ring, int offset) {
    boolean removed = threads.remove(ring.getInt(offset + RecordLayout.HEAD_TID_OFFSET));
    int tgid = ring.getInt(offset + RecordLayout.HEAD_TGID_OFFSET);
    if (ring.getInt(offset + RecordLayout.EXIT_PROCESS_ENDED_OFFSET) != 0) {
      removed |= processes.remove(tgid);
      boolean unused = withheld.remove(tgid);
    }
    if (removed) {
      lastEnded = tgid;
    }
  }

  // ---- the end of the target ----

  int processesAlive() {
    return processes.size();
  }

  void addProcess(int tgid) {
    if (!processes.contains(tgid)) {
      processes.add(tgid);
      spawned = true;
      end = Optional.empty();
    }
  }

  /** Forgets processes whose exit record was lost. Reads /proc. */
  void removeEnded() {
    processes.removeIf(Watch::isGone);
    withheld.removeIf(Watch::isGone);
    threads.removeIf(tid -> ProcFs.processOf(tid).isEmpty());
    if (!spawned) {
      parents.removeIf(Watch::isGone);
    }
  }

  /** Whether nobody of the target is left, as far as the records tell. */
  boolean looksEnded() {
    return !endTold
        && !wish.target().isOpen()
        && processes.isEmpty()
        && threads.isEmpty()
        && (spawned || parents.isEmpty());
  }

  /**
   * Tells the end, once the kernel confirms it (another thread of the last process may not have
   * told of its exit yet) and the rings were read up to where they were then.
   */
  void tellEnd(Rings rings) {
    if (end.isEmpty() && (lastEnded == 0 || isGone(lastEnded))) {
      end = Optional.of(rings.mark());
    }
    if (end.isPresent() && rings.isRead(end.get())) {
      endTold = true;
      ringLosses.tellAll();
      subscriber.onTargetEnded();
    }
  }

  private static boolean isGone(int tgid) {
    Optional<ProcFs.Entry> found = ProcFs.find(tgid);
    return found.isEmpty() || found.get().ended();
  }

  // ---- the books ----

  /** Where the counters of loss stand when the session opens. */
  void beginBooks(ControlPage control, FilteredCalls filtered, long missedRuns, long nowNanos) {
    for (KernelFilter filter : FILTERS) {
      filteredBefore[filter.code()] = filtered.count(filter, bit);
    }
    for (LossCause cause : CAUSES) {
      lostBefore[cause.code()] = lost(cause, control, missedRuns);
      lossCheckNanos[cause.code()] = nowNanos;
    }
  }

  /**
   * Notices the session's own losses, and tells of those that come next; cheap, for every pass.
   *
   * @param behind where the rings were when this was done the last time
   */
  void noticeRingLoss(ControlPage control, Rings rings, Rings.Mark behind, long nowNanos) {
    int ring = LossCause.RING.code();
    long news = news(LossCause.RING, control.lostBySession(bit));
    if (news > 0) {
      ringLosses.add(behind.copy(), news, lossCheckNanos[ring], System.nanoTime());
    }
    lossCheckNanos[ring] = nowNanos;
    if (!ringLosses.isEmpty()) {
      ringLosses.tellReached(rings);
    }
  }

  /** What was lost by other causes. */
  void tellLosses(ControlPage control, long missedRuns, long nowNanos) {
    for (LossCause cause : CAUSES) {
      if (cause != LossCause.RING) {
        tell(cause, lost(cause, control, missedRuns), nowNanos);
      }
    }
  }

  /** When everything was handed over. */
  void tellRingLosses() {
    ringLosses.tellAll();
  }

  /** Records are missing that say who the target's processes are. */
  boolean hasRingLoss() {
    return lostTold[LossCause.RING.code()] + lostTold[LossCause.LIFECYCLE.code()] > 0;
  }

  Books books() {
    Map<LossCause, Long> lost = new EnumMap<>(LossCause.class);
    for (LossCause cause : CAUSES) {
      lost.put(cause, lostTold[cause.code()]);
    }
    return new Books(observed, lost);
  }

  /**
   * @param nowNanos some time before the counter was read
   */
  private void tell(LossCause cause, long counter, long nowNanos) {
    long news = news(cause, counter);
    if (news > 0 && cause.takesSomething()) {
      subscriber.onLoss(cause, news, lossCheckNanos[cause.code()], System.nanoTime());
    }
    lossCheckNanos[cause.code()] = nowNanos;
  }

  private long news(LossCause cause, long counter) {
    int i = cause.code();
    long news = counter - lostBefore[i] - lostTold[i];
    if (news > 0) {
      lostTold[i] += news;
    }
    return news;
  }

  /** What the kernel took away at the end of calls; cheap, for every tick. */
  void tellFiltered(FilteredCalls filtered) {
    for (KernelFilter filter : FILTERS) {
      int i = filter.code();
      long news = filtered.count(filter, bit) - filteredBefore[i] - filteredTold[i];
      if (news > 0) {
        filteredTold[i] += news;
        subscriber.onFiltered(filter, news);
      }
    }
  }

  private long lost(LossCause cause, ControlPage control, long missedRuns) {
    return switch (cause) {
      case RING -> control.lostBySession(bit);
      case MISSED_RUN -> missedRuns;
      default -> control.lost(cause);
    };
  }

  // ---- closing ----

  void beginClosing(Rings.Mark here) {
    close = Optional.of(here);
  }

  boolean isClosing() {
    return close.isPresent();
  }

  boolean isDrained(Rings rings) {
    return close.isPresent() && rings.isRead(close.get());
  }
}
