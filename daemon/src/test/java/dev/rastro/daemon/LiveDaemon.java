// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.rastro.daemon.config.Settings;
import dev.rastro.daemon.drain.Pulse;
import dev.rastro.v1.Form;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.GetStatusResponse;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.TracerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A daemon and a client of it in this process, and programs for it to watch. As an extension it is
 * there for all tests of a class.
 */
final class LiveDaemon implements BeforeAllCallback, AfterAllCallback {
  private final MultiThreadIoEventLoopGroup io =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private Path socket;
  private Daemon daemon;
  private ManagedChannel channel;

  /** One more, which its caller closes. */
  static LiveDaemon start() throws Exception {
    LiveDaemon live = new LiveDaemon();
    live.open();
    return live;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    open();
  }

  private void open() throws Exception {
    socket = Files.createTempDirectory("rastro").resolve("run/d.sock");
    daemon = Daemon.start(Settings.at(socket), Pulse.NONE);
    channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(io)
            .usePlaintext()
            .build();
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    close();
  }

  Path socket() {
    return socket;
  }

  ManagedChannel channel() {
    return channel;
  }

  TracerGrpc.TracerBlockingStub tracer() {
    return TracerGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  /** A Python program that waits for a line on stdin, then runs the script. */
  static Process python(String script) throws IOException, InterruptedException {
    return waiting(new ProcessBuilder("/usr/bin/python3", "-c", "input()\n" + script));
  }

  /** The same in Perl, which makes few calls of its own. */
  static Process perl(String script) throws IOException, InterruptedException {
    return waiting(new ProcessBuilder("perl", "-e", "<STDIN>; " + script));
  }

  private static Process waiting(ProcessBuilder builder) throws IOException, InterruptedException {
    return Asleep.reading(
        builder
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Gives it a line. */
  static void release(Process program) throws IOException {
    OutputStream gate = program.getOutputStream();
    gate.write("\n".getBytes(StandardCharsets.UTF_8));
    gate.flush();
  }

  /** Asks for the counts of a program and all that it starts, until the last of them ends. */
  static TraceRequest.Builder counting(Process program) {
    return following(program).setForm(Form.FORM_COUNT);
  }

  /** Asks for what they do, in whatever form. */
  static TraceRequest.Builder following(Process program) {
    return TraceRequest.newBuilder()
        .setTarget(Target.newBuilder().addPids((int) program.pid()).setFollowForks(true))
        .setEndWithTarget(true);
  }

  /** All that a stream still brings. */
  static List<TraceResponse> rest(Iterator<TraceResponse> stream) {
    List<TraceResponse> messages = new ArrayList<>();
    stream.forEachRemaining(messages::add);
    return messages;
  }

  GetStatusResponse status() {
    return tracer().getStatus(GetStatusRequest.getDefaultInstance());
  }

  /** Only the daemon's side; the client may read what comes yet. */
  void stopServing() {
    daemon.close();
  }

  void close() throws Exception {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    io.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    daemon.close();
    assertFalse(Files.exists(socket), "the socket goes with its daemon");
    Files.deleteIfExists(socket.getParent());
    Files.deleteIfExists(socket.getParent().getParent());
  }
}
