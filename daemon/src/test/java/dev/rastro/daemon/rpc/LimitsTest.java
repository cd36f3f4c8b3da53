package dev.rastro.daemon.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.rastro.daemon.access.PeerLimits;
import dev.rastro.v1.Form;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.Limit;
import dev.rastro.v1.ListSyscallsRequest;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.TracerGrpc;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What one caller may have, and root has all the same. */
@Tag("kernel")
@Timeout(300)
final class LimitsTest {
  private static final ListSyscallsRequest QUESTION =
      ListSyscallsRequest.newBuilder().addSyscalls("read").build();

  @TempDir private Path folder;
  private final Channels channels = new Channels();
  private final Context.CancellableContext context = Context.current().withCancellation();
  private ServingDaemon daemon;
  private ManagedChannel viewer;
  private ManagedChannel root;

  @BeforeEach
  void start() throws Exception {
    daemon =
        new ServingDaemon(
            new Listening(
                folder.resolve("s"),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.of(0),
                Optional.empty()),
            ServingDaemon.RULES,
            Patience.STANDARD);
    viewer = channels.loopback(daemon.server().loopbackPort().getAsInt());
    root = channels.unix(folder.resolve("s"));
  }

  @AfterEach
  void stop() {
    context.cancel(new CancellationException("the test has seen it"));
    channels.close();
    daemon.close();
  }

  @Test
  void requestsThatComeTooFastAreToldWhenToComeAgain() throws Exception {
    TracerGrpc.TracerBlockingStub tracer = TracerGrpc.newBlockingStub(viewer);
    RetryInfo retry =
        assertRefused(
            "requests per second of one caller",
            PeerLimits.REQUESTS_PER_SECOND,
            () -> {
              for (int i = 0; i < 100 * PeerLimits.REQUESTS_AT_ONCE; i++) {
                assertEquals(1, tracer.listSyscalls(QUESTION).getSyscallsCount());
              }
            });
    assertTrue(retry.getRetryDelay().getNanos() > 0);
    assertEquals(0, retry.getRetryDelay().getSeconds());
    for (int i = 0; i < 3 * PeerLimits.REQUESTS_AT_ONCE; i++) {
      assertEquals(1, TracerGrpc.newBlockingStub(root).listSyscalls(QUESTION).getSyscallsCount());
    }
    while (code(viewer) != Status.Code.OK) {
      Thread.onSpinWait();
    }
  }

  @Test
  void sessionsAreCountedByCaller() throws Exception {
    List<Iterator<TraceResponse>> open = new ArrayList<>();
    for (int i = 0; i < PeerLimits.MAX_SESSIONS; i++) {
      open.add(counting(viewer));
    }
    // Another connection makes nobody another caller.
    ManagedChannel again = channels.loopback(daemon.server().loopbackPort().getAsInt());
    RetryInfo unused =
        assertRefused("sessions of one caller", PeerLimits.MAX_SESSIONS, () -> counting(again));
    open.add(counting(root));
    assertEquals(PeerLimits.MAX_SESSIONS, limit("your sessions").getInUse());
    context.cancel(new CancellationException("enough"));
    while (daemon.peers().use(ServingDaemon.RULES.loopback("any")).sessions() > 0) {
      Thread.onSpinWait();
    }
    assertEquals(0, limit("your sessions").getInUse());
    assertEquals(PeerLimits.MAX_SESSIONS + 1, open.size());
  }

  private Iterator<TraceResponse> counting(ManagedChannel channel) throws Exception {
    Iterator<TraceResponse> stream =
        context.call(
            () ->
                TracerGrpc.newBlockingStub(channel)
                    .trace(
                        TraceRequest.newBuilder()
                            .setTarget(
                                Target.newBuilder().addPids((int) ProcessHandle.current().pid()))
                            .setForm(Form.FORM_COUNT)
                            .build()));
    assertTrue(stream.next().hasStarted());
    return stream;
  }

  private Limit limit(String name) {
    return TracerGrpc.newBlockingStub(viewer)
        .getStatus(GetStatusRequest.getDefaultInstance())
        .getLimitsList()
        .stream()
        .filter(limit -> limit.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void callsAreBoundedWhateverTheyAskFor() throws Exception {
    HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(viewer);
    HealthCheckRequest request = HealthCheckRequest.getDefaultInstance();
    for (int i = 0; i < PeerLimits.MAX_CALLS; i++) {
      assertTrue(context.call(() -> health.watch(request)).hasNext());
    }
    RetryInfo unused =
        assertRefused(
            "calls of one caller",
            PeerLimits.MAX_CALLS,
            () -> TracerGrpc.newBlockingStub(viewer).listSyscalls(QUESTION));
  }

  @Test
  void aConnectionTooManyIsToldSoAndEnds() throws Exception {
    int port = daemon.server().loopbackPort().getAsInt();
    List<ManagedChannel> open = new ArrayList<>();
    for (int i = 0; i < PeerLimits.MAX_CONNECTIONS; i++) {
      ManagedChannel channel = channels.loopback(port);
      assertEquals(
          1,
          HealthGrpc.newBlockingStub(channel)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatusValue());
      open.add(channel);
    }
    ManagedChannel surplus = channels.loopback(port);
    RetryInfo unused =
        assertRefused("connections of one caller", PeerLimits.MAX_CONNECTIONS, () -> ask(surplus));
    open.get(0).shutdownNow();
    while (code(surplus) != Status.Code.OK) {
      Thread.onSpinWait();
    }
  }

  /** Over another connection where one has ended before it was asked over: it does not last. */
  private static void ask(ManagedChannel channel) {
    while (true) {
      try {
        assertEquals(
            1, TracerGrpc.newBlockingStub(channel).listSyscalls(QUESTION).getSyscallsCount());
        return;
      } catch (StatusRuntimeException refused) {
        if (refused.getStatus().getCode() != Status.Code.UNAVAILABLE) {
          throw refused;
        }
      }
    }
  }

  private static Status.Code code(ManagedChannel channel) {
    try {
      assertEquals(
          1, TracerGrpc.newBlockingStub(channel).listSyscalls(QUESTION).getSyscallsCount());
      return Status.Code.OK;
    } catch (StatusRuntimeException refused) {
      return refused.getStatus().getCode();
    }
  }

  private static RetryInfo assertRefused(String limit, long value, Executable asking)
      throws Exception {
    StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, asking);
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode(), refused::toString);
    List<Any> details = StatusProto.fromThrowable(refused).getDetailsList();
    ErrorInfo info = details.get(0).unpack(ErrorInfo.class);
    assertEquals("LIMIT_REACHED", info.getReason());
    assertEquals(limit, info.getMetadataOrThrow("limit"));
    assertEquals(Long.toString(value), info.getMetadataOrThrow("value"));
    return details.get(1).unpack(RetryInfo.class);
  }
}
