package dev.rastro.client.connection;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import dev.rastro.v1.Started;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.TracerGrpc;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.Optional;

/**
 * One running trace. One thread reads it; any thread may cancel it, which ends the reading thread's
 * wait. Messages that were not asked for yet stay with the daemon, which counts what it must drop.
 */
public final class TraceStream implements AutoCloseable {
  private final Context.CancellableContext context;
  private final Iterator<TraceResponse> messages;
  private final GrpcFailures failures;
  private volatile boolean cancelled;

  private TraceStream(
      Context.CancellableContext context, Iterator<TraceResponse> messages, GrpcFailures failures) {
    this.context = context;
    this.messages = messages;
    this.failures = failures;
  }

  static TraceStream open(
      TracerGrpc.TracerBlockingStub stub, TraceRequest request, GrpcFailures failures) {
    Context.CancellableContext context = Context.ROOT.withCancellation();
    Context before = context.attach();
    try {
      return new TraceStream(context, stub.trace(request), failures);
    } catch (StatusRuntimeException failed) {
      throw failures.translate(failed);
    } finally {
      context.detach(before);
    }
  }

  /**
   * Blocks until the target is being traced. To be called first.
   *
   * @throws ClientFailure when the daemon refuses
   */
  public Started started() {
    Optional<TraceResponse> first = next();
    if (first.isEmpty() && cancelled) {
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
   * @throws ClientFailure when the stream breaks
   */
  public Optional<TraceResponse> next() {
    try {
      return messages.hasNext() ? Optional.of(messages.next()) : Optional.empty();
    } catch (StatusRuntimeException failed) {
      if (cancelled && failed.getStatus().getCode() == Status.Code.CANCELLED) {
        return Optional.empty();
      }
      throw failures.translate(failed);
    }
  }

  /** From any thread; more than once does no harm. */
  public void cancel() {
    cancelled = true;
    context.cancel(null);
  }

  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public void close() {
    cancel();
  }
}
