package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.config.Settings;
import dev.rastro.daemon.drain.Pulse;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.Loss;
import dev.rastro.v1.LossCount;
import dev.rastro.v1.Progress;
import dev.rastro.v1.TracerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A daemon, a way to it that can be cut, and programs to be watched. */
final class Workbench implements AutoCloseable {
  private static final long PATIENCE_NANOS = Patience.LIMIT.toNanos();

  private final Daemon daemon;
  private final CuttingProxy proxy;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<Process> programs = new ArrayList<>();

  private Workbench(Daemon daemon, CuttingProxy proxy) {
    this.daemon = daemon;
    this.proxy = proxy;
  }

  static Workbench open(Settings settings) throws Exception {
    Daemon daemon = Daemon.start(settings, Pulse.NONE);
    return new Workbench(daemon, new CuttingProxy(settings.socket()));
  }

  CuttingProxy proxy() {
    return proxy;
  }

  ManagedChannel connect() throws IOException {
    ManagedChannel channel = NettyChannelBuilder.forAddress(proxy.address()).usePlaintext().build();
    channels.add(channel);
    return channel;
  }

  TracerGrpc.TracerBlockingStub tracer() throws IOException {
    if (channels.isEmpty()) {
      ManagedChannel unused = connect();
    }
    return TracerGrpc.newBlockingStub(channels.get(0));
  }

  void awaitSessions(int count) throws IOException {
    TracerGrpc.TracerBlockingStub tracer = tracer();
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (tracer.getStatus(GetStatusRequest.getDefaultInstance()).getSessionsCount() != count) {
      assertTrue(System.nanoTime() < deadline, "the session is still there");
    }
  }

  Process perl(String script) throws IOException {
    return start(new ProcessBuilder("perl", "-e", script));
  }

  Process start(ProcessBuilder builder) throws IOException {
    Process program = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    programs.add(program);
    return program;
  }

  /** Gives it a line. */
  static void round(Process program) throws IOException {
    OutputStream stdin = program.getOutputStream();
    stdin.write("go\n".getBytes(StandardCharsets.US_ASCII));
    stdin.flush();
  }

  static void assertBalanced(Progress totals) {
    long lost =
        totals.getLostList().stream()
            .filter(count -> count.getCause() != Loss.LOSS_ENTRY_BYTES)
            .mapToLong(LossCount::getCount)
            .sum();
    assertEquals(
        totals.getObserved(),
        totals.getDelivered() + totals.getFiltered() + lost,
        totals::toString);
    assertEquals(0, totals.getQueued());
  }

  /** Between two tests. */
  void clear() {
    programs.forEach(Process::destroyForcibly);
    programs.clear();
    channels.forEach(ManagedChannel::shutdownNow);
    channels.clear();
  }

  @Override
  public void close() throws IOException {
    clear();
    proxy.close();
    daemon.close();
  }
}
