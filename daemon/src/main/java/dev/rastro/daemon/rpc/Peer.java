package dev.rastro.daemon.rpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Who calls, as far as the transport tells. */
final class Peer implements ServerInterceptor {

  private static final Context.Key<String> NAME = Context.keyWithDefault("peer", "in process");

  /** Of the call that the current thread serves. */
  static String name() {
    return NAME.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    SocketAddress address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    String user = call.getAttributes().get(PeerNegotiator.USER);
    String name =
        address instanceof InetSocketAddress internet
            ? "tcp " + internet.getAddress().getHostAddress() + ":" + internet.getPort()
            : "unix user " + user;
    return Contexts.interceptCall(Context.current().withValue(NAME, name), call, headers, next);
  }
}
