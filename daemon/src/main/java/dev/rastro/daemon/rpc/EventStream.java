package dev.rastro.daemon.rpc;

import dev.rastro.daemon.session.Gap;
import dev.rastro.daemon.session.Ledger;
import dev.rastro.daemon.session.Order;
import dev.rastro.daemon.session.Session;
import dev.rastro.daemon.session.SessionLimits;
import dev.rastro.daemon.session.Sessions;
import dev.rastro.v1.Ended;
import dev.rastro.v1.Progress;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One stream to one client: takes batches from its session while the transport is ready, and tells
 * gaps, progress and the end in their place.
 *
 * <p>Whatever happens (a batch, readiness, a second that has passed, the end) only notes itself and
 * asks for a run; runs never overlap, so that the observer is used by one thread at a time. Nothing
 * waits for the client: while it is not ready nothing is taken, and the queue's bound does the
 * rest.
 */
final class EventStream<T> implements Session.Watcher {

  /** After so many batches a run makes room for other streams on its thread. */
  private static final int BATCHES_PER_RUN = 16;

  private final ServerCallStreamObserver<T> out;
  private final Messages<T> messages;
  private final Sessions sessions;
  private final Executor executor;
  private final ScheduledExecutorService timer;
  private final boolean endWithTarget;

  private final AtomicInteger wanted = new AtomicInteger();
  private final AtomicBoolean timed = new AtomicBoolean();

  private volatile Optional<Session> session = Optional.empty();
  private volatile Optional<Throwable> failure = Optional.empty();
  private volatile boolean targetEnded;
  private volatile boolean drainClosed;
  private volatile boolean stopping;
  private volatile boolean cancelled;
  private volatile boolean progressDue;
  private volatile int processesAlive;

  /** Touched by runs alone. */
  private boolean started;

  private boolean closing;

  private boolean ended;

  EventStream(
      ServerCallStreamObserver<T> out,
      Messages<T> messages,
      Sessions sessions,
      Executor executor,
      ScheduledExecutorService timer,
      boolean endWithTarget) {
    this.out = out;
    this.messages = messages;
    this.sessions = sessions;
    this.executor = executor;
    this.timer = timer;
    this.endWithTarget = endWithTarget;
  }

  /**
   * Opens the session; the stream runs by itself from here on. To be called in the RPC's method.
   *
   * @param onEnd run once, when the stream needs no more care
   */
  void start(Order order, Runnable onEnd) {
    out.setOnReadyHandler(this::run);
    out.setOnCancelHandler(
        () -> {
          cancelled = true;
          onEnd.run();
          run();
        });
    out.setOnCloseHandler(onEnd);
    var unused =
        sessions
            .open(order, this)
            .whenComplete(
                (opened, refused) -> {
                  if (refused != null) {
                    failure = Optional.of(refused);
                  } else {
                    processesAlive = opened.processes().size();
                    session = Optional.of(opened);
                  }
                  run();
                });
  }

  /** Its bit in the kernel's masks; empty until it is watching. */
  Optional<Session> session() {
    return session;
  }

  void progress(int alive) {
    processesAlive = alive;
    progressDue = true;
    run();
  }

  void stop() {
    stopping = true;
    run();
  }

  @Override
  public void available(boolean urgent) {
    if (urgent) {
      run();
    } else if (timed.compareAndSet(false, true)) {
      var unused = timer.schedule(this::runTimed, SessionLimits.BATCH_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  private void runTimed() {
    timed.set(false);
    run();
  }

  @Override
  public void targetEnded() {
    targetEnded = true;
    run();
  }

  @Override
  public void closed() {
    drainClosed = true;
    run();
  }

  private void run() {
    if (wanted.getAndIncrement() == 0) {
      executor.execute(this::runOnce);
    }
  }

  private void runOnce() {
    int seen = wanted.get();
    boolean more = false;
    try {
      more = step();
    } catch (RuntimeException e) {
      abandon(e);
    }
    if (more || !wanted.compareAndSet(seen, 0)) {
      executor.execute(this::runOnce);
    }
  }

  /** Whether there is more to do at once. */
  private boolean step() {
    if (ended) {
      return false;
    }
    if (cancelled) {
      ended = session.isPresent() || failure.isPresent();
      session.ifPresent(this::leave);
      return false;
    }
    if (failure.isPresent()) {
      ended = true;
      out.onError(Failures.of(failure.get()));
      return false;
    }
    return session.isPresent() && send(session.get());
  }

  private boolean send(Session open) {
    if (!started) {
      started = true;
      out.onNext(messages.started(open));
    }
    boolean empty = false;
    for (int batches = 0; out.isReady() && !empty; batches++) {
      if (batches == BATCHES_PER_RUN && !stopping) {
        return true;
      }
      Optional<Session.Delivery> delivery = open.take();
      empty = delivery.isEmpty();
      delivery.ifPresent(taken -> send(open, taken));
    }
    if (stopping || drainClosed || (endWithTarget && targetEnded && empty)) {
      close(open);
      if (drainClosed && (empty || stopping)) {
        end(open);
      }
    } else if (progressDue && out.isReady()) {
      progressDue = false;
      out.onNext(messages.progress(progress(open.ledger())));
    }
    return false;
  }

  /** The end is told when the drain is done with the session: then its books are final. */
  private void close(Session open) {
    if (!closing) {
      closing = true;
      var unused =
          sessions
              .close(open)
              .whenComplete(
                  (books, refused) -> {
                    drainClosed = true;
                    run();
                  });
    }
  }

  private void leave(Session open) {
    open.abandon();
    close(open);
  }

  private void send(Session open, Session.Delivery delivery) {
    for (Gap gap : delivery.gaps()) {
      out.onNext(messages.gap(Wire.gap(gap)));
    }
    delivery
        .batch()
        .ifPresent(
            batch -> {
              messages.events(batch).ifPresent(out::onNext);
              open.delivered(batch);
            });
  }

  private void end(Session open) {
    ended = true;
    boolean byTarget = endWithTarget && targetEnded && !stopping;
    out.onNext(
        messages.ended(
            Ended.newBuilder()
                .setReason(
                    byTarget
                        ? Ended.Reason.REASON_TARGET_ENDED
                        : Ended.Reason.REASON_DAEMON_STOPPING)
                .setMessage(
                    byTarget
                        ? "every process of the target has ended"
                        : "the daemon is stopping; start it again and repeat the request")
                .setTotals(progress(open.ledger()))
                .build()));
    out.onCompleted();
    open.abandon();
  }

  private void abandon(RuntimeException e) {
    if (!ended) {
      ended = true;
      session.ifPresent(this::leave);
      if (!cancelled) {
        out.onError(Failures.of(e));
      }
    }
  }

  private Progress progress(Ledger ledger) {
    return Progress.newBuilder()
        .setObserved(ledger.observed())
        .setDelivered(ledger.delivered())
        .setFiltered(ledger.filtered())
        .addAllLost(Wire.losses(ledger.lost()))
        .addAllFilteredBy(Wire.filters(ledger))
        .setQueued(ledger.queued())
        .setProcesses(targetEnded ? 0 : processesAlive)
        .build();
  }
}
