package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.rastro.daemon.session.SessionLimits;
import dev.rastro.v1.Filter;
import dev.rastro.v1.Form;
import dev.rastro.v1.Limit;
import dev.rastro.v1.ListSyscallsRequest;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole daemon, on the real kernel, through its socket. */
@Tag("kernel")
@Timeout(60)
final class DaemonTest {
  @RegisterExtension static final LiveDaemon live = new LiveDaemon();

  @Test
  void socketIsItsOwnersAlone() throws IOException {
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(live.socket())));
    assertEquals(
        "rwxr-xr-x",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(live.socket().getParent())));
    try (var entries = Files.list(live.socket().getParent())) {
      assertEquals(List.of(live.socket()), entries.toList());
    }
  }

  @Test
  void healthAndReflectionAnswer() throws Exception {
    assertEquals(
        ServingStatus.SERVING,
        HealthGrpc.newBlockingStub(live.channel())
            .check(HealthCheckRequest.newBuilder().setService("rastro.v1.Tracer").build())
            .getStatus());
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> ask =
        ServerReflectionGrpc.newStub(live.channel())
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    ask.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    List<String> services =
        answer
            .get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)
            .getListServicesResponse()
            .getServiceList()
            .stream()
            .map(service -> service.getName())
            .toList();
    ask.onCompleted();
    assertTrue(
        services.containsAll(
            List.of(
                "rastro.v1.Tracer",
                "grpc.health.v1.Health",
                "grpc.reflection.v1.ServerReflection",
                "grpc.reflection.v1alpha.ServerReflection")),
        services::toString);
  }

  @Test
  void oneSessionTooManyIsRefusedByTheNameOfTheLimit() throws Exception {
    Context.CancellableContext context = Context.current().withCancellation();
    TraceRequest request =
        TraceRequest.newBuilder()
            .setTarget(Target.newBuilder().addPids((int) ProcessHandle.current().pid()))
            .setForm(Form.FORM_COUNT)
            .build();
    // Streams of other tests may still be closing.
    while (live.status().getSessionsCount() > 0) {
      Thread.onSpinWait();
    }
    for (int i = 0; i < SessionLimits.MAX_SESSIONS; i++) {
      assertTrue(context.call(() -> live.tracer().trace(request)).next().hasStarted());
    }
    StatusRuntimeException refused = refused(request);
    List<Limit> limits =
        live.status().getLimitsList().stream().filter(l -> l.getName().equals("sessions")).toList();
    context.cancel(new CancellationException("the test has seen it"));
    assertEquals(1, limits.size(), "it is told once");
    assertEquals(SessionLimits.MAX_SESSIONS, limits.get(0).getValue());
    assertEquals(SessionLimits.MAX_SESSIONS, limits.get(0).getInUse());
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode());
    assertEquals("sessions: all 64 are open", refused.getStatus().getDescription());
    assertFalse(detail(refused, ErrorInfo.class).getMetadataOrThrow("remedy").isEmpty());
    while (live.status().getSessionsCount() > 0) {
      Thread.onSpinWait();
    }
    assertTrue(live.tracer().trace(request).next().hasStarted(), "there is room again");
  }

  @Test
  void errorsNameTheFieldAndTheRemedy() {
    StatusRuntimeException empty = refused(TraceRequest.getDefaultInstance());
    assertEquals(Status.Code.INVALID_ARGUMENT, empty.getStatus().getCode());
    StatusRuntimeException typo =
        refused(
            TraceRequest.newBuilder()
                .setTarget(Target.newBuilder().addPids(1))
                .setFilter(Filter.newBuilder().addSyscalls("conect"))
                .build());
    assertEquals(
        "filter.syscalls[0]: conect: no such syscall; did you mean connect?",
        typo.getStatus().getDescription());
    assertEquals(
        "filter.syscalls[0]", detail(typo, BadRequest.class).getFieldViolations(0).getField());
    StatusRuntimeException gone =
        refused(
            TraceRequest.newBuilder().setTarget(Target.newBuilder().addPids(4_000_000)).build());
    assertEquals(Status.Code.NOT_FOUND, gone.getStatus().getCode());
    assertEquals("rastro.dev", detail(gone, ErrorInfo.class).getDomain());
    assertTrue(gone.getStatus().getDescription().contains("4000000"));
  }

  @Test
  void unknownFieldsAndEnumValuesSurvive() throws Exception {
    com.google.protobuf.UnknownFieldSet newer =
        com.google.protobuf.UnknownFieldSet.newBuilder()
            .addField(
                900, com.google.protobuf.UnknownFieldSet.Field.newBuilder().addVarint(7).build())
            .build();
    assertTrue(
        live.tracer()
                .listSyscalls(
                    ListSyscallsRequest.newBuilder()
                        .addSyscalls("read")
                        .setUnknownFields(newer)
                        .build())
                .getSyscallsCount()
            == 1);
    StatusRuntimeException form =
        refused(
            TraceRequest.newBuilder()
                .setTarget(Target.newBuilder().addPids(1))
                .setFormValue(99)
                .build());
    assertEquals(Status.Code.INVALID_ARGUMENT, form.getStatus().getCode());
    assertTrue(form.getStatus().getDescription().startsWith("form: 99"));
  }

  private static StatusRuntimeException refused(TraceRequest request) {
    return assertThrows(StatusRuntimeException.class, () -> live.tracer().trace(request).next());
  }

  private static <T extends com.google.protobuf.Message> T detail(
      StatusRuntimeException refused, Class<T> type) {
    return StatusProto.fromThrowable(refused).getDetailsList().stream()
        .filter(detail -> detail.is(type))
        .map(
            detail -> {
              try {
                return detail.unpack(type);
              } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new AssertionError(e);
              }
            })
        .findFirst()
        .orElseThrow();
  }
}
