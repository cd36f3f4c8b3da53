// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.connection;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import dev.rastro.v1.Ended;
import dev.rastro.v1.Started;
import dev.rastro.v1.SummaryFrame;
import dev.rastro.v1.TracerGrpc;
import dev.rastro.v1.WatchSummaryRequest;
import dev.rastro.v1.WatchSummaryResponse;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.Optional;

/**
 * Sums that are watched as they grow. One thread reads; any thread may cancel, which ends the
 * reading thread's wait. While nobody reads, the daemon makes no frames.
 */
public final class SummaryFrames implements AutoCloseable {
  private final GrpcFailures failures;
  private final Context.CancellableContext context = Context.ROOT.withCancellation();
  private final Iterator<WatchSummaryResponse> messages;
  private volatile boolean cancelled;

  SummaryFrames(
      TracerGrpc.TracerBlockingStub stub, WatchSummaryRequest request, GrpcFailures failures) {
    this.failures = failures;
    Context before = context.attach();
    try {
      messages = stub.watchSummary(request);
    } finally {
      context.detach(before);
    }
  }

  /**
   * Blocks until the target is being counted. To be called first, if there is a target.
   *
   * @throws ClientFailure when the daemon refuses
   */
  public Started started() {
    return next().map(WatchSummaryResponse::getStarted).orElse(Started.getDefaultInstance());
  }

  /**
   * Blocks until there is a frame, or a part of one. Empty after {@link #cancel}.
   *
   * @throws ClientFailure when the stream ends otherwise
   */
  public Optional<SummaryFrame> frame() {
    Optional<WatchSummaryResponse> message = next();
    if (message.isPresent() && !message.get().hasFrame()) {
      Ended ended = message.get().getEnded();
      throw new ClientFailure(ExitStatus.UNAVAILABLE, "rastrod: " + ended.getMessage());
    }
    return message.map(WatchSummaryResponse::getFrame);
  }

  private Optional<WatchSummaryResponse> next() {
    try {
      if (messages.hasNext()) {
        return Optional.of(messages.next());
      }
    } catch (StatusRuntimeException failed) {
      if (!cancelled || failed.getStatus().getCode() != Status.Code.CANCELLED) {
        throw failures.translate(failed);
      }
    }
    if (!cancelled) {
      throw new ClientFailure(ExitStatus.UNAVAILABLE, "the daemon broke the stream off");
    }
    return Optional.empty();
  }

  /** From any thread; more than once does no harm. */
  public void cancel() {
    cancelled = true;
    context.cancel(null);
  }

  @Override
  public void close() {
    cancel();
  }
}
