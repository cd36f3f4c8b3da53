package dev.rastro.daemon.rpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the tracer, health and reflection on the Unix socket and, if asked, on loopback TCP. Uses
 * the JDK's own Unix sockets through Netty's NIO transport: no native library.
 */
public final class RpcServer implements AutoCloseable {

  /** The health protocol's name for this service; the empty name stands for the whole server. */
  private static final String SERVICE = "rastro.v1.Tracer";

  private static final int IO_THREADS = 2;

  /** Of one request: filters and pids, nothing larger. */
  private static final int MAX_REQUEST_BYTES = 1 << 20;

  private static final int MAX_CALLS_PER_CONNECTION = 256;
  private static final long GRACE_MILLIS = 1000;
  private static final long FORCE_MILLIS = 300;

  private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);

  private final TracerService service;
  private final ExecutorService calls;
  private final HealthStatusManager health = new HealthStatusManager();
  private final EventLoopGroup io =
      new MultiThreadIoEventLoopGroup(IO_THREADS, NioIoHandler.newFactory());
  private final List<Server> servers = new ArrayList<>();
  private final SocketPlace place;
  private boolean settled;

  private RpcServer(TracerService service, ExecutorService calls, SocketPlace place) {
    this.service = service;
    this.calls = calls;
    this.place = place;
  }

  /**
   * Serves from here on.
   *
   * @param calls runs the calls; stays the caller's
   * @throws IOException naming the address, the cause and the remedy
   */
  public static RpcServer start(
      TracerService service, ExecutorService calls, Path socket, OptionalInt loopbackPort)
      throws IOException {
    RpcServer server = new RpcServer(service, calls, SocketPlace.claim(socket));
    try {
      server.serveSocket(socket);
      if (loopbackPort.isPresent()) {
        server.serveLoopback(loopbackPort.getAsInt());
      }
    } catch (IOException e) {
      server.close();
      throw e;
    }
    server.health.setStatus(SERVICE, ServingStatus.SERVING);
    return server;
  }

  private void serveSocket(Path socket) throws IOException {
    try {
      serve(
          NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(place.bindPath()))
              .channelFactory(NioServerDomainSocketChannel::new)
              .protocolNegotiator(new PeerNegotiator()));
      place.settle();
      settled = true;
    } catch (IOException e) {
      throw new IOException(
          "socket %s: cannot be served (%s); give another --socket".formatted(socket, causeOf(e)),
          e);
    }
  }

  private void serveLoopback(int port) throws IOException {
    try {
      int bound = serveTcp(literal("127.0.0.1"), port);
      LOG.atWarn()
          .addKeyValue("port", bound)
          .log("plain TCP on loopback: every account of this machine may trace through it");
      serveTcp(literal("::1"), bound);
    } catch (IOException e) {
      if (servers.size() < 2) {
        throw new IOException(
            "--listen-loopback %d: cannot be served (%s); give another port"
                .formatted(port, causeOf(e)),
            e);
      }
      LOG.atWarn().addKeyValue("cause", causeOf(e)).log("no IPv6 loopback: IPv4 alone is served");
    }
  }

  /** An address in digits, which no resolver is asked for. */
  private static InetAddress literal(String address) throws IOException {
    return InetAddress.getAllByName(address)[0];
  }

  private int serveTcp(InetAddress address, int port) throws IOException {
    return serve(
            NettyServerBuilder.forAddress(new InetSocketAddress(address, port))
                .channelType(NioServerSocketChannel.class))
        .getPort();
  }

  private Server serve(NettyServerBuilder builder) throws IOException {
    builder
        .bossEventLoopGroup(io)
        .workerEventLoopGroup(io)
        .executor(calls)
        .intercept(new Peer())
        .addStreamTracerFactory(StreamEnd.factory())
        .maxInboundMessageSize(MAX_REQUEST_BYTES)
        .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION);
    List.<BindableService>of(
            service,
            health.getHealthService(),
            ProtoReflectionServiceV1.newInstance(),
            v1alphaReflection())
        .forEach(builder::addService);
    Server server = builder.build().start();
    servers.add(server);
    return server;
  }

  /** Superseded by v1, and still all that many installed tools speak. */
  @SuppressWarnings("deprecation")
  private static BindableService v1alphaReflection() {
    return ProtoReflectionService.newInstance();
  }

  /** The TCP port of {@code --listen-loopback}. */
  public OptionalInt loopbackPort() {
    for (Server server : servers) {
      for (SocketAddress address : server.getListenSockets()) {
        if (address instanceof InetSocketAddress internet) {
          return OptionalInt.of(internet.getPort());
        }
      }
    }
    return OptionalInt.empty();
  }

  /**
   * Ends all streams with a message that says so, then all else. Takes at most about two seconds.
   */
  @Override
  public void close() {
    health.enterTerminalState();
    servers.forEach(Server::shutdown);
    service.stop();
    try {
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS);
      for (Server server : servers) {
        if (!server.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          server.shutdownNow();
          server.awaitTermination(FORCE_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
      place.release(settled);
      io.shutdownGracefully(0, FORCE_MILLIS, TimeUnit.MILLISECONDS).await(FORCE_MILLIS);
    } catch (InterruptedException e) {
      servers.forEach(Server::shutdownNow);
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until it is closed. */
  public void awaitEnd() throws InterruptedException {
    for (Server server : servers) {
      server.awaitTermination();
    }
  }

  private static String causeOf(IOException e) {
    return e.getCause() == null ? String.valueOf(e.getMessage()) : e.getCause().toString();
  }
}
