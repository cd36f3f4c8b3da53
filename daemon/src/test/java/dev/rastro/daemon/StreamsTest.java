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
import dev.rastro.v1.LossCount;
import dev.rastro.v1.Overload;
import dev.rastro.v1.Progress;
import dev.rastro.v1.Resume;
import dev.rastro.v1.SummaryBy;
import dev.rastro.v1.SummaryRow;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.TracerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

  private static Daemon daemon;
  private static CuttingProxy proxy;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<Process> programs = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    Path socket = directory.resolve("run/d.sock");
    daemon = Daemon.start(Settings.at(socket), Pulse.NONE);
    proxy = new CuttingProxy(socket);
  }

  @AfterAll
  static void stop() throws Exception {
    proxy.close();
    daemon.close();
  }

  @AfterEach
  void endAll() throws Exception {
    programs.forEach(Process::destroyForcibly);
    for (ManagedChannel channel : channels) {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void aBrokenConnectionGoesOnWithoutAHole() throws Exception {
    Process program = rounds();
    Watching first = Watching.begin(connect(), resumable(program).build());
    round(program);
    first.await("the first round", () -> first.calls("getppid") == CALLS);
    long cursor = middle(first);
    proxy.cut();
    assertEquals(Status.Code.UNAVAILABLE, first.awaitEnd().getCode());
    round(program);
    Watching second = Watching.begin(connect(), resume(first, cursor));
    assertTrue(second.started().getResumed());
    assertEquals(first.started().getSessionId(), second.started().getSessionId());
    round(program);
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
    assertBalanced(second.totals());
  }

  @Test
  void whatIsNoLongerHeldIsAnExactGap() throws Exception {
    Process program = rounds();
    Watching first = Watching.begin(connect(), resumable(program).setHistoryBytes(1).build());
    round(program);
    first.await("the first round", () -> first.calls("getppid") == CALLS);
    proxy.cut();
    Status unused = first.awaitEnd();
    Watching second = Watching.begin(connect(), resume(first, 0));
    round(program);
    program.getOutputStream().close();
    unused = second.awaitEnd();
    assertEquals(first.cursor(), second.missing(Loss.LOSS_EVICTED));
    assertEquals(CALLS, second.calls("getppid"));
    Progress totals = second.totals();
    assertBalanced(totals);
    assertEquals(totals.getObserved(), second.missing(Loss.LOSS_EVICTED) + second.events().count());
  }

  @Test
  void whoTakesAStreamOverEndsTheEarlierConnection() throws Exception {
    Process program = rounds();
    Watching first = Watching.begin(connect(), resumable(program).build());
    Watching second = Watching.begin(connect(), resume(first, 0));
    assertEquals(Status.Code.ABORTED, first.awaitEnd().getCode());
    round(program);
    second.await("a round", () -> second.calls("getppid") == CALLS);
    second.cancel();
    awaitSessions(0);
    Watching third = Watching.begin(connect(), resume(first, 0));
    assertEquals(
        Status.Code.NOT_FOUND, third.awaitEnd().getCode(), "cancelled, it is gone at once");
  }

  @Test
  void whoAsksToBeCutOffRatherThanLoseIs() throws Exception {
    Process program = rounds();
    TraceRequest request =
        getppid(program).setOverload(Overload.OVERLOAD_END).setQueueBytes(1).build();
    Watching stopped = Watching.begin(connect(), request, false);
    for (int i = 0; i < 40 && !stopped.hasEnded(); i++) {
      round(program);
    }
    awaitSessions(0);
    stopped.readOn();
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, stopped.awaitEnd().getCode());
  }

  @Test
  void aStoppedReaderCostsNobodyElseAnything() throws Exception {
    Process program = rounds();
    Watching stopped =
        Watching.begin(connect(), getppid(program).setQueueBytes(2 << 20).build(), false);
    Watching reading = Watching.begin(connect(), getppid(program).build());
    for (int i = 1; i <= 40; i++) {
      round(program);
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
    assertEquals(
        1, stopped.messages().stream().filter(TraceResponse::hasGap).count(), "it is one gap");
    assertBalanced(stopped.totals());
    assertBalanced(reading.totals());
  }

  @Test
  void sumsHaveWindows() throws Exception {
    Process program = rounds();
    Watching watching =
        Watching.begin(connect(), getppid(program).setForm(Form.FORM_COUNT).build());
    GetSummaryRequest ours =
        GetSummaryRequest.newBuilder().setSessionId(watching.started().getSessionId()).build();
    round(program);
    awaitCalls(ours, CALLS);
    String first = sums(ours.toBuilder().setKeepSnapshot(true)).getSnapshotId();
    round(program);
    awaitCalls(ours, 2 * CALLS);
    GetSummaryRequest.Builder since = ours.toBuilder().setFromSnapshot(first);
    GetSummaryResponse second = sums(since.setKeepSnapshot(true));
    assertEquals(CALLS, calls(second));
    since.setKeepSnapshot(false);
    round(program);
    awaitCalls(ours, 3 * CALLS);
    assertEquals(2 * CALLS, calls(sums(since)));
    GetSummaryResponse between = sums(since.setToSnapshot(second.getSnapshotId()));
    assertEquals(CALLS, calls(between));
    assertEquals(CALLS, between.getRows(0).getTimedCalls());
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
    Daemon standing = Daemon.start(settings, Pulse.NONE);
    try (CuttingProxy way = new CuttingProxy(socket)) {
      Process unused =
          new ProcessBuilder(named.toString(), "-c", "cd /; cd /; cd /").inheritIO().start();
      assertEquals(0, unused.waitFor());
      ManagedChannel channel = NettyChannelBuilder.forAddress(way.address()).usePlaintext().build();
      channels.add(channel);
      GetSummaryResponse sums =
          TracerGrpc.newBlockingStub(channel)
              .getSummary(
                  GetSummaryRequest.newBuilder()
                      .setFilter(Filter.newBuilder().addSyscalls("chdir"))
                      .setBy(SummaryBy.SUMMARY_BY_COMMAND)
                      .build());
      assertEquals(3, calls(sums));
      assertEquals("rastro-stands", sums.getRows(0).getComm());
      assertTrue(sums.getComplete());
    } finally {
      standing.close();
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
    return tracer().getSummary(request.build());
  }

  private static long calls(GetSummaryResponse sums) {
    return sums.getRowsList().stream().mapToLong(SummaryRow::getCalls).sum();
  }

  private TracerGrpc.TracerBlockingStub tracer() throws IOException {
    if (channels.isEmpty()) {
      ManagedChannel unused = connect();
    }
    return TracerGrpc.newBlockingStub(channels.get(0));
  }

  @Test
  void twelveWatchersSeeWhatOneAloneSees() throws Exception {
    List<Process> noise = List.of(forks(), forks());
    List<Process> watched = new ArrayList<>();
    List<Watching> watchers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Process program = mixed();
      watched.add(program);
      TraceRequest.Builder request = request(program).setWithLine(true);
      if (i % 3 == 1) {
        request.setFilter(Filter.newBuilder().addErrnos("ENOENT"));
      } else if (i % 3 == 2) {
        request.setFilter(Filter.newBuilder().addSyscalls("umask").addSyscalls("chdir"));
      }
      watchers.add(Watching.begin(connect(), request.build()));
    }
    for (Process program : watched) {
      round(program);
    }
    for (int i = 0; i < 12; i++) {
      Watching watcher = watchers.get(i);
      assertEquals(Status.Code.OK, watcher.awaitEnd().getCode());
      assertEquals(0, watcher.missing(Loss.LOSS_RING_FULL));
      assertBalanced(watcher.totals());
      assertEquals(lines(watchers.get(i % 3)), lines(watcher), "watcher " + i);
    }
    assertEquals(600, watchers.get(0).calls("umask"));
    assertEquals(300, watchers.get(1).calls("chdir"), "those that fail");
    assertEquals(500, watchers.get(2).calls("chdir"));
    assertEquals(0, watchers.get(1).calls("umask"));
    assertTrue(
        watchers.get(1).totals().getFilteredByList().stream()
            .anyMatch(f -> f.getFilter().equals("errno") && f.getCount() >= 800));
    noise.forEach(Process::destroy);
    for (Process storm : noise) {
      storm.waitFor();
    }
  }

  /** The calls that the program makes for sure, in its order. */
  private static List<String> lines(Watching watcher) {
    return watcher
        .events()
        .filter(event -> List.of("umask", "chdir").contains(event.getCall().getName()))
        .map(event -> event.getLine())
        .toList();
  }

  private static void assertBalanced(Progress totals) {
    long lost =
        totals.getLostList().stream()
            .filter(count -> count.getCause() != Loss.LOSS_ENTRY_BYTES)
            .mapToLong(LossCount::getCount)
            .sum();
    assertEquals(
        totals.getObserved(),
        totals.getDelivered() + totals.getFiltered() + lost,
        totals::toString);
    assertEquals(0, totals.getQueued());
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

  private void awaitSessions(int count) throws IOException {
    TracerGrpc.TracerBlockingStub tracer = tracer();
    long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
    while (tracer.getStatus(GetStatusRequest.getDefaultInstance()).getSessionsCount() != count) {
      assertTrue(System.nanoTime() < deadline, "the session is still there");
    }
  }

  private ManagedChannel connect() throws IOException {
    ManagedChannel channel = NettyChannelBuilder.forAddress(proxy.address()).usePlaintext().build();
    channels.add(channel);
    return channel;
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
    return perl("while (<STDIN>) { getppid for 1..%d }".formatted(CALLS));
  }

  /** Waits for a line, then does what it always does. */
  private Process mixed() throws IOException {
    return perl(
        "<STDIN>; for (1..100) { umask $_ for 1..6; chdir '/none' for 1..3; chdir '/' for 1..2 }");
  }

  private Process forks() throws IOException {
    return perl("while (1) { my $p = fork; exit 0 unless $p; waitpid $p, 0 }");
  }

  private Process perl(String script) throws IOException {
    Process program =
        new ProcessBuilder("perl", "-e", script)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    programs.add(program);
    return program;
  }

  private static void round(Process program) throws IOException {
    OutputStream stdin = program.getOutputStream();
    stdin.write("go\n".getBytes(StandardCharsets.US_ASCII));
    stdin.flush();
  }
}
