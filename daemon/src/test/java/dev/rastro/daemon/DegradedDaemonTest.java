package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.config.Settings;
import dev.rastro.daemon.drain.Pulse;
import dev.rastro.daemon.kernel.CaptureOptions;
import dev.rastro.daemon.rpc.Channels;
import dev.rastro.v1.Degradation;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.GetStatusResponse;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TracerGrpc;
import io.grpc.ManagedChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel cannot give is told to whoever asks, and to whoever watches. */
@Tag("kernel")
final class DegradedDaemonTest {
  @Test
  void whatIsMissingIsInTheStatusAndAtTheHeadOfEachStream(@TempDir Path directory)
      throws Exception {
    Path btf = directory.resolve("vmlinux.btf");
    Files.write(btf, Files.readAllBytes(CaptureOptions.DEFAULT_BTF_PATH));
    Path socket = directory.resolve("run/d.sock");
    Settings settings = Settings.at(socket).withCapture(CaptureOptions.defaults().withBtfPath(btf));
    Process program = new ProcessBuilder("cat").start();
    try (Daemon daemon = Daemon.start(settings, Pulse.NONE);
        Channels channels = new Channels()) {
      assertTrue(daemon.loopbackPort().isEmpty());
      ManagedChannel channel = channels.unix(socket);
      GetStatusResponse status =
          TracerGrpc.newBlockingStub(channel).getStatus(GetStatusRequest.getDefaultInstance());
      List<String> what = status.getDegradationsList().stream().map(Degradation::getWhat).toList();
      assertTrue(what.contains("signals"), what::toString);
      assertTrue(what.contains("following forks, and fork events"), what::toString);
      for (Degradation degradation : status.getDegradationsList()) {
        assertFalse(degradation.getRemedy().isEmpty());
      }

      TraceRequest request =
          TraceRequest.newBuilder()
              .setTarget(Target.newBuilder().addPids((int) program.pid()))
              .setEndWithTarget(true)
              .build();
      Watching watching = Watching.begin(channel, request);
      assertEquals(
          status.getDegradationsList().stream()
              .map(
                  lack ->
                      "%s (%s); %s".formatted(lack.getWhat(), lack.getCause(), lack.getRemedy()))
              .toList(),
          watching.started().getNoticesList());
      program.getOutputStream().close();
      assertTrue(watching.awaitEnd().isOk());
      assertEquals(1, watching.calls("exit_group"));
    }
  }
}
