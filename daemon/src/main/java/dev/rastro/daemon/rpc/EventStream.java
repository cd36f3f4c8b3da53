package dev.rastro.daemon.rpc;

import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.session.Ledger;
import dev.rastro.daemon.session.Order;
import dev.rastro.daemon.session.Overload;
import dev.rastro.daemon.session.Session;
import dev.rastro.daemon.session.SessionLimits;
import dev.rastro.daemon.session.Sessions;
import dev.rastro.v1.Ended;
import dev.rastro.v1.Progress;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * One stream to one client: takes batches from its session while the transport is ready, and tells
 * gaps, progress and the end in their place. When the connection breaks it may wait for the client
 * to come back, and goes on where that stopped reading.
 *
 * <p>Whatever happens (a batch, readiness, a second that has passed, the end) only notes itself and
 * asks for a run; runs never overlap, so that the observer is used by one thread at a time. Nothing
 * waits for the client: while it is not ready nothing is taken, and the queue's bound does the
 * rest.
 */
final class EventStream<T> implements Session.Watcher {

  /** After so many batches a run makes room for other streams on its thread. */
  private static final int BATCHES_PER_RUN = 16;

  private final String rpc;
  private final Outlet<T> outlet;
  private final Sessions sessions;
  private final Executor executor;
  private final ScheduledExecutorService timer;
  private final boolean endWithTarget;
  private final Runnable onEnd;
  private final AtomicReference<Return<T>> returning = new AtomicReference<>();

  /** Of all connections that it had. */
  private final Queue<StreamEnd> wires = new ConcurrentLinkedQueue<>();

  private final AtomicInteger wanted = new AtomicInteger();
  private final AtomicBoolean timed = new AtomicBoolean();

  private volatile Optional<Session> session = Optional.empty();
  private volatile Optional<Throwable> failure = Optional.empty();
  private volatile boolean targetEnded;
  private volatile boolean drainClosed;
  private volatile boolean stopping;
  private volatile boolean cancelled;
  private volatile boolean broken;
  private volatile boolean progressDue;
  private volatile int processesAlive;

  // Touched by runs alone.
  private boolean started;
  private boolean closing;
  private boolean ended;

  /** Taken from the queue and not given back yet. */
  private Optional<Session.Delivery> inHand = Optional.empty();

  /** A connection that a client opened to go on, and where it stopped. */
  private record Return<T>(ServerCallStreamObserver<T> out, long cursor) {}

  /**
   * @param rpc its name
   * @param onEnd run once, when the stream needs no more care
   */
  EventStream(
      String rpc,
      ServerCallStreamObserver<T> out,
      Messages<T> messages,
      SentHistory<T> history,
      Sessions sessions,
      Executor executor,
      ScheduledExecutorService timer,
      boolean endWithTarget,
      Consumer<EventStream<T>> onEnd) {
    this.rpc = rpc;
    this.outlet = new Outlet<>(out, messages, history);
    this.onEnd = () -> onEnd.accept(this);
    this.sessions = sessions;
    this.executor = executor;
    this.timer = timer;
    this.endWithTarget = endWithTarget;
  }

  /**
   * Opens the session; the stream runs by itself from here on. To be called in the RPC's method.
   */
  void start(Order order) {
    listen(outlet.reader(), order.terms().resumeNanos());
    outlet.beginWith(order.terms().detail());
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
                    Audit.began(rpc, opened);
                  }
                  run();
                });
  }

  /**
   * Goes on over another connection. To be called in that RPC's method.
   *
   * @param cursor behind the last message that arrived over the earlier one
   */
  void resume(ServerCallStreamObserver<T> connection, long cursor, long resumeNanos) {
    listen(connection, resumeNanos);
    returning.set(new Return<>(connection, cursor));
    run();
  }

  private void listen(ServerCallStreamObserver<T> connection, long resumeNanos) {
    StreamEnd how = StreamEnd.current();
    wires.add(how);
    connection.setOnReadyHandler(this::run);
    connection.setOnCloseHandler(
        () -> {
          if (connection == outlet.reader()) {
            onEnd.run();
          }
        });
    connection.setOnCancelHandler(
        () -> {
          if (connection != outlet.reader()) {
            return;
          }
          if (how.isBroken() && resumeNanos > 0 && session.isPresent()) {
            broken = true;
            var unused =
                timer.schedule(() -> giveUp(connection), resumeNanos, TimeUnit.NANOSECONDS);
          } else {
            cancel();
          }
          run();
        });
  }

  /** Nobody came back in time. */
  private void giveUp(ServerCallStreamObserver<T> connection) {
    if (connection == outlet.reader() && returning.get() == null) {
      cancel();
      run();
    }
  }

  private void cancel() {
    cancelled = true;
    onEnd.run();
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
    Return<T> next = returning.getAndSet(null);
    if (next != null) {
      change(next);
    }
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
      outlet.fail(failure.get());
      return false;
    }
    if (session.isEmpty()) {
      return false;
    }
    // Seen before the queue is: what the drain put there last must be found before the end is told.
    boolean last = drainClosed;
    // Also while nobody reads: what is not wanted takes the place of what is.
    boolean more = refine(session.get());
    boolean waits = broken && !stopping;
    return (!waits && send(session.get(), more, last)) || more;
  }

  /** Whether there is more to refine. */
  private static boolean refine(Session open) {
    for (int batches = 0; batches < BATCHES_PER_RUN; batches++) {
      if (!open.refine()) {
        return false;
      }
    }
    return true;
  }

  /**
   * The earlier connection, if it still stands, is told; the other gets what that has not received.
   */
  private void change(Return<T> next) {
    if (ended || cancelled) {
      next.out().onError(Failures.noSuchSession(session.map(Session::id).orElse("")));
      return;
    }
    ServerCallStreamObserver<T> earlier = outlet.turnTo(next.out());
    if (!broken) {
      earlier.onError(
          Status.ABORTED
              .withDescription("the stream goes on over another connection")
              .asRuntimeException());
    }
    broken = false;
    if (outlet.reader().isCancelled()) {
      // It went before it was ours, so that nobody told us.
      cancel();
      return;
    }
    outlet.goOn(session.orElseThrow(), next.cursor());
  }

  /**
   * @param more whether there is something that is not refined yet
   * @param last whether nothing more comes into the queue
   */
  private boolean send(Session open, boolean more, boolean last) {
    if (!started) {
      started = true;
      outlet.started(open);
    }
    boolean empty = false;
    for (int batches = 0; outlet.isReady() && !empty; batches++) {
      if (batches == BATCHES_PER_RUN && !stopping) {
        return true;
      }
      if (!outlet.sendAgain()) {
        inHand = open.take();
        empty = inHand.isEmpty();
        inHand.ifPresent(taken -> outlet.send(open, taken));
        inHand = Optional.empty();
      }
    }
    if (open.order().terms().overload() == Overload.END && open.hasOverflowed()) {
      overflow(open);
      return false;
    }
    boolean all = empty && !more;
    if (stopping || last || (endWithTarget && targetEnded && all)) {
      close(open);
      if (last && (all || stopping)) {
        end(open);
      }
    } else if (progressDue && outlet.isReady()) {
      progressDue = false;
      outlet.progress(progress(open.ledger()));
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
                    long sent = wires.stream().mapToLong(StreamEnd::sentBytes).sum();
                    Audit.ended(rpc, open, sent);
                    run();
                  });
    }
  }

  private void leave(Session open) {
    outlet.forget();
    open.abandon();
    close(open);
  }

  /** Who asked to be cut off instead of losing events is. */
  private void overflow(Session open) {
    ended = true;
    leave(open);
    outlet.fail(tooSlow(open));
  }

  private static CaptureException tooSlow(Session open) {
    return new CaptureException(
        CaptureException.Reason.EXHAUSTED,
        "the stream's queue of %d bytes was full: its client read too slowly"
            .formatted(open.order().terms().queueBytes()),
        "narrow the filter, ask for packed events or a larger queue, or let the oldest be dropped");
  }

  private void end(Session open) {
    ended = true;
    boolean byTarget = endWithTarget && targetEnded && !stopping;
    Ended.Reason reason =
        byTarget ? Ended.Reason.REASON_TARGET_ENDED : Ended.Reason.REASON_DAEMON_STOPPING;
    outlet.end(
        Ended.newBuilder()
            .setReason(reason)
            .setMessage(words(reason))
            .setTotals(progress(open.ledger()))
            .build());
    open.abandon();
  }

  static String words(Ended.Reason reason) {
    return reason == Ended.Reason.REASON_TARGET_ENDED
        ? "every process of the target has ended"
        : "the daemon is stopping; start it again and repeat the request";
  }

  private void abandon(RuntimeException e) {
    if (!ended) {
      ended = true;
      session.ifPresent(this::leave);
      inHand.ifPresent(taken -> session.orElseThrow().delivered(taken));
      if (!cancelled) {
        outlet.fail(e);
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
        .setReduced(ledger.reduced())
        .setCounted(ledger.counted())
        .setProcesses(targetEnded ? 0 : processesAlive)
        .build();
  }
}
