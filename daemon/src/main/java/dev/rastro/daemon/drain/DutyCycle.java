package dev.rastro.daemon.drain;

import dev.rastro.daemon.aggregate.Aggregator;
import dev.rastro.daemon.aggregate.Baseline;
import dev.rastro.daemon.aggregate.Census;
import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.aggregate.Summaries;
import dev.rastro.daemon.kernel.Capture;
import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.kernel.LossCause;
import dev.rastro.syscalls.table.SyscallTable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the drain thread does, over and over: commands, one bounded pass over the rings, what is due
 * by the clock, then a wait. Nothing is allocated per record.
 */
final class DutyCycle implements Runnable {
  /** Records of one pass: "until empty" may never come under load. */
  static final int PASS_RECORDS = 16_384;

  /** Commands of one cycle. */
  static final int PASS_COMMANDS = 64;

  /** Questions that wait; beyond, they are refused. What ends a session is always taken. */
  static final int MAX_COMMANDS = 4096;

  private static final Logger LOG = LoggerFactory.getLogger(DutyCycle.class);

  private static final long MILLI = 1_000_000;
  private static final long TICK_NANOS = 100 * MILLI;
  private static final long SECOND_NANOS = 1_000 * MILLI;
  private static final int POLL_MILLIS = 1;

  /** Arming costs the traced program its speed, so not before the rings were empty for so long. */
  private static final long ARM_AFTER_NANOS = MILLI;

  /** So many ended processes make a fold due early: their counters take room in the kernel. */
  private static final int FOLD_AFTER_ENDS = 256;

  /** Nobody has watched for so long: what the heap grew to for those who did is given back. */
  private static final long GIVE_BACK_AFTER_NANOS = 5 * SECOND_NANOS;

  /** A closing session's record that the kernel never submits must not keep it open. */
  private static final int LAST_PASSES = 64;

  private final Capture capture;
  private final Aggregator aggregator = new Aggregator();
  private final Summaries summaries = new Summaries(aggregator);
  private final Census census;
  private final Sessions sessions;
  private final Queue<Command> commands = new LinkedBlockingQueue<>();
  private final IntToLongFunction attribution;
  private final Pulse pulse;
  private final long startNanos = System.nanoTime();

  private boolean stopping;
  private long lastRecordNanos = startNanos;
  private long nextTickNanos = startNanos;
  private long nextSecondNanos = startNanos;
  private long nextBeatNanos = startNanos;

  /** When there was a session last; the start counts as one. */
  private long lastWatchedNanos = startNanos;

  private boolean gaveBack;

  /** Set once nobody takes commands any more; guarded by the queue. */
  private boolean dead;

  DutyCycle(Capture capture, SyscallTable table, Pulse pulse) {
    this.capture = capture;
    this.pulse = pulse;
    this.census = new Census(aggregator, summaries, table);
    this.sessions = new Sessions(capture, aggregator, new Plans(capture, table));
    this.attribution = sessions::attribution;
  }

  /** Any thread. */
  void submit(Command command) {
    synchronized (commands) {
      boolean ending = command instanceof Command.Close || command instanceof Command.Stop;
      if (!dead && !ending && commands.size() >= MAX_COMMANDS) {
        boolean unused = command.answer().completeExceptionally(tooMany());
        return;
      }
      if (!dead) {
        commands.add(command);
        capture.wake();
        return;
      }
    }
    boolean unused =
        command.answer().completeExceptionally(new IllegalStateException("the drain has stopped"));
  }

  private static CaptureException tooMany() {
    return new CaptureException(
        CaptureException.Reason.EXHAUSTED,
        "questions to the daemon: %d wait already".formatted(MAX_COMMANDS),
        "ask less often");
  }

  @Override
  public void run() {
    try {
      while (!stopping) {
        cycle();
      }
    } catch (RuntimeException | Error e) {
      LOG.error("the drain thread failed and stops; no session goes on", e);
    } finally {
      end();
    }
  }

  private void cycle() {
    runCommands();
    long now = System.nanoTime();
    sessions.noticeRingLosses(now);
    int handed = capture.rings().pass(sessions, PASS_RECORDS);
    if (handed > 0) {
      lastRecordNanos = now;
    }
    sessions.tellStandstills();
    sessions.tickTouched(now);
    sessions.beginClosingFailed();
    sessions.finishClosing(now, false);
    sessions.tellEnds();
    runDue(now);
    if (handed < PASS_RECORDS && commands.isEmpty() && !stopping) {
      await(now);
    }
  }

  private void runDue(long now) {
    if (now - nextBeatNanos >= 0) {
      nextBeatNanos = now + pulse.periodNanos();
      pulse.beat().run();
    }
    if (sessions.isEmpty()) {
      giveBack(now);
      return;
    }
    lastWatchedNanos = now;
    gaveBack = false;
    if (now - nextTickNanos >= 0) {
      nextTickNanos = now + TICK_NANOS;
      sessions.tellLosses(now);
      sessions.tickAll(now);
    }
    boolean second = now - nextSecondNanos >= 0;
    if (second) {
      nextSecondNanos = now + SECOND_NANOS;
      sessions.reconcile();
      aggregator.reconcile();
    }
    if (sessions.isCounting() && (second || sessions.endedSinceFold() >= FOLD_AFTER_ENDS)) {
      fold();
      if (second) {
        summaries.secondPassed(now);
      }
    }
  }

  /** The collector lets go of what the heap has grown to only when it collects all of it. */
  private void giveBack(long now) {
    if (!gaveBack && now - lastWatchedNanos >= GIVE_BACK_AFTER_NANOS) {
      gaveBack = true;
      System.gc();
    }
  }

  private void await(long now) {
    if (sessions.isEmpty()) {
      long due = gaveBack ? Long.MAX_VALUE : lastWatchedNanos + GIVE_BACK_AFTER_NANOS - now;
      capture.rest((int) Math.max(1, Math.min(nextBeatNanos - now, due) / MILLI));
    } else if (now - lastRecordNanos < ARM_AFTER_NANOS || !capture.rings().isEmpty()) {
      capture.rest(POLL_MILLIS);
    } else {
      capture.awaitRecord((int) Math.max(1, (nextTickNanos - now) / MILLI));
    }
  }

  private void fold() {
    sessions.folded();
    int unused = aggregator.fold(capture.counters(), capture.errors(), attribution);
  }

  // ---- commands ----

  private void runCommands() {
    for (int i = 0; i < PASS_COMMANDS; i++) {
      Command command = commands.poll();
      if (command == null) {
        return;
      }
      try {
        run(command);
      } catch (CaptureException | RuntimeException e) {
        boolean unused = command.answer().completeExceptionally(e);
      }
    }
  }

  private void run(Command command) throws CaptureException {
    if (command instanceof Command.Open open) {
      open(open);
    } else if (command instanceof Command.Close close) {
      close(close);
    } else if (command instanceof Command.Rechoose other) {
      Optional<Watch> found = sessions.find(other.session());
      if (found.isPresent()) {
        sessions.rechoose(found.get(), other.choice());
      }
      boolean unused = other.answer().complete(null);
    } else if (command instanceof Command.Summary summary) {
      foldAll();
      boolean unused =
          summary
              .answer()
              .complete(
                  summaries.whole(
                      summary.query(),
                      summary.window(),
                      startNanos,
                      System.nanoTime(),
                      shortcomings()));
    } else if (command instanceof Command.Keep keep) {
      foldAll();
      boolean unused = keep.answer().complete(summaries.keep(System.nanoTime()));
    } else if (command instanceof Command.SessionSummary summary) {
      boolean unused = summary.answer().complete(summary(summary));
    } else if (command instanceof Command.CallRoll roll) {
      foldAll();
      boolean unused =
          roll.answer().complete(census.call(roll.recentNanos(), startNanos, System.nanoTime()));
    } else if (command instanceof Command.Status status) {
      boolean unused = status.answer().complete(status());
    } else if (command instanceof Command.Stop stop) {
      stopping = true;
      boolean unused = stop.answer().complete(null);
    }
  }

  private void open(Command.Open command) throws CaptureException {
    if (command.wish().counters()) {
      // What was counted before is the session's baseline.
      aggregator.reconcile();
      fold();
      summaries.secondPassed(System.nanoTime());
    }
    Watch watch =
        sessions.open(command.drain(), command.wish(), command.subscriber(), System.nanoTime());
    boolean unused = command.answer().complete(watch.session);
  }

  private void close(Command.Close command) {
    Drain.Session session = command.session();
    sessions
        .find(session)
        .ifPresentOrElse(
            watch -> {
              watch.closers.add(command.answer());
              sessions.beginClosing(watch);
            },
            () -> {
              boolean unused = command.answer().complete(session.closed().orElseThrow());
            });
  }

  private Snapshot summary(Command.SessionSummary command) {
    Watch watch =
        sessions
            .find(command.session())
            .orElseThrow(() -> new IllegalStateException("the session is closed"));
    foldAll();
    Baseline baseline = watch.baseline;
    BitSet slots = (BitSet) watch.wish.slots().clone();
    if (!command.query().slots().isEmpty()) {
      slots.and(command.query().slots());
    }
    List<String> reasons = new ArrayList<>();
    addReasons(reasons, watch.books().lost());
    long now = System.nanoTime();
    if (slots.isEmpty()) {
      // Nothing in common; a query without slots would mean all of them.
      return new Snapshot(List.of(), reasons, now - baseline.sinceNanos());
    }
    return summaries.since(baseline, command.query().with(slots), command.window(), now, reasons);
  }

  /** Lifecycle records first, so that processes have their names; then the counters. */
  private void foldAll() {
    sessions.noticeRingLosses(System.nanoTime());
    int unused = capture.rings().pass(sessions, PASS_RECORDS);
    sessions.tellLosses(System.nanoTime());
    fold();
  }

  private List<String> shortcomings() {
    List<String> reasons = new ArrayList<>();
    addReasons(reasons, losses());
    return reasons;
  }

  private static void addReasons(List<String> reasons, Map<LossCause, Long> lost) {
    addReason(
        reasons,
        lost.get(LossCause.COUNTER),
        "calls were not counted: the kernel had no room for a new counter");
    addReason(
        reasons,
        lost.get(LossCause.STORAGE),
        "calls were not seen: the kernel had no memory for a task's state");
    addReason(
        reasons,
        lost.get(LossCause.FORK),
        "children were not followed: the kernel's process map was full");
    addReason(
        reasons,
        lost.get(LossCause.MISSED_RUN),
        "program runs were skipped by the kernel's recursion guard");
  }

  private static void addReason(List<String> reasons, long count, String what) {
    if (count > 0) {
      reasons.add(count + " " + what);
    }
  }

  private DrainStatus status() {
    List<DrainStatus.SessionBooks> books = new ArrayList<>();
    sessions.forEach(
        watch ->
            books.add(
                new DrainStatus.SessionBooks(watch.bit, watch.books(), watch.processesAlive())));
    int targets = capture.targets().forEach((tgid, wanted) -> {});
    return new DrainStatus(
        capture.attached(),
        capture.programs(),
        capture.rings().capacityBytes(),
        capture.rings().usedBytes(),
        capture.rings().peakBytes(),
        capture.rings().records(),
        losses(),
        capture.mapMemoryBytes(),
        books,
        List.of(
            new DrainStatus.Usage("sessions", Drain.MAX_SESSIONS, sessions.count(), ""),
            new DrainStatus.Usage(
                "processes followed", capture.targets().maxProcesses(), targets, ""),
            new DrainStatus.Usage(
                "processes remembered", Aggregator.MAX_PROCESSES, aggregator.processCount(), ""),
            new DrainStatus.Usage(
                "counters remembered", Aggregator.MAX_COUNTERS, aggregator.counterRows(), "")));
  }

  private Map<LossCause, Long> losses() {
    Map<LossCause, Long> lost = new EnumMap<>(LossCause.class);
    for (LossCause cause : LossCause.values()) {
      lost.put(
          cause,
          cause == LossCause.MISSED_RUN ? capture.missedRuns() : capture.control().lost(cause));
    }
    return lost;
  }

  // ---- the end ----

  private void end() {
    try {
      sessions.forEach(sessions::beginClosing);
      for (int pass = 0; pass < LAST_PASSES && !sessions.isEmpty(); pass++) {
        int unused = capture.rings().pass(sessions, PASS_RECORDS);
        sessions.finishClosing(System.nanoTime(), false);
      }
      sessions.finishClosing(System.nanoTime(), true);
    } finally {
      refuseCommands();
      capture.close();
    }
  }

  private void refuseCommands() {
    synchronized (commands) {
      dead = true;
      for (Command command : commands) {
        boolean unused =
            command
                .answer()
                .completeExceptionally(new IllegalStateException("the drain has stopped"));
      }
      commands.clear();
    }
  }
}
