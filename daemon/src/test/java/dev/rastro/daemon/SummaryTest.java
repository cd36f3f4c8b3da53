// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.TextFormat;
import dev.rastro.v1.Bucket;
import dev.rastro.v1.Event;
import dev.rastro.v1.Filter;
import dev.rastro.v1.Form;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.Quantile;
import dev.rastro.v1.SummaryBy;
import dev.rastro.v1.SummaryRow;
import dev.rastro.v1.SummarySort;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums are those of the calls, on the real kernel. */
@Tag("kernel")
@Timeout(120)
final class SummaryTest {
  @RegisterExtension static final LiveDaemon live = new LiveDaemon();

  @Test
  void sumsAreThoseOfTheCallsThatWereTold() throws Exception {
    Run run =
        run(
            """
            import os, time
            for i in range(2000): os.getppid()
            for i in range(20): time.sleep(i / 5000)
            for i in range(5):
                try: os.stat('/no/such/file')
                except OSError: pass
            """,
            Filter.newBuilder()
                .addSyscalls("getppid")
                .addSyscalls("/nanosleep")
                .addSyscalls("%file"),
            Form.FORM_DECODED);
    GetSummaryResponse sums = run.sums(GetSummaryRequest.newBuilder());
    assertTrue(sums.getComplete(), sums::toString);
    Map<String, List<Event>> calls =
        run.events().stream().collect(Collectors.groupingBy(event -> event.getCall().getName()));
    assertEquals(
        calls.keySet(),
        sums.getRowsList().stream().map(SummaryRow::getSyscall).collect(Collectors.toSet()));
    for (SummaryRow row : sums.getRowsList()) {
      assertAgrees(row, calls.get(row.getSyscall()));
    }
    assertEquals(run.events().size(), sums.getTotal().getCalls());
  }

  /** Durations that are counted are the very ones that are told. */
  private static void assertAgrees(SummaryRow row, List<Event> calls) {
    List<Long> durations =
        calls.stream()
            .filter(event -> event.getCall().hasDurationNanos())
            .map(event -> event.getCall().getDurationNanos())
            .sorted()
            .toList();
    assertEquals(calls.size(), row.getCalls(), row::toString);
    assertEquals(
        calls.stream().filter(event -> !event.getCall().getError().isEmpty()).count(),
        row.getErrors());
    assertEquals(durations.size(), row.getTimedCalls());
    assertEquals(durations.get(0), row.getMinNanos());
    assertEquals(durations.get(durations.size() - 1), row.getMaxNanos());
    assertEquals(durations.stream().mapToLong(one -> one).sum(), row.getTotalNanos());
    assertFalse(row.getExtremesAreBounds());
    long before = 0;
    for (Bucket bucket : row.getHistogram().getBucketsList()) {
      long below = durations.stream().filter(one -> one < bucket.getBelowNanos()).count();
      assertEquals(before + bucket.getCount(), below, row::toString);
      before = below;
    }
    for (Quantile quantile : row.getQuantilesList()) {
      long exact = durations.get((int) Math.ceil(quantile.getFraction() * durations.size()) - 1);
      assertTrue(exact <= quantile.getNanos(), row::toString);
      assertTrue(quantile.getNanos() <= Math.max(40, exact * 5 / 4 + 1), row::toString);
    }
  }

  @Test
  void rowsAreSortedCutAndAddedUp() throws Exception {
    Run run =
        run(
            "import os\nfor i in range(7): os.getppid()\nfor i in range(30): os.getsid(0)\nos.getpgid(0)",
            Filter.newBuilder().addSyscalls("getppid").addSyscalls("getsid").addSyscalls("getpgid"),
            Form.FORM_COUNT);
    GetSummaryResponse top =
        run.sums(
            GetSummaryRequest.newBuilder()
                .setSort(SummarySort.SUMMARY_SORT_CALLS)
                .setTop(2)
                .addQuantiles(1)
                .addQuantiles(0.25));
    assertEquals(List.of("getsid", "getppid"), names(top));
    assertEquals(1, top.getRowsLeftOut());
    assertEquals(38, top.getTotal().getCalls());
    assertEquals(
        List.of(1.0, 0.25),
        top.getRows(0).getQuantilesList().stream().map(Quantile::getFraction).toList());
    assertEquals(top.getRows(0).getMaxNanos(), top.getRows(0).getQuantiles(0).getNanos());
    assertEquals(
        List.of("getpgid", "getppid", "getsid"),
        names(run.sums(GetSummaryRequest.newBuilder().setSort(SummarySort.SUMMARY_SORT_NAME))));
    GetSummaryResponse nobodys = run.sums(GetSummaryRequest.newBuilder().addUsers("4000000"));
    assertEquals(0, nobodys.getRowsCount());
    assertFalse(nobodys.hasTotal());
    GetSummaryResponse ours =
        run.sums(
            GetSummaryRequest.newBuilder().addUsers("root").setBy(SummaryBy.SUMMARY_BY_PROCESS));
    assertEquals(38, ours.getRows(0).getCalls());
    assertTrue(ours.getRows(0).hasUid());
  }

  @Test
  void whatEverythingHadCountedBeforeMakesNoOtherIncomplete() throws Exception {
    Process program = LiveDaemon.python("import os\nfor i in range(50): os.getppid()\ninput()");
    Context.CancellableContext context = Context.current().withCancellation();
    TraceRequest everything =
        TraceRequest.newBuilder()
            .setTarget(Target.newBuilder().setEverything(true))
            .setFilter(Filter.newBuilder().addSyscalls("getppid"))
            .setForm(Form.FORM_COUNT)
            .build();
    Iterator<TraceResponse> stream = context.call(() -> live.tracer().trace(everything));
    String session = stream.next().getStarted().getSessionId();
    LiveDaemon.release(program);
    GetSummaryRequest ours =
        GetSummaryRequest.newBuilder().setSessionId(session).addPids((int) program.pid()).build();
    // The class's timeout is the deadline.
    while (live.tracer().getSummary(ours).getTotal().getCalls() < 50) {
      Thread.onSpinWait();
    }
    context.cancel(null);
    while (live.tracer().getStatus(GetStatusRequest.getDefaultInstance()).getSessionsCount() > 0) {
      Thread.onSpinWait();
    }
    // Nobody sees its end.
    LiveDaemon.release(program);
    assertEquals(0, program.waitFor());
    Run run = run("", Filter.newBuilder().addSyscalls("exit_group"), Form.FORM_COUNT);
    GetSummaryResponse sums = run.sums(GetSummaryRequest.newBuilder());
    assertTrue(sums.getComplete(), sums::toString);
  }

  @Test
  void aNumberThatIsUsedAgainIsAnotherProcess() throws Exception {
    Run run =
        run(
            """
            import ctypes, os, signal, time
            libc = ctypes.CDLL(None, use_errno=True)
            class Clone(ctypes.Structure):
                _fields_ = [(name, ctypes.c_uint64) for name in ('flags', 'pidfd', 'child_tid',
                    'parent_tid', 'exit_signal', 'stack', 'stack_size', 'tls', 'set_tid', 'set_tid_size')]
            def clone(pid):
                wish = (ctypes.c_int * 1)(pid)
                how = Clone(exit_signal=signal.SIGCHLD, set_tid=ctypes.addressof(wish), set_tid_size=1)
                return libc.syscall(435, ctypes.byref(how), ctypes.sizeof(how))
            def child(calls):
                for i in range(calls): os.getppid()
                os._exit(0)
            while True:
                pid = os.fork()
                if pid == 0: child(300)
                os.waitpid(pid, 0)
                time.sleep(0.02)
                again = clone(pid)
                if again == 0: child(500)
                if again == pid: break
            os.waitpid(pid, 0)
            """,
            Filter.newBuilder().addSyscalls("getppid"),
            Form.FORM_COUNT);
    GetSummaryResponse sums =
        run.sums(GetSummaryRequest.newBuilder().setBy(SummaryBy.SUMMARY_BY_PROCESS));
    Map<Integer, List<SummaryRow>> byPid =
        sums.getRowsList().stream()
            .collect(Collectors.groupingBy(row -> row.getProcess().getPid()));
    List<SummaryRow> same =
        byPid.values().stream().filter(rows -> rows.size() > 1).findFirst().orElseThrow();
    Map<Long, Long> callsByStart = new TreeMap<>();
    same.forEach(row -> callsByStart.put(row.getProcess().getStartTimeNanos(), row.getCalls()));
    assertEquals(List.of(300L, 500L), List.copyOf(callsByStart.values()), sums::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          quantiles[0] | quantiles: 0
          quantiles[1] | quantiles: 0.5 quantiles: 1.01
          quantiles[0] | quantiles: nan
          by           | by: 77
          users[0]     | users: "nobody such"
          sort         | sort: 77
          last_nanos   | last_nanos: 60000000001
          filter       | filter { syscalls: "read" deny_syscalls: "read" }
          """)
  void aBadRequestIsRefusedByTheFieldsName(String field, String text) throws Exception {
    GetSummaryRequest request = TextFormat.parse(text, GetSummaryRequest.class);
    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> live.tracer().getSummary(request));
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
    assertTrue(refused.getStatus().getDescription().startsWith(field + ": "), refused::toString);
  }

  private static List<String> names(GetSummaryResponse sums) {
    return sums.getRowsList().stream().map(SummaryRow::getSyscall).toList();
  }

  /** What a program did that has ended. */
  private record Run(String session, List<Event> events) {
    GetSummaryResponse sums(GetSummaryRequest.Builder request) {
      return live.tracer().getSummary(request.setSessionId(session).build());
    }
  }

  private static Run run(String script, Filter.Builder filter, Form form) throws Exception {
    Process program = LiveDaemon.python(script);
    TraceRequest request =
        LiveDaemon.counting(program).setForm(form).setFilter(filter.addSignals("none")).build();
    Iterator<TraceResponse> stream = live.tracer().trace(request);
    String session = stream.next().getStarted().getSessionId();
    LiveDaemon.release(program);
    List<Event> events = new ArrayList<>();
    stream.forEachRemaining(message -> events.addAll(message.getEvents().getEventsList()));
    assertEquals(0, program.waitFor());
    return new Run(session, events);
  }
}
