package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.rastro.daemon.config.Settings;
import dev.rastro.daemon.drain.Pulse;
import dev.rastro.daemon.session.SessionLimits;
import dev.rastro.v1.Ended;
import dev.rastro.v1.Event;
import dev.rastro.v1.Filter;
import dev.rastro.v1.Form;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.GetStatusResponse;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.Limit;
import dev.rastro.v1.ListProcessesRequest;
import dev.rastro.v1.ListProcessesResponse;
import dev.rastro.v1.ListSyscallsRequest;
import dev.rastro.v1.Process;
import dev.rastro.v1.Progress;
import dev.rastro.v1.SummaryRow;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.TracerGrpc;
import dev.rastro.v1.WatchProcessesRequest;
import dev.rastro.v1.WatchProcessesResponse;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole daemon, on the real kernel, through its socket. */
@Tag("kernel")
@Timeout(60)
class DaemonTest {

  private static final int CALLS = 20_000;

  @TempDir static Path directory;

  private static Daemon daemon;
  private static Path socket;
  private static MultiThreadIoEventLoopGroup io;
  private static ManagedChannel channel;
  private static TracerGrpc.TracerBlockingStub tracer;

  @BeforeAll
  static void startDaemon() throws Exception {
    socket = directory.resolve("run/d.sock");
    daemon = Daemon.start(Settings.at(socket), Pulse.NONE);
    io = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(io)
            .usePlaintext()
            .build();
    tracer = TracerGrpc.newBlockingStub(channel);
  }

  @AfterAll
  static void stopDaemon() throws Exception {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    io.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    daemon.close();
    assertFalse(Files.exists(socket), "the socket goes with its daemon");
  }

  /** A program that waits for a line on stdin, then runs the script in the same process. */
  private static java.lang.Process waiting(String script) throws IOException {
    return new ProcessBuilder("perl", "-e", "<STDIN>; " + script)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void release(java.lang.Process process) throws IOException {
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write('\n');
    }
  }

  private static TraceRequest.Builder request(java.lang.Process target) {
    return TraceRequest.newBuilder()
        .setTarget(Target.newBuilder().addPids((int) target.pid()).setFollowForks(true))
        .setEndWithTarget(true);
  }

  private static List<TraceResponse> rest(Iterator<TraceResponse> stream) {
    List<TraceResponse> messages = new ArrayList<>();
    stream.forEachRemaining(messages::add);
    return messages;
  }

  @Test
  void socketIsItsOwnersAlone() throws IOException {
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    assertEquals(
        "rwxr-xr-x",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())));
    try (var entries = Files.list(socket.getParent())) {
      assertEquals(List.of(socket), entries.toList());
    }
  }

  @Test
  void healthAndReflectionAnswer() throws Exception {
    assertEquals(
        ServingStatus.SERVING,
        HealthGrpc.newBlockingStub(channel)
            .check(HealthCheckRequest.newBuilder().setService("rastro.v1.Tracer").build())
            .getStatus());
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> ask =
        ServerReflectionGrpc.newStub(channel)
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
  void tellsEveryCallOnceAndSumsThemExactly() throws Exception {
    java.lang.Process target =
        waiting("for (my $i = 0; $i < %d; $i++) { getppid() }".formatted(CALLS));
    Iterator<TraceResponse> stream =
        tracer.trace(
            request(target)
                .setFilter(Filter.newBuilder().addSyscalls("getppid").addSignals("none"))
                .setWithLine(true)
                .build());
    TraceResponse first = stream.next();
    assertTrue(first.hasStarted(), first::toString);
    assertEquals(target.pid(), first.getStarted().getProcesses(0).getPid());
    assertTrue(status().getAttached());
    release(target);
    List<TraceResponse> messages = rest(stream);
    long sequence = 0;
    long events = 0;
    long lost = 0;
    for (TraceResponse message : messages) {
      lost += message.hasGap() ? message.getGap().getCount() : 0;
      for (Event event : message.getEvents().getEventsList()) {
        assertTrue(event.getSequence() > sequence);
        sequence = event.getSequence();
        assertEquals("getppid", event.getCall().getName());
        assertEquals(ProcessHandle.current().pid(), event.getCall().getResult());
        assertTrue(event.getLine().startsWith("getppid() "), event.getLine());
        events++;
      }
    }
    assertEquals(CALLS, events + lost);
    TraceResponse last = messages.get(messages.size() - 1);
    assertTrue(last.hasEnded(), last::toString);
    Progress totals = last.getEnded().getTotals();
    assertEquals(CALLS, totals.getObserved());
    assertEquals(events, totals.getDelivered());
    assertEquals(0, totals.getQueued());

    GetSummaryResponse sums =
        tracer.getSummary(
            GetSummaryRequest.newBuilder().setSessionId(first.getStarted().getSessionId()).build());
    assertTrue(sums.getComplete(), sums::toString);
    assertEquals(1, sums.getRowsCount(), sums::toString);
    SummaryRow row = sums.getRows(0);
    assertEquals("getppid", row.getSyscall());
    assertEquals(CALLS, row.getCalls());
    assertEquals(0, row.getErrors());
    assertEquals(
        row.getTimedCalls(),
        row.getHistogram().getBucketsList().stream().mapToLong(b -> b.getCount()).sum());
  }

  @Test
  void packedFormCarriesTheSameCalls() throws Exception {
    java.lang.Process target = waiting("getppid() for 1..500;");
    Iterator<TraceResponse> stream =
        tracer.trace(
            request(target)
                .setForm(Form.FORM_PACKED)
                .setFilter(Filter.newBuilder().addSyscalls("getppid").addSignals("none"))
                .build());
    assertTrue(stream.next().hasStarted());
    release(target);
    long count = 0;
    long bytes = 0;
    for (TraceResponse message : rest(stream)) {
      count += message.getPacked().getCount();
      bytes += message.getPacked().getRecords().size();
    }
    assertEquals(500, count);
    assertEquals(500 * 104, bytes);
  }

  @Test
  void joinsExecveAndTellsLifecycle() throws Exception {
    java.lang.Process target = waiting("exec '/bin/sh', '-c', 'exit 3'");
    Iterator<TraceResponse> stream =
        tracer.trace(
            request(target)
                .setWithLifecycle(true)
                .setWithLine(true)
                .setFilter(Filter.newBuilder().addSyscalls("execve").addSyscalls("exit_group"))
                .build());
    assertTrue(stream.next().hasStarted());
    release(target);
    List<Event> events = new ArrayList<>();
    rest(stream).forEach(message -> events.addAll(message.getEvents().getEventsList()));
    Event execve =
        events.stream()
            .filter(event -> event.getCall().getName().equals("execve"))
            .findFirst()
            .orElseThrow();
    assertEquals("/bin/sh", execve.getCall().getArguments(0).getValue().getText());
    assertEquals("[\"/bin/sh\", \"-c\", \"exit 3\"]", execve.getCall().getArguments(1).getText());
    assertEquals(3, execve.getCall().getArguments(1).getValue().getSequence().getValuesCount());
    assertTrue(events.stream().anyMatch(event -> event.getExec().getFilename().equals("/bin/sh")));
    Event end = events.get(events.size() - 1);
    assertEquals("exited with 3", end.getExit().getText());
    assertEquals("+++ exited with 3 +++", end.getLine());
  }

  @Test
  void listsProcessesWithWhatTheyDid() throws Exception {
    java.lang.Process target = waiting("getppid(); <STDIN>");
    long own = ProcessHandle.current().pid();
    Process self =
        tracer
            .listProcesses(ListProcessesRequest.newBuilder().addPids((int) own).build())
            .getProcesses(0);
    assertEquals(own, self.getKey().getPid());
    assertTrue(
        self.getListeningList().contains("unix://" + socket) || self.getListeningCount() > 0,
        self::toString);
    Process child =
        tracer
            .listProcesses(ListProcessesRequest.newBuilder().addPids((int) target.pid()).build())
            .getProcesses(0);
    assertEquals(own, child.getParentPid());
    assertEquals("perl", child.getName());
    target.destroyForcibly().waitFor();
  }

  @Test
  void tellsHowAServersWorkerFared() throws Exception {
    java.lang.Process target =
        waiting(
            "use IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 5,"
                + " LocalAddr => '127.0.0.1', Blocking => 0); $s->accept for 1..3; exit 7");
    Iterator<TraceResponse> stream = tracer.trace(request(target).setForm(Form.FORM_COUNT).build());
    assertTrue(stream.next().hasStarted());
    release(target);
    List<TraceResponse> messages = rest(stream);
    assertTrue(messages.stream().noneMatch(TraceResponse::hasEvents));
    ListProcessesResponse table =
        tracer.listProcesses(
            ListProcessesRequest.newBuilder()
                .addPids((int) target.pid())
                .setTracedOnly(true)
                .build());
    assertEquals(1, table.getProcessesCount(), table::toString);
    Process worker = table.getProcesses(0);
    assertTrue(worker.getCounted());
    assertEquals(3, worker.getThunderingHerd());
    assertEquals(0, worker.getAccepted());
    assertTrue(worker.getErrors() >= 3 && worker.getCalls() > worker.getErrors());
    assertTrue(
        table.getExitsList().stream()
            .anyMatch(
                exit -> exit.getProgram().equals("perl") && exit.getText().equals("exited with 7")),
        table::toString);
    assertEquals(7, target.waitFor());
  }

  @Test
  void watchesProcessesComeAndGo() throws Exception {
    Context.CancellableContext context = Context.current().withCancellation();
    Iterator<WatchProcessesResponse> stream =
        context.call(() -> tracer.watchProcesses(WatchProcessesRequest.getDefaultInstance()));
    assertTrue(stream.next().hasStarted());
    java.lang.Process child = new ProcessBuilder("/bin/true").start();
    int pid = (int) child.pid();
    boolean executed = false;
    boolean ended = false;
    while (!ended) {
      for (Event event : stream.next().getEvents().getEventsList()) {
        if (event.getProcess().getPid() == pid) {
          executed |= event.getExec().getFilename().equals("/bin/true");
          ended |= event.getExit().getText().equals("exited with 0");
        }
      }
    }
    context.cancel(new CancellationException("the test has seen it"));
    assertTrue(executed, "exec comes before exit");
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
    while (status().getSessionsCount() > 0) {
      Thread.onSpinWait();
    }
    for (int i = 0; i < SessionLimits.MAX_SESSIONS; i++) {
      assertTrue(context.call(() -> tracer.trace(request)).next().hasStarted());
    }
    StatusRuntimeException refused = refused(request);
    List<Limit> limits =
        status().getLimitsList().stream().filter(l -> l.getName().equals("sessions")).toList();
    context.cancel(new CancellationException("the test has seen it"));
    assertEquals(1, limits.size(), "it is told once");
    assertEquals(SessionLimits.MAX_SESSIONS, limits.get(0).getValue());
    assertEquals(SessionLimits.MAX_SESSIONS, limits.get(0).getInUse());
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode());
    assertEquals("sessions: all 64 are open", refused.getStatus().getDescription());
    assertFalse(detail(refused, ErrorInfo.class).getMetadataOrThrow("remedy").isEmpty());
    while (status().getSessionsCount() > 0) {
      Thread.onSpinWait();
    }
    assertTrue(tracer.trace(request).next().hasStarted(), "there is room again");
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
        tracer
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

  @Test
  void tellsASlowClientWhatItMissed() throws Exception {
    java.lang.Process target =
        waiting("for (my $i = 0; $i < %d; $i++) { getppid() }".formatted(10 * CALLS));
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    AtomicLong told = new AtomicLong();
    AtomicLong missed = new AtomicLong();
    AtomicReference<Ended> end = new AtomicReference<>(Ended.getDefaultInstance());
    AtomicReference<ClientCallStreamObserver<TraceRequest>> call = new AtomicReference<>();
    TracerGrpc.newStub(channel)
        .trace(
            request(target)
                .setForm(Form.FORM_PACKED)
                .setQueueBytes(1)
                .setFilter(Filter.newBuilder().addSyscalls("getppid").addSignals("none"))
                .build(),
            new ClientResponseObserver<TraceRequest, TraceResponse>() {
              @Override
              public void beforeStart(ClientCallStreamObserver<TraceRequest> stream) {
                call.set(stream);
                stream.disableAutoRequestWithInitial(1);
              }

              @Override
              public void onNext(TraceResponse message) {
                if (message.hasStarted()) {
                  began.countDown();
                  return;
                }
                told.addAndGet(message.getPacked().getCount());
                missed.addAndGet(message.getGap().getCount());
                if (message.hasEnded()) {
                  end.set(message.getEnded());
                }
                call.get().request(1);
              }

              @Override
              public void onError(Throwable failure) {
                ended.countDown();
              }

              @Override
              public void onCompleted() {
                ended.countDown();
              }
            });
    assertTrue(began.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS));
    release(target);
    assertEquals(0, target.waitFor(), "the target does not wait for a client that does not read");
    call.get().request(1);
    assertTrue(ended.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS));
    assertEquals(10 * CALLS, told.get() + missed.get());
    assertTrue(missed.get() > 0, "the queue is too small for all of it");
    Progress totals = end.get().getTotals();
    assertEquals(10 * CALLS, totals.getObserved());
    assertEquals(told.get(), totals.getDelivered());
    assertEquals(missed.get(), totals.getLostList().stream().mapToLong(l -> l.getCount()).sum());
  }

  @Test
  void detachesWhenTheLastStreamIsCancelled() throws Exception {
    java.lang.Process target = waiting("1");
    Context.CancellableContext context = Context.current().withCancellation();
    Iterator<TraceResponse> stream = context.call(() -> tracer.trace(request(target).build()));
    assertTrue(stream.next().hasStarted());
    context.cancel(new CancellationException("the test has seen enough"));
    long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
    while (status().getSessionsCount() > 0 || status().getAttached()) {
      assertTrue(System.nanoTime() < deadline, "still attached");
      Thread.onSpinWait();
    }
    target.destroyForcibly().waitFor();
  }

  private static GetStatusResponse status() {
    return tracer.getStatus(GetStatusRequest.getDefaultInstance());
  }

  private static StatusRuntimeException refused(TraceRequest request) {
    return assertThrows(StatusRuntimeException.class, () -> tracer.trace(request).next());
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
