package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.config.Settings;
import dev.rastro.daemon.drain.Pulse;
import dev.rastro.v1.Filter;
import dev.rastro.v1.Form;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.Loss;
import dev.rastro.v1.Overload;
import dev.rastro.v1.Progress;
import dev.rastro.v1.Resume;
import dev.rastro.v1.SummaryBy;
import dev.rastro.v1.SummaryRow;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams that break, that are slow, and that are many. */
@Tag("kernel")
final class StreamsTest {
  private static final int CALLS = 5000;

  @TempDir static Path directory;

  private static Workbench bench;

  @BeforeAll
  static void start() throws Exception {
    bench = Workbench.open(Settings.at(directory.resolve("run/d.sock")));
  }

  @AfterAll
  static void stop() throws Exception {
    bench.close();
  }

  @AfterEach
  void endAll() throws Exception {
    bench.clear();
  }

  @Test
  void aBrokenConnectionGoesOnWithoutAHole() throws Exception {
    Process program = rounds();
    Watching first = Watching.begin(bench.connect(), resumable(program).build());
    Workbench.round(program);
    first.await("the first round", () -> first.calls("getppid") == CALLS);
    long cursor = middle(first);
    bench.proxy().cut();
    assertEquals(Status.Code.UNAVAILABLE, first.awaitEnd().getCode());
    Workbench.round(program);
    Watching second = Watching.begin(bench.connect(), resume(first, cursor));
    assertTrue(second.started().getResumed());
    assertEquals(first.started().getSessionId(), second.started().getSessionId());
    Workbench.round(program);
    program.getOutputStream().close();
    assertEquals(Status.Code.OK, second.awaitEnd().getCode());
    long before = first.events().filter(event -> event.getSequence() <= cursor).count();
    assertEquals(cursor, before);
    List<Long> sequences = second.events().map(event -> event.getSequence()).toList();
    assertEquals(
        LongStream.rangeClosed(cursor + 1, cursor + sequences.size()).boxed().toList(), sequences);
    long again =
        first
            .events()
            .filter(e -> e.getSequence() > cursor && e.getCall().getName().equals("getppid"))
            .count();
    assertEquals(3L * CALLS, first.calls("getppid") - again + second.calls("getppid"));
    Workbench.assertBalanced(second.totals());
  }

  @Test
  void whatIsNoLongerHeldIsAnExactGap() throws Exception {
    Process program = rounds();
    Watching first = Watching.begin(bench.connect(), resumable(program).setHistoryBytes(1).build());
    Workbench.round(program);
    first.await("the first round", () -> first.calls("getppid") == CALLS);
    bench.proxy().cut();
    Status unused = first.awaitEnd();
    Watching second = Watching.begin(bench.connect(), resume(first, 0));
    Workbench.round(program);
    program.getOutputStream().close();
    unused = second.awaitEnd();
    assertEquals(first.cursor(), second.missing(Loss.LOSS_EVICTED));
    assertEquals(CALLS, second.calls("getppid"));
    Progress totals = second.totals();
    Workbench.assertBalanced(totals);
    assertEquals(totals.getObserved(), second.missing(Loss.LOSS_EVICTED) + second.events().count());
  }

  @Test
  void whoTakesAStreamOverEndsTheEarlierConnection() throws Exception {
    Process program = rounds();
    Watching first = Watching.begin(bench.connect(), resumable(program).build());
    Watching second = Watching.begin(bench.connect(), resume(first, 0));
    assertEquals(Status.Code.ABORTED, first.awaitEnd().getCode());
    Workbench.round(program);
    second.await("a round", () -> second.calls("getppid") == CALLS);
    second.cancel();
    bench.awaitSessions(0);
    Watching third = Watching.begin(bench.connect(), resume(first, 0));
    assertEquals(
        Status.Code.NOT_FOUND, third.awaitEnd().getCode(), "cancelled, it is gone at once");
  }

  @Test
  void pastItsDeadlineASessionIsGoneAtOnce() throws Exception {
    Process program = rounds();
    Iterator<TraceResponse> messages =
        bench.tracer().withDeadlineAfter(1, TimeUnit.SECONDS).trace(resumable(program).build());
    StatusRuntimeException end =
        assertThrows(
            StatusRuntimeException.class,
            () -> {
              while (messages.hasNext()) {
                TraceResponse unused = messages.next();
              }
            });
    assertEquals(Status.Code.DEADLINE_EXCEEDED, end.getStatus().getCode());
    bench.awaitSessions(0);
    assertFalse(bench.tracer().getStatus(GetStatusRequest.getDefaultInstance()).getAttached());
  }

  @Test
  void whoAsksToBeCutOffRatherThanLoseIs() throws Exception {
    Process program = rounds();
    TraceRequest request =
        getppid(program).setOverload(Overload.OVERLOAD_END).setQueueBytes(1).build();
    Watching stopped = Watching.begin(bench.connect(), request, false);
    for (int i = 0; i < 40 && !stopped.hasEnded(); i++) {
      Workbench.round(program);
    }
    bench.awaitSessions(0);
    stopped.readOn();
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, stopped.awaitEnd().getCode());
  }

  @Test
  void aStoppedReaderCostsNobodyElseAnything() throws Exception {
    Process program = rounds();
    Watching stopped =
        Watching.begin(bench.connect(), getppid(program).setQueueBytes(2 << 20).build(), false);
    Watching reading = Watching.begin(bench.connect(), getppid(program).build());
    for (int i = 1; i <= 40; i++) {
      Workbench.round(program);
      long sofar = (long) i * CALLS;
      reading.await("round " + i, () -> reading.packedEvents() == sofar);
    }
    program.getOutputStream().close();
    stopped.readOn();
    assertEquals(Status.Code.OK, stopped.awaitEnd().getCode());
    assertEquals(Status.Code.OK, reading.awaitEnd().getCode());
    assertEquals(40L * CALLS, reading.packedEvents());
    long missing = stopped.missing(Loss.LOSS_QUEUE_FULL);
    assertTrue(missing > 0, "the queue was meant to overflow");
    assertEquals(40L * CALLS, stopped.packedEvents() + missing);
    // Its connection may take more when the queue has overflowed already: then there are batches
    // between two gaps.
    String told =
        stopped.messages().stream()
            .map(message -> message.hasGap() ? "gap " : message.hasPacked() ? "batch " : "")
            .collect(Collectors.joining());
    assertFalse(told.contains("gap gap"), "what is missing in one place is one gap");
    Workbench.assertBalanced(stopped.totals());
    Workbench.assertBalanced(reading.totals());
  }

  @Test
  void sumsHaveWindows() throws Exception {
    Process program = rounds();
    Watching watching =
        Watching.begin(bench.connect(), getppid(program).setForm(Form.FORM_COUNT).build());
    GetSummaryRequest ours =
        GetSummaryRequest.newBuilder().setSessionId(watching.started().getSessionId()).build();
    Workbench.round(program);
    awaitCalls(ours, CALLS);
    String first = sums(ours.toBuilder().setKeepSnapshot(true)).getSnapshotId();
    Workbench.round(program);
    awaitCalls(ours, 2 * CALLS);
    GetSummaryRequest.Builder since = ours.toBuilder().setFromSnapshot(first);
    GetSummaryResponse second = sums(since.setKeepSnapshot(true));
    assertEquals(CALLS, calls(second));
    since.setKeepSnapshot(false);
    Workbench.round(program);
    awaitCalls(ours, 3 * CALLS);
    assertEquals(2 * CALLS, calls(sums(since)));
    GetSummaryResponse between = sums(since.setToSnapshot(second.getSnapshotId()));
    assertEquals(CALLS, calls(between));
    assertEquals(CALLS, between.getRows(0).getTimedCalls());
    assertTrue(between.getRows(0).getExtremesAreBounds());
    assertEquals(3 * CALLS, calls(sums(ours.toBuilder().setLastNanos(60_000_000_000L))));
    GetSummaryRequest.Builder last = ours.toBuilder().setLastNanos(1);
    Instant deadline = Instant.now().plus(Patience.LIMIT);
    while (calls(sums(last)) != 0) {
      assertTrue(Instant.now().isBefore(deadline), "a second without calls");
    }
    GetSummaryResponse byName = sums(ours.toBuilder().setBy(SummaryBy.SUMMARY_BY_COMMAND));
    assertEquals("perl", byName.getRows(0).getComm());
    assertEquals(3 * CALLS, calls(byName));
    StatusRuntimeException gone =
        assertThrows(StatusRuntimeException.class, () -> sums(since.setToSnapshot("none")));
    assertEquals(Status.Code.NOT_FOUND, gone.getStatus().getCode());
  }

  @Test
  void standingTargetsAreCountedWithoutAnyClient() throws Exception {
    Path socket = directory.resolve("standing/d.sock");
    Path named = directory.resolve("rastro-stands");
    Files.copy(Path.of("/bin/sh").toRealPath(), named, StandardCopyOption.COPY_ATTRIBUTES);
    Settings settings = Settings.at(socket).withStandingTargets(List.of("exe=" + named + ",uid=0"));
    try (Workbench standing = Workbench.open(settings)) {
      Process unused =
          new ProcessBuilder(named.toString(), "-c", "cd /; cd /; cd /").inheritIO().start();
      assertEquals(0, unused.waitFor());
      GetSummaryResponse sums =
          standing
              .tracer()
              .getSummary(
                  GetSummaryRequest.newBuilder()
                      .setFilter(Filter.newBuilder().addSyscalls("chdir"))
                      .setBy(SummaryBy.SUMMARY_BY_COMMAND)
                      .build());
      assertEquals(3, calls(sums));
      assertEquals("rastro-stands", sums.getRows(0).getComm());
      assertTrue(sums.getComplete());
    }
    Settings wrong = Settings.at(socket).withStandingTargets(List.of("name=x"));
    IOException refusal = assertThrows(IOException.class, () -> Daemon.start(wrong, Pulse.NONE));
    assertTrue(refusal.getMessage().startsWith("--standing-target: name=x"));
  }

  private void awaitCalls(GetSummaryRequest request, long count) throws Exception {
    Instant deadline = Instant.now().plus(Patience.LIMIT);
    while (calls(sums(request.toBuilder())) != count) {
      assertTrue(Instant.now().isBefore(deadline), "the calls are counted");
    }
  }

  private GetSummaryResponse sums(GetSummaryRequest.Builder request) throws IOException {
    return bench.tracer().getSummary(request.build());
  }

  private static long calls(GetSummaryResponse sums) {
    return sums.getRowsList().stream().mapToLong(SummaryRow::getCalls).sum();
  }

  /** A place between two messages that both bring events. */
  private static long middle(Watching watching) {
    List<Long> cursors =
        watching.messages().stream()
            .filter(TraceResponse::hasEvents)
            .map(message -> message.getEvents().getCursor())
            .toList();
    assertFalse(cursors.isEmpty());
    return cursors.get(cursors.size() / 2);
  }

  private static TraceRequest.Builder request(Process program) {
    return TraceRequest.newBuilder()
        .setTarget(Target.newBuilder().addPids((int) program.pid()))
        .setEndWithTarget(true);
  }

  private static TraceRequest.Builder resumable(Process program) {
    return request(program)
        .setFilter(Filter.newBuilder().addSyscalls("getppid"))
        .setResumeSeconds(60);
  }

  private static TraceRequest.Builder getppid(Process program) {
    return request(program)
        .setFilter(Filter.newBuilder().addSyscalls("getppid").addSignals("none"))
        .setForm(Form.FORM_PACKED);
  }

  private static TraceRequest resume(Watching earlier, long cursor) {
    return TraceRequest.newBuilder()
        .setResume(
            Resume.newBuilder().setSessionId(earlier.started().getSessionId()).setCursor(cursor))
        .build();
  }

  /** Makes CALLS calls for each line, ends with its input. */
  private Process rounds() throws IOException {
    return bench.perl("while (<STDIN>) { getppid for 1..%d }".formatted(CALLS));
  }
}
