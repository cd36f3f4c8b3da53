package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.AccessRules;
import dev.rastro.daemon.access.Peers;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.InternalProtocolNegotiators;
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
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the tracer, health and reflection on Unix sockets and, if asked, on TCP: all through the
 * same gate. Uses the JDK's own Unix sockets and TLS through Netty's NIO transport: no native
 * library.
 */
public final class RpcServer implements AutoCloseable {

  /** The health protocol's name for this service; the empty name stands for the whole server. */
  private static final String SERVICE = "rastro.v1.Tracer";

  private static final int IO_THREADS = 2;

  /** Handshakes with whoever can reach the machine must not keep local clients waiting. */
  private static final int NETWORK_IO_THREADS = 1;

  private static final long REFRESH_SECONDS = 5;
  private static final long GRACE_MILLIS = 1000;
  private static final long FORCE_MILLIS = 300;

  private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);

  private final TracerService service;
  private final Threads threads;
  private final Peers peers;
  private final Patience patience;
  private final Connections connections;
  private final Gate gate;
  private final HealthStatusManager health = new HealthStatusManager();
  private final EventLoopGroup local =
      new MultiThreadIoEventLoopGroup(IO_THREADS, NioIoHandler.newFactory());
  private final EventLoopGroup network =
      new MultiThreadIoEventLoopGroup(NETWORK_IO_THREADS, NioIoHandler.newFactory());
  private final List<Server> servers = new ArrayList<>();
  private final List<SocketPlace> places = new ArrayList<>();
  private final AtomicBoolean refreshing = new AtomicBoolean();
  private Optional<TlsFiles> tls = Optional.empty();
  private OptionalInt loopbackPort = OptionalInt.empty();
  private OptionalInt tlsPort = OptionalInt.empty();
  private volatile AccessRules rules;

  private RpcServer(
      TracerService service, Threads threads, Peers peers, AccessRules rules, Patience patience) {
    this.service = service;
    this.threads = threads;
    this.peers = peers;
    this.rules = rules;
    this.connections = new Connections(peers, rules, this::isTrusted);
    this.patience = patience;
    this.gate = new Gate(peers, threads.timer(), patience);
  }

  /**
   * Serves from here on.
   *
   * @param threads run the calls; stay the caller's
   * @throws IOException naming the address, the cause and the remedy
   */
  public static RpcServer start(
      TracerService service, Threads threads, Peers peers, AccessRules rules, Listening where)
      throws IOException {
    return start(service, threads, peers, rules, where, Patience.STANDARD);
  }

  static RpcServer start(
      TracerService service,
      Threads threads,
      Peers peers,
      AccessRules rules,
      Listening where,
      Patience patience)
      throws IOException {
    RpcServer server = new RpcServer(service, threads, peers, rules, patience);
    try {
      server.serveSocket("--socket", where.socket(), where.group());
      if (where.ownSocket().isPresent()) {
        server.serveOwnSocket(where.ownSocket().get());
      }
      if (where.loopbackPort().isPresent()) {
        server.serveLoopback(where.loopbackPort().getAsInt());
      }
      if (where.tls().isPresent()) {
        server.serveTls(where.tls().get());
      }
    } catch (IOException e) {
      server.close();
      throw e;
    }
    server.health.setStatus(SERVICE, ServingStatus.SERVING);
    var unused =
        threads
            .timer()
            .scheduleAtFixedRate(
                () -> threads.calls().execute(server::refresh),
                REFRESH_SECONDS,
                REFRESH_SECONDS,
                TimeUnit.SECONDS);
    return server;
  }

  private void serveSocket(String option, Path socket, OptionalInt group) throws IOException {
    serveUnix(
        option,
        socket,
        group.isPresent() ? SocketPlace.Access.GROUP : SocketPlace.Access.OWNER,
        group,
        ServerLimits.MAX_CONNECTIONS);
  }

  /** Apart from the other, so that strangers cannot use up its connections. */
  private void serveOwnSocket(Path socket) throws IOException {
    serveUnix(
        "--own-socket",
        socket,
        SocketPlace.Access.EVERYBODY,
        OptionalInt.empty(),
        ServerLimits.MAX_CONNECTIONS_OF_STRANGERS);
  }

  private void serveUnix(
      String option, Path socket, SocketPlace.Access access, OptionalInt group, int maxConnections)
      throws IOException {
    SocketPlace place = SocketPlace.claim(option, socket);
    places.add(place);
    try {
      Server unused =
          serve(
              NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(place.bindPath()))
                  .channelFactory(NioServerDomainSocketChannel::new)
                  .protocolNegotiator(
                      new Door(
                          InternalProtocolNegotiators.serverPlaintext(), maxConnections, patience)),
              local);
      place.settle(access, group);
    } catch (IOException e) {
      throw new IOException(
          "socket %s: cannot be served (%s); give another %s".formatted(socket, causeOf(e), option),
          e);
    }
  }

  private void serveLoopback(int port) throws IOException {
    try {
      int bound = serveLoopback(literal("127.0.0.1"), port);
      loopbackPort = OptionalInt.of(bound);
      LOG.atWarn()
          .addKeyValue("port", bound)
          .addKeyValue("role", rules.loopbackRole().word())
          .log("plain TCP on loopback: every account of this machine has this role through it");
      int unused = serveLoopback(literal("::1"), bound);
    } catch (IOException e) {
      if (loopbackPort.isEmpty()) {
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

  private int serveLoopback(InetAddress address, int port) throws IOException {
    return serve(
            NettyServerBuilder.forAddress(new InetSocketAddress(address, port))
                .channelType(NioServerSocketChannel.class)
                .protocolNegotiator(
                    new Door(
                        InternalProtocolNegotiators.serverPlaintext(),
                        ServerLimits.MAX_CONNECTIONS_OF_STRANGERS,
                        patience)),
            local)
        .getPort();
  }

  private void serveTls(TlsListening settings) throws IOException {
    TlsFiles files = TlsFiles.read(settings);
    tls = Optional.of(files);
    try {
      Server server =
          serve(
              NettyServerBuilder.forAddress(settings.address())
                  .channelType(NioServerSocketChannel.class)
                  .protocolNegotiator(
                      new Door(files, ServerLimits.MAX_CONNECTIONS_OF_NETWORK, patience))
                  .handshakeTimeout(patience.handshake(), TimeUnit.SECONDS)
                  .keepAliveTime(patience.keepalive(), TimeUnit.SECONDS)
                  .keepAliveTimeout(patience.keepaliveAnswer(), TimeUnit.SECONDS)
                  .permitKeepAliveTime(ServerLimits.PERMITTED_KEEPALIVE_SECONDS, TimeUnit.SECONDS),
              network);
      tlsPort = OptionalInt.of(server.getPort());
      LOG.atInfo()
          .addKeyValue("address", settings.address().getAddress().getHostAddress())
          .addKeyValue("port", server.getPort())
          .addKeyValue("subjects", rules.subjects().size())
          .log("serving mutual TLS");
    } catch (IOException e) {
      throw new IOException(
          "--listen %s: cannot be served (%s); give another address"
              .formatted(settings.address(), causeOf(e)),
          e);
    }
  }

  private Server serve(NettyServerBuilder builder, EventLoopGroup io) throws IOException {
    builder
        .bossEventLoopGroup(io)
        .workerEventLoopGroup(io)
        .executor(threads.calls())
        .addTransportFilter(connections)
        .intercept(gate)
        .addStreamTracerFactory(StreamEnd.factory())
        .maxInboundMessageSize(ServerLimits.MAX_REQUEST_BYTES)
        .maxInboundMetadataSize(ServerLimits.MAX_HEADER_BYTES)
        .maxConcurrentCallsPerConnection(ServerLimits.MAX_CALLS_PER_CONNECTION)
        .maxConnectionIdle(patience.idle(), TimeUnit.SECONDS)
        .maxRstFramesPerWindow(ServerLimits.MAX_RESETS, ServerLimits.RESET_SECONDS);
    List.of(
            service,
            health.getHealthService(),
            ProtoReflectionServiceV1.newInstance(),
            v1alphaReflection())
        .forEach(each -> builder.addService(Requests.readable(each.bindService())));
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
    return loopbackPort;
  }

  /** The TCP port of {@code --listen}. */
  public OptionalInt tlsPort() {
    return tlsPort;
  }

  /** Other rules from here on. Connections to which they give something else end. */
  public void setRules(AccessRules other) {
    rules = other;
    connections.setRules(other);
  }

  /** Reads certificates again, if they have changed; forgets who is gone. */
  void refresh() {
    peers.forget();
    if (tls.isPresent() && refreshing.compareAndSet(false, true)) {
      try {
        if (tls.get().refresh()) {
          // Whoever is no longer vouched for has to go.
          connections.setRules(rules);
        }
      } finally {
        refreshing.set(false);
      }
    }
  }

  private boolean isTrusted(java.security.cert.X509Certificate[] chain) {
    return tls.filter(files -> files.trusts(chain)).isPresent();
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
      places.forEach(SocketPlace::release);
      for (EventLoopGroup io : List.of(local, network)) {
        io.shutdownGracefully(0, FORCE_MILLIS, TimeUnit.MILLISECONDS).await(FORCE_MILLIS);
      }
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
