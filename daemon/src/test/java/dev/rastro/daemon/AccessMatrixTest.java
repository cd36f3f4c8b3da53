package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import dev.rastro.daemon.access.Question;
import dev.rastro.daemon.access.Sight;
import dev.rastro.syscalls.record.BatchReader;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.v1.Event;
import dev.rastro.v1.Form;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.GetStatusResponse;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.InFlight;
import dev.rastro.v1.ListInFlightRequest;
import dev.rastro.v1.ListInFlightResponse;
import dev.rastro.v1.ListProcessesRequest;
import dev.rastro.v1.ListProcessesResponse;
import dev.rastro.v1.ListSyscallsRequest;
import dev.rastro.v1.Process;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.TracerGrpc;
import dev.rastro.v1.WatchProcessesRequest;
import dev.rastro.v1.WatchProcessesResponse;
import dev.rastro.v1.WatchSummaryRequest;
import dev.rastro.v1.WatchSummaryResponse;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every caller × every question × processes of their own, of another user, and of root. What is not
 * theirs to see is searched for in all that they get: answers, errors, events of both forms.
 */
@Tag("kernel")
@Tag("once")
final class AccessMatrixTest {

  /** From one frame of sums to the next. */
  private static final long MOMENT_NANOS = 100_000_000;

  private static AccessWorld world;

  @BeforeAll
  static void make(@TempDir Path folder) throws Exception {
    world = AccessWorld.make(folder);
  }

  @AfterAll
  static void close() {
    world.close();
  }

  @TestFactory
  Stream<DynamicTest> everyCell() {
    List<AccessCell> cells = AccessCell.all(world);
    assertEquals(
        world.clients().keySet(),
        cells.stream().map(AccessCell::caller).collect(Collectors.toSet()));
    return cells.stream()
        .flatMap(
            cell ->
                Stream.of(Question.values())
                    .map(
                        question ->
                            dynamicTest(
                                "%s asks %s of %s: %s"
                                    .formatted(
                                        cell.caller(), question.rpc(), cell.whose(), cell.sight()),
                                check(cell, question))));
  }

  private static Executable check(AccessCell cell, Question question) {
    return switch (question) {
      case GET_STATUS -> () -> checkStatus(cell);
      case LIST_SYSCALLS -> () -> checkSyscalls(cell);
      case LIST_PROCESSES -> () -> checkProcesses(cell);
      case GET_SUMMARY -> () -> checkSummary(cell);
      case WATCH_SUMMARY -> () -> checkSummaryWatch(cell);
      case LIST_IN_FLIGHT -> () -> checkInFlight(cell);
      case TRACE -> () -> checkTrace(cell);
      case WATCH_PROCESSES -> () -> checkWatch(cell);
    };
  }

  /** The session of somebody else is there for admins alone. */
  private static void checkStatus(AccessCell cell) throws Exception {
    TraceRequest counting =
        TraceRequest.newBuilder().setTarget(cell.target()).setForm(Form.FORM_COUNT).build();
    whileOpen(
        TracerGrpc.newBlockingStub(world.clients().get(cell.caller()).root()),
        counting,
        foreign -> {
          GetSummaryRequest sums = GetSummaryRequest.newBuilder().setSessionId(foreign).build();
          if (cell.isNobody()) {
            assertDenied(() -> cell.tracer().getStatus(GetStatusRequest.getDefaultInstance()));
            assertDenied(() -> cell.tracer().getSummary(sums));
            return;
          }
          GetStatusResponse status = cell.tracer().getStatus(GetStatusRequest.getDefaultInstance());
          assertFalse(Canary.isIn(status));
          assertEquals(
              cell.isAdmin(),
              status.getSessionsList().stream()
                  .anyMatch(session -> session.getSessionId().equals(foreign)));
          Status.Code code = code(() -> cell.tracer().getSummary(sums));
          assertEquals(cell.isAdmin() ? Status.Code.OK : Status.Code.NOT_FOUND, code);
        });
  }

  private static void checkSyscalls(AccessCell cell) {
    ListSyscallsRequest request = ListSyscallsRequest.getDefaultInstance();
    if (cell.isNobody()) {
      assertDenied(() -> cell.tracer().listSyscalls(request));
    } else {
      assertTrue(cell.tracer().listSyscalls(request).getSyscallsCount() > 300);
    }
  }

  private static void checkProcesses(AccessCell cell) {
    int pid = cell.awake().pid();
    ListProcessesRequest one = ListProcessesRequest.newBuilder().addPids(pid).build();
    ListProcessesRequest all = ListProcessesRequest.getDefaultInstance();
    if (cell.isNobody()) {
      assertDenied(() -> cell.tracer().listProcesses(all));
    } else {
      ListProcessesResponse list = cell.tracer().listProcesses(all);
      boolean listed =
          list.getProcessesList().stream().anyMatch(process -> process.getKey().getPid() == pid);
      assertEquals(cell.sight() != Sight.NOTHING, listed);
    }
    if (cell.sight() == Sight.NOTHING) {
      assertDenied(() -> cell.tracer().listProcesses(one));
      return;
    }
    Process found = cell.tracer().listProcesses(one).getProcesses(0);
    assertEquals("perl", found.getName());
    assertEquals(cell.uid(), found.getUid());
    boolean full = cell.sight() == Sight.FULL;
    assertEquals(full, found.getCommandLine().contains(Canary.WORD));
    assertEquals(full, found.getListeningList().toString().contains(Canary.WORD));
    assertEquals(full, Canary.isIn(found));
  }

  private static void checkSummary(AccessCell cell) throws Exception {
    GetSummaryRequest everybody = GetSummaryRequest.getDefaultInstance();
    if (cell.seesEverybody()) {
      assertFalse(Canary.isIn(cell.tracer().getSummary(everybody)));
    } else {
      assertDenied(() -> cell.tracer().getSummary(everybody));
    }
    TraceRequest counting =
        TraceRequest.newBuilder().setTarget(cell.target()).setForm(Form.FORM_COUNT).build();
    if (cell.sight() == Sight.NOTHING) {
      assertDenied(() -> cell.tracer().trace(counting).next());
      return;
    }
    whileOpen(
        cell.tracer(),
        counting,
        id -> {
          GetSummaryRequest sums = GetSummaryRequest.newBuilder().setSessionId(id).build();
          cell.awake().sing();
          GetSummaryResponse counted = cell.tracer().getSummary(sums);
          while (calls(counted, "execve") == 0) {
            counted = cell.tracer().getSummary(sums);
          }
          assertFalse(Canary.isIn(counted));
        });
  }

  private static long calls(GetSummaryResponse counted, String name) {
    return counted.getRowsList().stream()
        .filter(row -> row.getSyscall().equals(name))
        .mapToLong(row -> row.getCalls())
        .sum();
  }

  /** Sums hold nothing that a process works on, whoever asks. */
  private static void checkSummaryWatch(AccessCell cell) throws Exception {
    WatchSummaryRequest everybody =
        WatchSummaryRequest.newBuilder().setIntervalNanos(MOMENT_NANOS).build();
    if (cell.seesEverybody()) {
      assertFalse(
          sings(
              cell,
              () -> cell.tracer().watchSummary(everybody),
              WatchSummaryResponse::hasFrame,
              WatchSummaryResponse::hasFrame));
    } else {
      assertDenied(() -> cell.tracer().watchSummary(everybody).next());
    }
    WatchSummaryRequest one = everybody.toBuilder().setTarget(cell.target()).build();
    if (cell.sight() == Sight.NOTHING) {
      assertDenied(() -> cell.tracer().watchSummary(one).next());
    } else {
      assertFalse(
          sings(
              cell,
              () -> cell.tracer().watchSummary(one),
              WatchSummaryResponse::hasStarted,
              message ->
                  message.getFrame().getRowsList().stream()
                      .anyMatch(row -> row.getSyscall().equals("execve"))));
    }
  }

  private static void checkInFlight(AccessCell cell) {
    ListInFlightRequest one = ListInFlightRequest.newBuilder().addPids(cell.asleep()).build();
    ListInFlightRequest all = ListInFlightRequest.getDefaultInstance();
    if (cell.isNobody()) {
      assertDenied(() -> cell.tracer().listInFlight(all));
    } else {
      ListInFlightResponse everybody = cell.tracer().listInFlight(all);
      assertEquals(cell.sight() != Sight.NOTHING, call(everybody, cell.asleep()).count() == 1);
    }
    if (cell.sight() == Sight.NOTHING) {
      assertDenied(() -> cell.tracer().listInFlight(one));
      return;
    }
    ListInFlightResponse answer = cell.tracer().listInFlight(one);
    InFlight found = call(answer, cell.asleep()).findFirst().orElseThrow();
    assertTrue(found.getCall().getName().startsWith("open"));
    assertTrue(found.getSentence().startsWith("waits"), found::getSentence);
    assertEquals(cell.sight() == Sight.FULL, Canary.isIn(answer));
  }

  private static Stream<InFlight> call(ListInFlightResponse answer, int pid) {
    return answer.getCallsList().stream().filter(call -> call.getProcess().getPid() == pid);
  }

  private static void checkTrace(AccessCell cell) throws Exception {
    for (Form form : List.of(Form.FORM_DECODED, Form.FORM_PACKED)) {
      TraceRequest request =
          TraceRequest.newBuilder()
              .setTarget(cell.target())
              .setForm(form)
              .setVerbose(true)
              .setWithLine(true)
              .setWithLifecycle(true)
              .setWithDescriptors(true)
              .setWithBlocked(true)
              .setStringLimit(4096)
              .build();
      if (cell.sight() == Sight.NOTHING) {
        assertDenied(() -> cell.tracer().trace(request).next());
      } else {
        assertEquals(
            cell.sight() == Sight.FULL,
            sings(
                cell,
                () -> cell.tracer().trace(request),
                TraceResponse::hasStarted,
                AccessMatrixTest::hasEnough));
      }
    }
  }

  /** What it started has ended. */
  private static boolean hasEnough(TraceResponse message) {
    ByteBuffer records =
        message.getPacked().getRecords().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    BatchReader batch = new BatchReader().wrap(records, 0, records.limit());
    while (batch.next()) {
      if (batch.record().kind() == RecordLayout.EXIT) {
        return true;
      }
    }
    return message.getEvents().getEventsList().stream().anyMatch(Event::hasExit);
  }

  private static void checkWatch(AccessCell cell) throws Exception {
    WatchProcessesRequest request =
        WatchProcessesRequest.newBuilder().setTarget(cell.target()).build();
    if (cell.sight() == Sight.NOTHING) {
      assertDenied(() -> cell.tracer().watchProcesses(request).next());
    } else {
      assertEquals(
          cell.sight() == Sight.FULL,
          sings(
              cell,
              () -> cell.tracer().watchProcesses(request),
              WatchProcessesResponse::hasStarted,
              message -> message.getEvents().getEventsList().stream().anyMatch(Event::hasExit)));
    }
  }

  /** Has the process do all that it does; whether the word came with it. */
  private static <T extends Message> boolean sings(
      AccessCell cell, Supplier<Iterator<T>> open, Predicate<T> begins, Predicate<T> enough)
      throws Exception {
    Context.CancellableContext context = Context.current().withCancellation();
    try {
      Iterator<T> stream = context.call(open::get);
      T message = stream.next();
      assertTrue(begins.test(message));
      assertFalse(Canary.isIn(message), "nothing of it in the beginning");
      cell.awake().sing();
      boolean heard = false;
      do {
        message = stream.next();
        heard |= Canary.isIn(message);
      } while (!enough.test(message));
      return heard;
    } finally {
      context.cancel(new CancellationException("heard enough"));
    }
  }

  private interface WithSession {
    void run(String id) throws Exception;
  }

  private static void whileOpen(
      TracerGrpc.TracerBlockingStub tracer, TraceRequest request, WithSession then)
      throws Exception {
    Context.CancellableContext context = Context.current().withCancellation();
    try {
      Iterator<TraceResponse> stream = context.call(() -> tracer.trace(request));
      then.run(stream.next().getStarted().getSessionId());
    } finally {
      context.cancel(new CancellationException("seen enough"));
    }
  }

  private static Status.Code code(Supplier<? extends Message> call) {
    try {
      assertFalse(Canary.isIn(call.get()));
      return Status.Code.OK;
    } catch (StatusRuntimeException refused) {
      assertFalse(Canary.isIn(refused));
      return refused.getStatus().getCode();
    }
  }

  private static void assertDenied(Executable call) {
    StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, call);
    assertEquals(Status.Code.PERMISSION_DENIED, refused.getStatus().getCode(), refused::toString);
    assertFalse(Canary.isIn(refused));
    ErrorInfo info =
        StatusProto.fromThrowable(refused).getDetailsList().stream()
            .filter(detail -> detail.is(ErrorInfo.class))
            .map(AccessMatrixTest::unpacked)
            .findFirst()
            .orElseThrow();
    assertFalse(info.getMetadataOrThrow("needs").isEmpty());
    assertFalse(info.getMetadataOrThrow("remedy").isEmpty());
  }

  private static ErrorInfo unpacked(com.google.protobuf.Any detail) {
    try {
      return detail.unpack(ErrorInfo.class);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
