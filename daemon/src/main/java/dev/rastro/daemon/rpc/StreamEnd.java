package dev.rastro.daemon.rpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How a call's stream ended, which gRPC tells its observers only as "cancelled": by the client's
 * will, or because the connection broke. And how much was sent on it.
 */
final class StreamEnd extends ServerStreamTracer {
  private static final Context.Key<StreamEnd> KEY = Context.key("stream-end");

  private final AtomicLong sentBytes = new AtomicLong();
  private volatile Status status = Status.OK;

  /**
   * Of the call that the current thread serves; one that never breaks where nothing was installed.
   */
  static StreamEnd current() {
    StreamEnd found = KEY.get();
    return found == null ? new StreamEnd() : found;
  }

  /** To be installed in a server. */
  static Factory factory() {
    return new Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new StreamEnd();
      }
    };
  }

  /** Whether the connection went away under the stream. */
  boolean isBroken() {
    return status.getCode() == Status.Code.UNAVAILABLE;
  }

  /** Handed to the transport, without its own framing. */
  long sentBytes() {
    return sentBytes.get();
  }

  @Override
  public void outboundWireSize(long bytes) {
    sentBytes.addAndGet(bytes);
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  @Override
  public void streamClosed(Status end) {
    status = end;
  }
}
