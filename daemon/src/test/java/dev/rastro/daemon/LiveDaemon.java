// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon;

import dev.rastro.daemon.config.Settings;
import dev.rastro.daemon.drain.Pulse;
import dev.rastro.v1.Form;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
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
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A daemon and a client of it in this process, and programs for it to watch. */
final class LiveDaemon {
  private final Daemon daemon;
  private final MultiThreadIoEventLoopGroup io =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ManagedChannel channel;

  private LiveDaemon(Daemon daemon, Path socket) {
    this.daemon = daemon;
    channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(io)
            .usePlaintext()
            .build();
  }

  static LiveDaemon start(Path folder) throws Exception {
    Path socket = folder.resolve("run/d.sock");
    return new LiveDaemon(Daemon.start(Settings.at(socket), Pulse.NONE), socket);
  }

  ManagedChannel channel() {
    return channel;
  }

  TracerGrpc.TracerBlockingStub tracer() {
    return TracerGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  /** A Python program that waits for a line on stdin, then runs the script. */
  static Process python(String script) throws IOException {
    return new ProcessBuilder("/usr/bin/python3", "-c", "input()\n" + script)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Gives it a line. */
  static void release(Process program) throws IOException {
    OutputStream gate = program.getOutputStream();
    gate.write("\n".getBytes(StandardCharsets.UTF_8));
    gate.flush();
  }

  /** Asks for the counts of a program and all that it starts, until the last of them ends. */
  static TraceRequest.Builder counting(Process program) {
    return TraceRequest.newBuilder()
        .setTarget(Target.newBuilder().addPids((int) program.pid()).setFollowForks(true))
        .setForm(Form.FORM_COUNT)
        .setEndWithTarget(true);
  }

  /** Only the daemon's side; the client may read what comes yet. */
  void stopServing() {
    daemon.close();
  }

  void close() throws Exception {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    io.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    daemon.close();
  }
}
