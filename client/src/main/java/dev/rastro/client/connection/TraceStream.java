package dev.rastro.client.connection;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import dev.rastro.v1.Ended;
import dev.rastro.v1.Resume;
import dev.rastro.v1.Started;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.TracerGrpc;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One running trace. One thread reads it; any thread may cancel it, which ends the reading thread's
 * wait. Messages that were not asked for yet stay with the daemon, which counts what it must drop.
 *
 * <p>When the connection breaks or the daemon is started anew it tries for a while to go on: with
 * the same session where that is still there, else with a new one. Then there is one more {@code
 * Started} among the messages, which says which of the two it was.
 */
public final class TraceStream implements AutoCloseable {
  private static final long PAUSE_MILLIS = 100;

  private final TracerGrpc.TracerBlockingStub stub;
  private final GrpcFailures failures;
  private final int reconnectSeconds;
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private Supplier<Optional<TraceRequest>> anew;
  private Iterator<TraceResponse> messages;
  private volatile Context.CancellableContext context;
  private String session = "";
  private long cursor;
  private long lostNanos;

  private TraceStream(
      TracerGrpc.TracerBlockingStub stub,
      TraceRequest request,
      GrpcFailures failures,
      int reconnectSeconds) {
    this.stub = stub;
    this.failures = failures;
    this.reconnectSeconds = reconnectSeconds;
    this.anew = () -> Optional.of(request);
    this.messages = begin(request);
  }

  /**
   * @param reconnectSeconds how long it tries to go on; 0: not at all
   */
  static TraceStream open(
      TracerGrpc.TracerBlockingStub stub,
      TraceRequest request,
      GrpcFailures failures,
      int reconnectSeconds) {
    try {
      TraceRequest lasting = request.toBuilder().setResumeSeconds(reconnectSeconds).build();
      return new TraceStream(stub, lasting, failures, reconnectSeconds);
    } catch (StatusRuntimeException failed) {
      throw failures.translate(failed);
    }
  }

  /** What to ask for where the session is no more; empty to leave it at that. */
  public void onRestart(Supplier<Optional<TraceRequest>> request) {
    anew =
        () ->
            request
                .get()
                .map(wanted -> wanted.toBuilder().setResumeSeconds(reconnectSeconds).build());
  }

  /**
   * Blocks until the target is being traced. To be called first.
   *
   * @throws ClientFailure when the daemon refuses
   */
  public Started started() {
    Optional<TraceResponse> first = next();
    if (first.isEmpty() && isCancelled()) {
      return Started.getDefaultInstance();
    }
    return first
        .filter(TraceResponse::hasStarted)
        .orElseThrow(
            () ->
                new ClientFailure(
                    ExitStatus.UNAVAILABLE, "the daemon did not begin the trace as agreed"))
        .getStarted();
  }

  /**
   * Blocks until there is a message. Empty after the last one, and after {@link #cancel}.
   *
   * @throws ClientFailure when the stream breaks and cannot go on
   */
  public Optional<TraceResponse> next() {
    try {
      if (!messages.hasNext()) {
        return Optional.empty();
      }
      TraceResponse message = messages.next();
      note(message);
      boolean stopping =
          message.getEnded().getReason() == Ended.Reason.REASON_DAEMON_STOPPING && mayReconnect();
      return Optional.of(stopping ? reconnect().orElse(message) : message);
    } catch (StatusRuntimeException failed) {
      if (isCancelled() && failed.getStatus().getCode() == Status.Code.CANCELLED) {
        return Optional.empty();
      }
      if (failed.getStatus().getCode() == Status.Code.UNAVAILABLE && mayReconnect()) {
        Optional<TraceResponse> back = reconnect();
        if (back.isPresent() || isCancelled()) {
          return back;
        }
      }
      throw failures.translate(failed);
    }
  }

  /** How long the connection was away before the last {@code Started}. */
  public long awayNanos() {
    return lostNanos;
  }

  private boolean mayReconnect() {
    return reconnectSeconds > 0 && !session.isEmpty() && !isCancelled();
  }

  private void note(TraceResponse message) {
    switch (message.getMessageCase()) {
      case STARTED -> session = message.getStarted().getSessionId();
      case EVENTS -> cursor = message.getEvents().getCursor();
      case PACKED -> cursor = message.getPacked().getCursor();
      case GAP -> cursor = message.getGap().getCursor();
      default -> {}
    }
  }

  /** The message with which it goes on; empty when it does not. */
  private Optional<TraceResponse> reconnect() {
    long began = System.nanoTime();
    long deadline = began + TimeUnit.SECONDS.toNanos(reconnectSeconds);
    Optional<TraceRequest> request = Optional.of(resume());
    while (request.isPresent() && System.nanoTime() < deadline && pause()) {
      try {
        messages = begin(request.get());
        if (messages.hasNext()) {
          TraceResponse first = messages.next();
          lostNanos = System.nanoTime() - began;
          if (!first.getStarted().getResumed()) {
            cursor = 0;
          }
          note(first);
          return Optional.of(first);
        }
      } catch (StatusRuntimeException refused) {
        Status.Code code = refused.getStatus().getCode();
        if (code == Status.Code.NOT_FOUND && request.get().hasResume()) {
          request = anew.get();
        } else if (code != Status.Code.UNAVAILABLE) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private TraceRequest resume() {
    return TraceRequest.newBuilder()
        .setResume(Resume.newBuilder().setSessionId(session).setCursor(cursor))
        .build();
  }

  /** False when it was cancelled meanwhile. */
  private boolean pause() {
    try {
      return !cancelled.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Iterator<TraceResponse> begin(TraceRequest request) {
    Context.CancellableContext fresh = Context.ROOT.withCancellation();
    context = fresh;
    if (isCancelled()) {
      fresh.cancel(null);
    }
    Context before = fresh.attach();
    try {
      return stub.trace(request);
    } finally {
      fresh.detach(before);
    }
  }

  /** From any thread; more than once does no harm. */
  public void cancel() {
    cancelled.countDown();
    context.cancel(null);
  }

  public boolean isCancelled() {
    return cancelled.getCount() == 0;
  }

  @Override
  public void close() {
    cancel();
  }
}
