package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.access.LimitReached;
import dev.rastro.daemon.kernel.PeerCredentials;
import io.grpc.Attributes;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One connection: who is at its other end, and how to end it. Who calls is set once, before its
 * first call.
 */
final class Connection {
  static final Attributes.Key<Connection> KEY = Attributes.Key.create("rastro-connection");

  private final Channel channel;
  private final Optional<PeerCredentials> credentials;
  private volatile Optional<Caller> caller = Optional.empty();
  private volatile Optional<LimitReached> refusal = Optional.empty();

  Connection(Channel channel, Optional<PeerCredentials> credentials) {
    this.channel = channel;
    this.credentials = credentials;
  }

  /** What the kernel says; empty for TCP, and where it does not. */
  Optional<PeerCredentials> credentials() {
    return credentials;
  }

  Optional<Caller> caller() {
    return caller;
  }

  void setCaller(Caller known) {
    caller = Optional.of(known);
  }

  /** Why nothing may be had over it, and all calls are to be told so. */
  Optional<LimitReached> refusal() {
    return refusal;
  }

  void refuse(LimitReached why) {
    refusal = Optional.of(why);
  }

  /** At once: gRPC's own close would wait for its calls to end, and those may never. */
  void close() {
    channel.eventLoop().execute(() -> channel.unsafe().close(channel.voidPromise()));
  }

  void closeAfter(long millis) {
    Future<?> end = channel.eventLoop().schedule(this::close, millis, TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> end.cancel(false));
  }
}
