// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.Question;
import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.session.Session;
import dev.rastro.daemon.session.Sessions;
import dev.rastro.v1.Ended;
import dev.rastro.v1.SummaryFrame;
import dev.rastro.v1.WatchSummaryResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Sums to one client, again and again: asks the drain, sends what is new, waits, and so on, one
 * after the other, so that the observer is used by one thread at a time. A client that does not
 * read is asked nothing for: its next frame makes up for those that it has missed.
 *
 * <p>What happens meanwhile (a cancel, the end of the target, of the daemon) notes itself and cuts
 * the wait short.
 */
final class SummaryStream implements Session.Watcher {
  private final ServerCallStreamObserver<WatchSummaryResponse> out;
  private final SummaryFrames frames;
  private final long intervalNanos;
  private final boolean endWithTarget;
  private final Sessions sessions;
  private final Threads threads;
  private final Consumer<SummaryStream> onEnd;

  private volatile Optional<Session> session = Optional.empty();
  private volatile boolean cancelled;
  private volatile boolean stopping;
  private volatile boolean targetEnded;
  private volatile boolean drainClosed;
  private final AtomicLong sentBytes = new AtomicLong();

  /** Where the sums come from; set once, before the first step. */
  private Supplier<CompletableFuture<Snapshot>> source =
      () -> CompletableFuture.failedFuture(new IllegalStateException("not begun"));

  /** The wait for the next step; guarded by this. */
  private Optional<Future<?>> wait = Optional.empty();

  /** Somebody wants the next step at once; guarded by this. */
  private boolean hurried;

  /**
   * @param onEnd run once, when the stream needs no more care
   */
  SummaryStream(
      ServerCallStreamObserver<WatchSummaryResponse> out,
      SummaryFrames frames,
      long intervalNanos,
      boolean endWithTarget,
      Sessions sessions,
      Threads threads,
      Consumer<SummaryStream> onEnd) {
    this.out = out;
    this.frames = frames;
    this.intervalNanos = intervalNanos;
    this.endWithTarget = endWithTarget;
    this.sessions = sessions;
    this.threads = threads;
    this.onEnd = onEnd;
    out.setOnCancelHandler(
        () -> {
          cancelled = true;
          hurry();
        });
  }

  /** Shows sums of others. */
  void start(Supplier<CompletableFuture<Snapshot>> sums) {
    source = sums;
    threads.calls().execute(this::step);
  }

  /**
   * Shows sums of a session of its own.
   *
   * @param opening with this as its watcher
   */
  void start(
      CompletableFuture<Session> opening,
      Function<Session, CompletableFuture<Snapshot>> sums,
      Function<Session, WatchSummaryResponse> started) {
    var unused =
        opening.whenCompleteAsync(
            (opened, refused) -> {
              if (refused != null) {
                fail(refused);
                return;
              }
              session = Optional.of(opened);
              Audit.began(Question.WATCH_SUMMARY.rpc(), opened);
              source = () -> sums.apply(opened);
              send(started.apply(opened));
              step();
            },
            threads.calls());
  }

  void stop() {
    stopping = true;
    hurry();
  }

  @Override
  public void available(boolean urgent) {
    // A session that counts has nothing to send.
  }

  @Override
  public void targetEnded() {
    targetEnded = true;
    if (endWithTarget) {
      hurry();
    }
  }

  @Override
  public void closed() {
    drainClosed = true;
    hurry();
  }

  private void step() {
    boolean last = stopping || drainClosed || (endWithTarget && targetEnded);
    if (cancelled) {
      leave();
    } else if (drainClosed) {
      // Nobody is left to ask.
      end();
    } else if (!last && !out.isReady()) {
      await();
    } else {
      var unused =
          source
              .get()
              .whenCompleteAsync(
                  (sums, failure) -> {
                    if (failure != null) {
                      fail(failure);
                    } else {
                      send(sums, last);
                    }
                  },
                  threads.calls());
    }
  }

  private void send(Snapshot sums, boolean last) {
    for (SummaryFrame frame : frames.next(sums, System.nanoTime())) {
      send(WatchSummaryResponse.newBuilder().setFrame(frame).build());
    }
    if (last) {
      end();
    } else {
      await();
    }
  }

  private void send(WatchSummaryResponse message) {
    var unused = sentBytes.addAndGet(message.getSerializedSize());
    out.onNext(message);
  }

  private synchronized void await() {
    if (hurried || cancelled) {
      hurried = false;
      threads.calls().execute(this::step);
    } else {
      wait =
          Optional.of(
              threads
                  .timer()
                  .schedule(
                      () -> threads.calls().execute(this::step),
                      intervalNanos,
                      TimeUnit.NANOSECONDS));
    }
  }

  private synchronized void hurry() {
    boolean waiting = wait.map(pending -> pending.cancel(false)).orElse(false);
    if (waiting) {
      threads.calls().execute(this::step);
    } else {
      hurried = true;
    }
  }

  private void end() {
    boolean byTarget = endWithTarget && targetEnded && !stopping;
    Ended.Reason reason =
        byTarget ? Ended.Reason.REASON_TARGET_ENDED : Ended.Reason.REASON_DAEMON_STOPPING;
    send(
        WatchSummaryResponse.newBuilder()
            .setEnded(Ended.newBuilder().setReason(reason).setMessage(EventStream.words(reason)))
            .build());
    out.onCompleted();
    leave();
  }

  private void fail(Throwable failure) {
    if (!cancelled) {
      out.onError(Failures.of(failure));
    }
    leave();
  }

  private void leave() {
    session.ifPresent(
        open -> {
          open.abandon();
          var unused =
              sessions
                  .close(open)
                  .thenAccept(
                      books -> Audit.ended(Question.WATCH_SUMMARY.rpc(), open, sentBytes.get()));
        });
    onEnd.accept(this);
  }
}
