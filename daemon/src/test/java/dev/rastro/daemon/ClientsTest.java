package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.rpc.Channels;
import dev.rastro.v1.Form;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.GetStatusResponse;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TracerGrpc;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients come, and go in every way: what they had goes with them. */
@Tag("kernel")
@Timeout(300)
final class ClientsTest {
  private static final int CLIENTS = 1000;
  private static final int AT_ONCE = 8;

  /**
   * Things of ours of which there must be none when nobody is there. (Of who called, a few are kept
   * with the sums of the last sessions.)
   */
  private static final Pattern LEFT =
      Pattern.compile(
          "dev\\.rastro\\.daemon\\.(rpc\\.(Connection|EventStream|Gate\\$\\w+)"
              + "|session\\.(Session|BatchQueue)|access\\.Peers\\$Peer|drain\\.Watch)$",
          Pattern.MULTILINE);

  @TempDir private Path folder;
  private Rastrod daemon;

  @BeforeEach
  void start() throws IOException {
    daemon =
        Rastrod.start(
            folder,
            "--ring-bytes=1M",
            "--own-socket=" + folder.resolve("own.sock"),
            "--listen-loopback=0",
            "--loopback-role=admin");
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  @Test
  void aThousandClientsLeaveNothing() throws Exception {
    visit(0);
    long descriptors = settled(daemon.descriptors() + 64);
    ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
    List<Future<?>> visits = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int number = i;
      visits.add(
          clients.submit(
              () -> {
                visit(number);
                return number;
              }));
    }
    for (Future<?> visit : visits) {
      assertTrue(visit.get() instanceof Integer);
    }
    clients.shutdown();
    assertTrue(settled(descriptors) <= descriptors);
    String left = awaitNothingLeft();
    assertEquals("", left);
    GetStatusResponse status = status();
    assertFalse(status.getAttached());
    assertEquals(0, status.getSessionsCount());
    assertEquals(status.getLedger().getObserved(), accounted(status));
  }

  /** One in three asks, one lets itself be told of calls, one goes in the middle of it. */
  private void visit(int number) throws Exception {
    try (Channels channels = new Channels()) {
      ManagedChannel channel =
          number % 2 == 0
              ? channels.unix(daemon.socket())
              : channels.loopback(daemon.port("plain TCP on loopback"));
      TracerGrpc.TracerBlockingStub tracer =
          TracerGrpc.newBlockingStub(channel).withDeadlineAfter(120, TimeUnit.SECONDS);
      switch (number % 3) {
        case 0 ->
            assertFalse(
                tracer.getStatus(GetStatusRequest.getDefaultInstance()).getVersion().isEmpty());
        case 1 -> assertTrue(tracer.trace(trace(number)).next().hasStarted());
        default -> {
          var stream = tracer.trace(trace(number));
          assertTrue(stream.hasNext());
        }
      }
    }
  }

  /** All are admins: what one caller may have is not asked here. */
  private static TraceRequest trace(int number) {
    return TraceRequest.newBuilder()
        .setTarget(Target.newBuilder().addPids((int) ProcessHandle.current().pid()))
        .setForm(number % 2 == 0 ? Form.FORM_PACKED : Form.FORM_COUNT)
        .setResumeSeconds(0)
        .build();
  }

  private long settled(long atMost) throws Exception {
    long[] now = {Long.MAX_VALUE};
    Rastrod.await(
        "descriptors are closed",
        () -> {
          try {
            now[0] = daemon.descriptors();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          return now[0] <= atMost;
        },
        () -> now[0] + " descriptors");
    return now[0];
  }

  private String awaitNothingLeft() throws Exception {
    String[] left = {""};
    Rastrod.await(
        "all is forgotten",
        () -> {
          left[0] = histogram();
          return left[0].isEmpty();
        },
        () -> left[0]);
    return left[0];
  }

  /** After a collection: what is reachable. */
  private String histogram() {
    try {
      Process jcmd =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(daemon.process().pid()),
                  "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, jcmd.waitFor(), said);
      Matcher found = LEFT.matcher(said);
      StringBuilder lines = new StringBuilder();
      while (found.find()) {
        lines.append(said, said.lastIndexOf('\n', found.start()) + 1, found.end()).append('\n');
      }
      return lines.toString();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private GetStatusResponse status() {
    try (Channels channels = new Channels()) {
      return TracerGrpc.newBlockingStub(channels.unix(daemon.socket()))
          .getStatus(GetStatusRequest.getDefaultInstance());
    }
  }

  private static long accounted(GetStatusResponse status) {
    return status.getLedger().getDelivered()
        + status.getLedger().getFiltered()
        + status.getLedger().getQueued()
        + status.getLedger().getLostList().stream().mapToLong(lost -> lost.getCount()).sum();
  }

  @Test
  void everySessionAndEveryRefusalIsInTheLog() throws Exception {
    visit(4);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    Relay.User user = Relay.User.of(AccessWorld.STRANGER);
    try (Relay relay = Relay.start(user, folder.resolve("own.sock"), folder, "stranger");
        Channels channels = new Channels()) {
      TracerGrpc.TracerBlockingStub stranger =
          TracerGrpc.newBlockingStub(channels.unix(relay.socket()));
      TraceRequest events = trace(0);
      assertEquals(
          io.grpc.Status.Code.PERMISSION_DENIED,
          org.junit.jupiter.api.Assertions.assertThrows(
                  io.grpc.StatusRuntimeException.class, () -> stranger.trace(events).next())
              .getStatus()
              .getCode());
    }
    daemon.awaitLog("session ended");
    String began = line("session began");
    assertTrue(began.contains("rpc=\"Trace\""), began);
    assertTrue(began.contains("caller=\"unix user root\""), began);
    assertTrue(began.contains("role=\"admin\""), began);
    assertTrue(began.contains("target=\"pid %d\"".formatted(ProcessHandle.current().pid())), began);
    String ended = line("session ended");
    assertTrue(ended.matches(".*delivered=\"\\d+\".* bytes=\"[1-9]\\d*\".*"), ended);
    String refused = line("refused");
    assertTrue(refused.contains("caller=\"unix user "), refused);
    assertTrue(refused.contains("role=\"none\""), refused);
    assertTrue(refused.contains("status=\"PERMISSION_DENIED\""), refused);
  }

  private String line(String text) {
    return daemon
        .log()
        .lines()
        .filter(line -> line.contains(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError(daemon.log()));
  }
}
