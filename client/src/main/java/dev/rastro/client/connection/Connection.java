package dev.rastro.client.connection;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.GetStatusResponse;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.ListInFlightRequest;
import dev.rastro.v1.ListInFlightResponse;
import dev.rastro.v1.ListProcessesRequest;
import dev.rastro.v1.ListProcessesResponse;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TracerGrpc;
import dev.rastro.v1.WatchSummaryRequest;
import io.grpc.Context;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.LogManager;
import java.util.regex.Pattern;

/**
 * A conversation with one daemon. Calls block, and fail with {@link ClientFailure} alone. Closing
 * it ends everything that was started for it, the private daemon included.
 */
public final class Connection implements AutoCloseable {
  /** Real, then effective id. */
  private static final Pattern ROOT = Pattern.compile("Uid:\\s+\\d+\\s+0\\s");

  private static final int UNARY_DEADLINE_SECONDS = 30;
  private static final int CLOSE_TIMEOUT_SECONDS = 5;
  private static final int INBOUND_MESSAGE_BYTES = 64 << 20;

  /** After so much silence a daemon over a network is asked whether it is there. */
  private static final int KEEPALIVE_SECONDS = 30;

  static {
    // What these libraries would log is either a failure that we report ourselves or of no use to
    // the user, and a logging framework that happens to be on the class path costs start-up time.
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    LogManager.getLogManager().reset();
  }

  private final ManagedChannel channel;
  private final EventLoopGroup loop;
  private final Optional<PrivateDaemon> own;
  private final GrpcFailures failures;

  private Connection(NettyChannelBuilder builder, String shown, Optional<PrivateDaemon> own) {
    this.own = own;
    failures = new GrpcFailures(shown);
    loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("rastro-io", true), NioIoHandler.newFactory());
    channel =
        builder
            .eventLoopGroup(loop)
            .maxInboundMessageSize(INBOUND_MESSAGE_BYTES)
            .disableRetry()
            .directExecutor()
            .build();
  }

  /**
   * Opens one, starting a private daemon when none runs, none was chosen and we are root.
   *
   * @throws ClientFailure when there is no daemon to talk to
   */
  public static Connection open(Endpoint endpoint) {
    return open(endpoint, false);
  }

  /**
   * The same, for somebody who wants to see what is hidden unless somebody says otherwise.
   *
   * @param showSecrets only a daemon of our own does
   */
  public static Connection open(Endpoint endpoint, boolean showSecrets) {
    if (endpoint instanceof Endpoint.Tcp tcp) {
      requireNot(showSecrets);
      return new Connection(
          tcp.tls().map(tls -> secure(tcp, tls)).orElseGet(() -> plain(tcp)),
          tcp.toString(),
          Optional.empty());
    }
    Endpoint.Socket socket = (Endpoint.Socket) endpoint;
    return switch (SocketProbe.probe(socket.path())) {
      case LISTENING -> {
        requireNot(showSecrets);
        yield to(socket.path(), Optional.empty());
      }
      case FORBIDDEN -> {
        if (socket.chosen()
            || SocketProbe.probe(Endpoint.OWN_SOCKET) != SocketProbe.Outcome.LISTENING) {
          throw SocketProbe.forbidden(socket.path());
        }
        requireNot(showSecrets);
        yield to(Endpoint.OWN_SOCKET, Optional.empty());
      }
      case NOBODY -> {
        if (socket.chosen() || !isRoot()) {
          throw SocketProbe.nobody(socket.path());
        }
        PrivateDaemon own = PrivateDaemon.start(showSecrets);
        yield to(own.socket(), Optional.of(own));
      }
    };
  }

  private static NettyChannelBuilder plain(Endpoint.Tcp tcp) {
    InetSocketAddress address = new InetSocketAddress(tcp.host(), tcp.port());
    if (!address.isUnresolved() && !address.getAddress().isLoopbackAddress()) {
      throw ClientFailure.usage(
          "--address: "
              + tcp
              + " is reached with TLS only: give --tls-ca, --tls-certificate and --tls-key");
    }
    return NettyChannelBuilder.forAddress(address, InsecureChannelCredentials.create())
        .channelType(NioSocketChannel.class, InetSocketAddress.class)
        .overrideAuthority("localhost");
  }

  private static NettyChannelBuilder secure(Endpoint.Tcp tcp, Endpoint.Tls tls) {
    return NettyChannelBuilder.forAddress(tcp.host(), tcp.port())
        .channelType(NioSocketChannel.class, InetSocketAddress.class)
        .sslContext(TlsContext.of(tls))
        .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS);
  }

  private static void requireNot(boolean showSecrets) {
    if (showSecrets) {
      throw ClientFailure.usage(
          "--show-secrets is for a daemon of rastro's own; here another one runs, and its settings"
              + " decide");
    }
  }

  /** By the effective user id, the one that the kernel asks. */
  private static boolean isRoot() {
    try (var lines = Files.lines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
      return lines.anyMatch(line -> ROOT.matcher(line).lookingAt());
    } catch (IOException | UncheckedIOException withoutProc) {
      return false;
    }
  }

  private static Connection to(Path socket, Optional<PrivateDaemon> own) {
    return new Connection(
        NettyChannelBuilder.forAddress(
                UnixDomainSocketAddress.of(socket), InsecureChannelCredentials.create())
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .overrideAuthority("localhost"),
        socket.toString(),
        own);
  }

  /** Whether the daemon was started for this connection, and has seen nothing before it. */
  public boolean isPrivate() {
    return own.isPresent();
  }

  public GetStatusResponse status() {
    return call(() -> blocking().getStatus(GetStatusRequest.getDefaultInstance()));
  }

  public ListProcessesResponse processes(ListProcessesRequest request) {
    return call(() -> blocking().listProcesses(request));
  }

  public GetSummaryResponse summary(GetSummaryRequest request) {
    return call(() -> blocking().getSummary(request));
  }

  /**
   * @param longestMillis how long the daemon may take its time, beyond what any answer takes
   */
  public ListInFlightResponse inFlight(ListInFlightRequest request, long longestMillis) {
    return call(
        () ->
            TracerGrpc.newBlockingStub(channel)
                .withDeadlineAfter(
                    TimeUnit.SECONDS.toMillis(UNARY_DEADLINE_SECONDS) + longestMillis,
                    TimeUnit.MILLISECONDS)
                .listInFlight(request));
  }

  /** Starts to watch sums. */
  public SummaryFrames watchSummary(WatchSummaryRequest request) {
    return new SummaryFrames(TracerGrpc.newBlockingStub(channel), request, failures);
  }

  /** Starts a trace; it is being traced once {@link TraceStream#started} has returned. */
  public TraceStream trace(TraceRequest request) {
    return trace(request, 0);
  }

  /**
   * The same, for somebody who wants it to go on when the connection breaks.
   *
   * @param reconnectSeconds how long to try; a private daemon that is gone does not come back
   */
  public TraceStream trace(TraceRequest request, int reconnectSeconds) {
    return TraceStream.open(
        TracerGrpc.newBlockingStub(channel), request, failures, isPrivate() ? 0 : reconnectSeconds);
  }

  private TracerGrpc.TracerBlockingStub blocking() {
    return TracerGrpc.newBlockingStub(channel)
        .withDeadlineAfter(UNARY_DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private <T> T call(Supplier<T> call) {
    try {
      return Context.ROOT.call(call::get);
    } catch (StatusRuntimeException failed) {
      throw failures.translate(failed);
    } catch (ClientFailure known) {
      throw known;
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    // Left running, the loop makes the virtual machine wait at its exit.
    loop.shutdownGracefully(0, CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    own.ifPresent(PrivateDaemon::close);
  }
}
