package dev.rastro.daemon.rpc;

import io.grpc.Attributes;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.util.AsciiString;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the kernel who is at the other end of a Unix socket (SO_PEERCRED, as of its connect) and
 * puts the answer where calls find it. Else plaintext, as gRPC has it by default. This is the only
 * door that gRPC leaves open to a connection's channel; it is internal API.
 */
final class PeerNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {

  /** The user's name, or the uid in digits where it has none. */
  static final Attributes.Key<String> USER = Attributes.Key.create("rastro-peer-user");

  private static final ChannelOption<UnixDomainPrincipal> CREDENTIALS =
      NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED);

  private static final Logger LOG = LoggerFactory.getLogger(PeerNegotiator.class);

  private final InternalProtocolNegotiator.ProtocolNegotiator plaintext =
      InternalProtocolNegotiators.serverPlaintext();

  @Override
  public AsciiString scheme() {
    return plaintext.scheme();
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
    return new Asking(plaintext.newHandler(grpc));
  }

  @Override
  public void close() {
    plaintext.close();
  }

  /** Stands before gRPC's own handler until the negotiation's event has passed. */
  private static final class Asking extends ChannelInboundHandlerAdapter {
    private final ChannelHandler next;

    Asking(ChannelHandler next) {
      this.next = next;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      context.pipeline().addAfter(context.name(), null, next);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ProtocolNegotiationEvent negotiation) {
        context.fireUserEventTriggered(
            InternalProtocolNegotiationEvent.withAttributes(
                negotiation,
                InternalProtocolNegotiationEvent.getAttributes(negotiation).toBuilder()
                    .set(USER, user(context))
                    .build()));
        context.pipeline().remove(this);
      } else {
        context.fireUserEventTriggered(event);
      }
    }

    private static String user(ChannelHandlerContext context) {
      try {
        UserPrincipal user = context.channel().config().getOption(CREDENTIALS).user();
        return user.getName();
      } catch (RuntimeException e) {
        LOG.atWarn().addKeyValue("cause", e).log("peer not known");
        return "?";
      }
    }
  }
}
