package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.v1.Ended;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.GetStatusResponse;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.TracerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The daemon as a process: its command line, its socket, its end. */
@Tag("kernel")
@Timeout(300)
class MainTest {

  private static final int TERMINATED = 128 + 15;

  /** After so long a daemon that is stopped goes, whatever its streams have been told. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  @TempDir private Path directory;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endAll() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  private Process rastrod(String... arguments) throws IOException {
    return rastrod(List.of(), arguments);
  }

  private Process rastrod(List<String> wrapper, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.rastro.daemon.Main"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(directory.resolve("stderr").toFile()).start();
    started.add(process);
    return process;
  }

  private Process serving(Path socket, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--socket", socket.toString(), "--announce"));
    arguments.addAll(List.of(more));
    Process process = rastrod(arguments.toArray(String[]::new));
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    assertEquals("rastrod ready " + socket, out.readLine(), this::complaint);
    return process;
  }

  private String complaint() {
    try {
      return Files.readString(directory.resolve("stderr"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void assertRefuses(int status, String complaint, String... arguments) throws Exception {
    Process process = rastrod(arguments);
    assertEquals(status, process.waitFor(), this::complaint);
    assertTrue(complaint().contains(complaint), this::complaint);
  }

  @Test
  void refusesAPlaceThatIsNotItsOwn() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "mine");
    assertRefuses(1, "something that is no socket is in its place", "--socket", file.toString());
    assertEquals("mine", Files.readString(file));
    Path socket = directory.resolve("live");
    try (ServerSocketChannel live = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      live.bind(UnixDomainSocketAddress.of(socket));
      assertRefuses(1, "a daemon is serving there already", "--socket", socket.toString());
    }
  }

  @Test
  void refusesOptionsItDoesNotKnow() throws Exception {
    assertRefuses(2, "--colour", "--colour");
    assertRefuses(2, "--ring-bytes: 5x is no size", "--ring-bytes", "5x");
    Path socket = directory.resolve("s");
    Process process =
        rastrod("--btf-path", directory.resolve("none").toString(), "--socket", socket.toString());
    assertEquals(1, process.waitFor());
    assertTrue(complaint().contains("BTF"), this::complaint);
  }

  @Test
  void saysWhichCapabilitiesAreMissing() throws Exception {
    Process process =
        rastrod(
            List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"),
            "--socket",
            directory.resolve("s").toString());
    assertEquals(1, process.waitFor(), this::complaint);
    assertTrue(complaint().contains("CAP_BPF and CAP_PERFMON are missing"), this::complaint);
    assertTrue(complaint().contains("run it as root"), this::complaint);
  }

  @Test
  void replacesAStaleSocketAndEndsWithStdin() throws Exception {
    Path socket = directory.resolve("s");
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket));
    }
    Process daemon = serving(socket, "--exit-with-stdin");
    daemon.getOutputStream().close();
    assertTrue(daemon.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS));
    assertEquals(0, daemon.exitValue(), this::complaint);
    assertFalse(Files.exists(socket));
  }

  @Test
  void tellsItsStreamsWhenItIsStopped() throws Exception {
    Optional<Ended> told = Optional.empty();
    for (int tries = 0; tries < 5 && told.isEmpty(); tries++) {
      told = toldWhenStopped();
    }
    assertEquals(Ended.Reason.REASON_DAEMON_STOPPING, told.orElseThrow().getReason());
  }

  /** Empty when the machine stood still for longer than the daemon waits. */
  private Optional<Ended> toldWhenStopped() throws Exception {
    Path socket = directory.resolve("s");
    Process daemon = serving(socket, "--listen-loopback", "0");
    MultiThreadIoEventLoopGroup io = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(io)
            .usePlaintext()
            .build();
    try {
      TracerGrpc.TracerBlockingStub tracer = TracerGrpc.newBlockingStub(channel);
      Iterator<TraceResponse> stream =
          tracer.trace(
              TraceRequest.newBuilder()
                  .setTarget(Target.newBuilder().addPids((int) ProcessHandle.current().pid()))
                  .build());
      assertTrue(stream.next().hasStarted());
      GetStatusResponse status = tracer.getStatus(GetStatusRequest.getDefaultInstance());
      assertTrue(status.getAttached());
      assertEquals(1, status.getSessionsCount());
      assertEquals(
          "unix user " + ProcessHandle.current().info().user().orElseThrow(),
          status.getSessions(0).getPeer());
      assertTrue(status.getCost().getCpuNanos() > 0);
      assertTrue(status.getCost().getResidentBytes() > 0);
      assertTrue(status.getRing().getCapacityBytes() > 0);
      long stopped = System.nanoTime();
      daemon.destroy();
      Optional<Ended> told = end(stream, stopped);
      assertTrue(daemon.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS));
      assertEquals(TERMINATED, daemon.exitValue(), this::complaint);
      assertFalse(Files.exists(socket));
      assertTrue(complaint().contains("plain TCP on loopback"), this::complaint);
      return told;
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
      io.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    }
  }

  private static Optional<Ended> end(Iterator<TraceResponse> stream, long stoppedNanos) {
    TraceResponse last = TraceResponse.getDefaultInstance();
    try {
      while (stream.hasNext()) {
        last = stream.next();
      }
      return Optional.of(last.getEnded());
    } catch (StatusRuntimeException cutOff) {
      if (System.nanoTime() - stoppedNanos < GRACE_NANOS) {
        throw cutOff;
      }
      return Optional.empty();
    }
  }
}
