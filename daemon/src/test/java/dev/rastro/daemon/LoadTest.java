package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.rpc.Certificates;
import dev.rastro.daemon.rpc.Channels;
import dev.rastro.v1.Filter;
import dev.rastro.v1.Form;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.ListProcessesRequest;
import dev.rastro.v1.Loss;
import dev.rastro.v1.Progress;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TracerGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * As much of everything as the daemon is made for, at once, with the memory that its launcher gives
 * it: streams at full rate over every transport, questions without end, and clients that mean it
 * harm. {@code -Dload.calls=N} makes the program that is watched do more.
 */
@Tag("kernel")
@Timeout(300)
final class LoadTest {
  private static final int CALLS = Integer.getInteger("load.calls", 100_000);
  private static final int STREAMS_EACH = 3;
  private static final int HOARDED = 40;

  @TempDir private Path folder;
  private final Channels channels = new Channels();
  private final List<Channel> ways = new ArrayList<>();
  private final ExecutorService others = Executors.newCachedThreadPool();
  private final AtomicBoolean done = new AtomicBoolean();
  private Rastrod daemon;
  private Process program;
  private int tlsPort;

  @BeforeEach
  void start() throws Exception {
    Certificates certificates = Certificates.make(folder.resolve("tls"));
    Certificates.Pair server = certificates.server("server");
    daemon =
        Rastrod.start(
            folder.resolve("daemon"),
            "--listen=127.0.0.1:0",
            "--tls-certificate=" + server.certificate(),
            "--tls-key=" + server.key(),
            "--tls-client-ca=" + certificates.authority(),
            "--tls-role=tracer=CN=tracer",
            "--listen-loopback=0",
            "--loopback-role=tracer");
    tlsPort = daemon.port("serving mutual TLS");
    ways.add(channels.unix(daemon.socket()));
    ways.add(channels.loopback(daemon.port("plain TCP on loopback")));
    ways.add(
        channels.tls(tlsPort, certificates.authority(), certificates.client("c", "/CN=tracer")));
    program =
        new ProcessBuilder("perl", "-e", "$| = 1; <STDIN>; getppid for 1..%d".formatted(CALLS))
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    done.set(true);
    others.shutdownNow();
    channels.close();
    program.destroyForcibly();
    daemon.close();
  }

  @Test
  void everyStreamsBooksBalanceWhateverElseIsAsked() throws Exception {
    List<Watching> streams = new ArrayList<>();
    for (Channel way : ways) {
      for (int i = 0; i < STREAMS_EACH; i++) {
        streams.add(
            Watching.begin(way, request(i % 2 == 0 ? Form.FORM_PACKED : Form.FORM_DECODED)));
      }
    }
    Watching slow = Watching.begin(ways.get(0), request(Form.FORM_DECODED), false);
    List<Future<Long>> busy = new ArrayList<>();
    ways.forEach(way -> busy.add(others.submit(() -> questions(way))));
    busy.add(others.submit(this::noise));
    busy.add(others.submit(this::hoards));
    try (OutputStream go = program.getOutputStream()) {
      go.write('\n');
    }
    for (Watching stream : streams) {
      assertEquals(Status.Code.OK, stream.awaitEnd().getCode());
      assertBalanced(stream);
    }
    slow.readOn();
    assertEquals(Status.Code.OK, slow.awaitEnd().getCode());
    assertBalanced(slow);
    done.set(true);
    for (Future<Long> each : busy) {
      assertTrue(each.get() > 0);
    }
    assertTrue(daemon.process().isAlive(), daemon::log);
    var status =
        TracerGrpc.newBlockingStub(ways.get(0)).getStatus(GetStatusRequest.getDefaultInstance());
    assertEquals(0, status.getSessionsCount());
    assertTrue(!daemon.log().contains("OutOfMemory"), daemon::log);
  }

  private TraceRequest request(Form form) {
    return TraceRequest.newBuilder()
        .setTarget(Target.newBuilder().addPids((int) program.pid()))
        .setFilter(Filter.newBuilder().addSyscalls("getppid").addSignals("none"))
        .setForm(form)
        .setEndWithTarget(true)
        .build();
  }

  private static void assertBalanced(Watching stream) {
    Progress totals = stream.totals();
    assertEquals(CALLS, totals.getObserved());
    long lost = stream.missing(Loss.LOSS_RING_FULL) + stream.missing(Loss.LOSS_QUEUE_FULL);
    assertEquals(CALLS, totals.getDelivered() + lost);
    assertEquals(totals.getDelivered(), stream.packedEvents() + stream.events().count());
  }

  /** Returns how many were answered. Refusals are part of it. */
  private long questions(Channel way) {
    TracerGrpc.TracerBlockingStub tracer = TracerGrpc.newBlockingStub(way);
    long answered = 0;
    while (!done.get()) {
      try {
        answered +=
            tracer.getStatus(GetStatusRequest.getDefaultInstance()).getVersion().isEmpty() ? 0 : 1;
        answered += tracer.getSummary(GetSummaryRequest.getDefaultInstance()).getRowsCount();
        answered +=
            tracer
                .listProcesses(
                    ListProcessesRequest.newBuilder().addPids((int) program.pid()).build())
                .getProcessesCount();
      } catch (StatusRuntimeException refused) {
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode());
      }
    }
    return answered;
  }

  /** Connections to TLS's port that are none. */
  private long noise() throws Exception {
    Random random = new Random(3);
    long sent = 0;
    while (!done.get()) {
      byte[] bytes = new byte[2000];
      random.nextBytes(bytes);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), tlsPort)) {
        socket.getOutputStream().write(bytes);
        sent++;
      } catch (java.io.IOException closed) {
        sent++;
      }
    }
    return sent;
  }

  /** Connections that say nothing, as many as it takes. */
  private long hoards() throws Exception {
    List<Socket> held = new ArrayList<>();
    while (!done.get()) {
      if (held.size() < HOARDED) {
        held.add(new Socket(InetAddress.getLoopbackAddress(), tlsPort));
      } else {
        Thread.onSpinWait();
      }
    }
    for (Socket socket : held) {
      socket.close();
    }
    return held.size();
  }
}
