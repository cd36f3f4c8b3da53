package dev.rastro.daemon.rpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Channels of a test, all of one event loop. */
public final class Channels implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup io =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  /** Asks again, some time later, when told that it was too much. */
  private static final Map<String, ?> PATIENCE =
      Map.of(
          "methodConfig",
          List.of(
              Map.of(
                  "name",
                  List.of(Map.of()),
                  "retryPolicy",
                  Map.of(
                      "maxAttempts",
                      5.0,
                      "initialBackoff",
                      "0.5s",
                      "maxBackoff",
                      "2s",
                      "backoffMultiplier",
                      2.0,
                      "retryableStatusCodes",
                      List.of("RESOURCE_EXHAUSTED")))));

  private final List<ManagedChannel> open = new ArrayList<>();
  private final Map<String, ?> configuration;

  public Channels() {
    this(Map.of());
  }

  private Channels(Map<String, ?> configuration) {
    this.configuration = configuration;
  }

  /** Which do not mind being told to come again. */
  public static Channels patient() {
    return new Channels(PATIENCE);
  }

  public ManagedChannel unix(Path socket) {
    return kept(
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(io)
            .overrideAuthority("localhost")
            .usePlaintext());
  }

  public ManagedChannel loopback(int port) {
    return kept(
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .channelType(NioSocketChannel.class)
            .eventLoopGroup(io)
            .usePlaintext());
  }

  public ManagedChannel tls(int port, Path authority, Certificates.Pair identity) throws Exception {
    return tls(
        port,
        GrpcSslContexts.forClient()
            .trustManager(authority.toFile())
            .keyManager(identity.certificate().toFile(), identity.key().toFile())
            .build());
  }

  ManagedChannel tls(int port, SslContext context) {
    return kept(
        NettyChannelBuilder.forAddress("localhost", port)
            .channelType(NioSocketChannel.class)
            .eventLoopGroup(io)
            .sslContext(context));
  }

  private ManagedChannel kept(NettyChannelBuilder builder) {
    ManagedChannel channel = builder.defaultServiceConfig(configuration).build();
    open.add(channel);
    return channel;
  }

  @Override
  public void close() {
    for (ManagedChannel channel : open) {
      channel.shutdownNow();
    }
    io.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
