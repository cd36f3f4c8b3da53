package dev.rastro.daemon.rpc;

import dev.rastro.daemon.kernel.PeerCredentials;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One place to connect to. Lets so many in, hurries those who say nothing, asks the kernel who is
 * at the other end of a Unix socket, and leaves the connection where calls find it. This is the
 * only door that gRPC leaves open to a connection's channel; it is internal API.
 */
final class Door implements InternalProtocolNegotiator.ProtocolNegotiator {
  private static final Logger LOG = LoggerFactory.getLogger(Door.class);

  private final InternalProtocolNegotiator.ProtocolNegotiator negotiator;
  private final int maxConnections;
  private final Patience patience;
  private final AtomicInteger connections = new AtomicInteger();

  /**
   * @param negotiator that of TLS, or of none
   */
  Door(
      InternalProtocolNegotiator.ProtocolNegotiator negotiator,
      int maxConnections,
      Patience patience) {
    this.negotiator = negotiator;
    this.maxConnections = maxConnections;
    this.patience = patience;
  }

  @Override
  public AsciiString scheme() {
    return negotiator.scheme();
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
    return new Entrance(negotiator.newHandler(grpc));
  }

  @Override
  public void close() {
    negotiator.close();
  }

  /** False when it is one too many; it is counted until it closes. */
  private boolean enter(Channel channel) {
    boolean room = connections.incrementAndGet() <= maxConnections;
    channel.closeFuture().addListener(closed -> connections.decrementAndGet());
    return room;
  }

  /** Stands before gRPC's own handlers until the negotiation's first event has passed. */
  private final class Entrance extends ChannelInboundHandlerAdapter {
    private final ChannelHandler next;

    Entrance(ChannelHandler next) {
      this.next = next;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      if (!enter(context.channel())) {
        LOG.atDebug().addKeyValue("limit", maxConnections).log("connection refused: too many");
        var unused = context.close();
        return;
      }
      context.pipeline().addBefore(context.name(), null, new FirstWords());
      context.pipeline().addAfter(context.name(), null, next);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ProtocolNegotiationEvent negotiation) {
        context.fireUserEventTriggered(
            InternalProtocolNegotiationEvent.withAttributes(
                negotiation,
                InternalProtocolNegotiationEvent.getAttributes(negotiation).toBuilder()
                    .set(
                        Connection.KEY,
                        new Connection(context.channel(), credentials(context.channel())))
                    .build()));
        context.pipeline().remove(this);
      } else {
        context.fireUserEventTriggered(event);
      }
    }
  }

  private static Optional<PeerCredentials> credentials(Channel channel) {
    if (!(channel.localAddress() instanceof UnixDomainSocketAddress)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          PeerCredentials.of(((AbstractNioChannel.NioUnsafe) channel.unsafe()).ch()));
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("cause", e).log("peer not known: nothing is given to it");
      return Optional.empty();
    }
  }

  /** Ends a connection over which not even the first frame's head came in time. */
  private final class FirstWords extends ChannelInboundHandlerAdapter {
    /** HTTP/2's preface and the head of the SETTINGS that must follow; TLS has more to say. */
    private static final int BYTES = 24 + 9;

    private int seen;
    private Future<?> deadline;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      deadline =
          context
              .executor()
              .schedule(
                  () -> {
                    var unused = context.close();
                  },
                  patience.firstWords(),
                  TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof ByteBuf bytes) {
        seen += bytes.readableBytes();
      }
      if (seen >= BYTES) {
        context.pipeline().remove(this);
      }
      context.fireChannelRead(message);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      deadline.cancel(false);
    }
  }
}
