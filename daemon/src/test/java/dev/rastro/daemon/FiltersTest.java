// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.TextFormat;
import com.google.rpc.BadRequest;
import dev.rastro.daemon.config.Settings;
import dev.rastro.daemon.rpc.BadRequests;
import dev.rastro.syscalls.record.BatchReader;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.v1.CallCount;
import dev.rastro.v1.Capture;
import dev.rastro.v1.Counts;
import dev.rastro.v1.Detail;
import dev.rastro.v1.Event;
import dev.rastro.v1.Filter;
import dev.rastro.v1.FilteredCount;
import dev.rastro.v1.Form;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.Ledger;
import dev.rastro.v1.Overload;
import dev.rastro.v1.Progress;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the daemon takes away itself, and what it leaves out when a stream is slow. */
@Tag("kernel")
final class FiltersTest {
  @TempDir static Path directory;

  private static Workbench bench;

  @BeforeAll
  static void start() throws Exception {
    bench = Workbench.open(Settings.at(directory.resolve("run/d.sock")));
    Files.writeString(directory.resolve("one"), "first\n");
    Files.writeString(directory.resolve("two"), "second\n");
  }

  @AfterAll
  static void stop() throws Exception {
    bench.close();
  }

  @AfterEach
  void endAll() throws Exception {
    bench.clear();
  }

  /** Reads two files by their names and their descriptors, when it is told to. */
  private static Process reader() throws Exception {
    return Asleep.reading(
        bench.perl(
            """
            <STDIN>;
            for my $file ("%1$s/one", "%1$s/two", "%1$s/none") {
              open my $f, '<', $file or next;
              sysread $f, my $text, 100;
              close $f;
            }
            select undef, undef, undef, 0.05;
            """
                .formatted(directory)));
  }

  private static TraceRequest.Builder request(Process program, Filter.Builder filter) {
    return TraceRequest.newBuilder()
        .setTarget(Target.newBuilder().addPids((int) program.pid()))
        .setEndWithTarget(true)
        .setWithLine(true)
        .setFilter(filter.addSignals("none"));
  }

  private static Watching watch(Process program, Filter.Builder filter) throws Exception {
    Watching watching = Watching.begin(bench.connect(), request(program, filter).build());
    Workbench.round(program);
    assertEquals(Status.Code.OK, watching.awaitEnd().getCode());
    Workbench.assertBalanced(watching.totals());
    return watching;
  }

  private static List<String> names(Watching watching) {
    return watching.events().map(event -> event.getCall().getName()).toList();
  }

  private static long filtered(Progress totals, String part) {
    return totals.getFilteredByList().stream()
        .filter(count -> count.getFilter().equals(part))
        .mapToLong(FilteredCount::getCount)
        .sum();
  }

  @Test
  void aPathIsMetByNameAndByDescriptor() throws Exception {
    Watching watching = watch(reader(), Filter.newBuilder().addPaths(directory + "/one"));
    List<String> names = names(watching);
    assertTrue(names.containsAll(List.of("openat", "read", "close")), names::toString);
    assertTrue(
        watching.events().noneMatch(event -> event.getLine().contains("second")), names::toString);
    assertTrue(
        watching.events().noneMatch(event -> event.getLine().contains("<")), "not asked for");
    assertEquals(List.of("paths: 1 chosen"), watching.started().getDaemonFiltersList());
    Progress totals = watching.totals();
    assertEquals(totals.getFiltered(), filtered(totals, "path"));
    assertTrue(totals.getFiltered() > 5, totals::toString);
    List<Long> sequences = watching.events().map(Event::getSequence).toList();
    assertEquals(1, sequences.get(0), "what was taken away has no number");
    assertEquals(sequences.size(), sequences.get(sequences.size() - 1));
  }

  @Test
  void aDescriptorIsMetWhateverItStandsFor() throws Exception {
    Watching watching =
        watch(
            reader(),
            Filter.newBuilder()
                .addDescriptors("3-4")
                .addSyscalls("read")
                .addSyscalls("close")
                .addSyscalls("openat"));
    assertEquals(List.of("read", "close", "read", "close"), names(watching));
    assertEquals(watching.totals().getFiltered(), filtered(watching.totals(), "descriptor"));
  }

  @Test
  void aTextIsLookedForInTheWholeLine() throws Exception {
    Watching watching = watch(reader(), Filter.newBuilder().addTexts("second").addTexts("ENOENT"));
    assertEquals(List.of("read", "openat"), names(watching));
    assertTrue(watching.events().findFirst().orElseThrow().getLine().contains("\"second\\n\""));
  }

  @Test
  void whatOneAsksForIsNotWhatOthersGet() throws Exception {
    Filter.Builder writes = Filter.newBuilder().addSyscalls("write").addSyscalls("execve");
    List<String> alone = records(writes, false);
    assertEquals(alone, records(writes, true));
    assertTrue(alone.stream().anyMatch(record -> record.contains("yyyyy")), alone::toString);
  }

  /** Of a program that writes and executes, in hexadecimal but for what differs from run to run. */
  private static List<String> records(Filter.Builder filter, boolean others) throws Exception {
    Process program =
        Asleep.reading(
            bench.perl(
                """
                <STDIN>; open my $f, '>', '/dev/null';
                syswrite $f, 'y' x 3000 for 1..3; $ENV{LONG} = 'z' x 900;
                system '/bin/true', 'x' x 500;
                """));
    List<Watching> demanding = new ArrayList<>();
    TraceRequest.Builder request = request(program, filter).setForm(Form.FORM_PACKED);
    request.getTargetBuilder().setFollowForks(true);
    if (others) {
      TraceRequest more =
          request.clone().setStringLimit(4000).setVerbose(true).setWithDescriptors(true).build();
      demanding.add(Watching.begin(bench.connect(), more));
    }
    Watching watching = Watching.begin(bench.connect(), request.build());
    if (others) {
      demanding.add(Watching.begin(bench.connect(), request.clone().setStringLimit(100).build()));
    }
    Workbench.round(program);
    assertEquals(Status.Code.OK, watching.awaitEnd().getCode());
    for (Watching other : demanding) {
      assertEquals(Status.Code.OK, other.awaitEnd().getCode());
    }
    List<String> found = new ArrayList<>();
    for (TraceResponse message : watching.messages()) {
      ByteBuffer records =
          message.getPacked().getRecords().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      BatchReader batch = new BatchReader().wrap(records, 0, records.limit());
      while (batch.next()) {
        found.add(text(batch.record()));
      }
    }
    return found;
  }

  private static String text(RecordReader record) {
    StringBuilder text =
        new StringBuilder().append(record.kind()).append(' ').append(record.number());
    for (int i = 0; i < record.segmentCount(); i++) {
      byte[] bytes = new byte[record.segmentLength(i)];
      record.buffer().get(record.segmentData(i), bytes);
      boolean pointers = record.segmentKind(i) == RecordLayout.POINTERS;
      text.append(' ').append(record.segmentKind(i)).append(' ').append(record.segmentWanted(i));
      text.append(' ').append(record.segmentStatus(i)).append(' ').append(bytes.length);
      text.append(' ').append(pointers ? "" : new String(bytes, StandardCharsets.ISO_8859_1));
    }
    return text.toString();
  }

  @Test
  void anExecveIsJudgedByWhatItWasGiven() throws Exception {
    Process program = Asleep.reading(bench.perl("<STDIN>; exec '/bin/true', 'chosen'"));
    Watching watching =
        watch(program, Filter.newBuilder().addSyscalls("execve").addTexts("chosen"));
    assertEquals(1, names(watching).size());
    Process other = Asleep.reading(bench.perl("<STDIN>; exec '/bin/true', 'another'"));
    assertEquals(
        List.of(),
        names(watch(other, Filter.newBuilder().addSyscalls("execve").addTexts("chosen"))));
  }

  @Test
  void whatLastsTooLongIsLeftOut() throws Exception {
    Watching watching = watch(reader(), Filter.newBuilder().setMaxDurationNanos(20_000_000));
    assertTrue(names(watching).contains("openat"));
    assertFalse(names(watching).contains("pselect6"), () -> names(watching).toString());
    assertFalse(names(watching).contains("select"), () -> names(watching).toString());
    assertTrue(filtered(watching.totals(), "max_duration") >= 1);
  }

  @Test
  void whatIsTakenAwayMakesRoomWhileNobodyReads() throws Exception {
    // All together are more than the queue holds, and one is much less.
    int rounds = 30;
    int calls = 2000;
    Process program =
        bench.perl("while (<STDIN>) { umask 5 for 1..%d; umask 6 for 1..5 }".formatted(calls - 5));
    Watching stopped =
        Watching.begin(
            bench.connect(),
            request(program, Filter.newBuilder().addSyscalls("umask").addTexts("umask(006)"))
                .setForm(Form.FORM_PACKED)
                .setQueueBytes(1 << 20)
                .build(),
            false);
    for (int i = 1; i <= rounds; i++) {
      Workbench.round(program);
      long expected = (long) i * (calls - 5);
      awaitLedger(ledger -> ledger.getFiltered() >= expected);
    }
    program.getOutputStream().close();
    stopped.readOn();
    assertEquals(Status.Code.OK, stopped.awaitEnd().getCode());
    Progress totals = stopped.totals();
    assertEquals(5L * rounds, stopped.packedEvents(), totals::toString);
    assertEquals(rounds * (calls - 5L), filtered(totals, "text"));
    assertEquals(0, totals.getLostCount(), totals::toString);
    Workbench.assertBalanced(totals);
  }

  @Test
  void whatCannotBeUnderstoodIsAnsweredWithTheNameOfTheField() throws Exception {
    List<String> table = BadRequests.TABLE.lines().filter(line -> !line.isBlank()).toList();
    assertTrue(table.size() >= 20);
    for (String line : table) {
      String[] row = line.split("\\|", 2);
      TraceRequest request = TextFormat.parse(row[1], TraceRequest.class);
      StatusRuntimeException refusal =
          assertThrows(StatusRuntimeException.class, () -> bench.tracer().trace(request).next());
      assertEquals(Status.Code.INVALID_ARGUMENT, refusal.getStatus().getCode(), line);
      var details = StatusProto.fromThrowable(refusal).getDetailsList();
      BadRequest bad = details.get(0).unpack(BadRequest.class);
      assertEquals(row[0].strip(), bad.getFieldViolations(0).getField(), line);
    }
  }

  private static Process writer(int rounds) throws Exception {
    return bench.perl(
        """
        open my $f, '>', '/dev/null';
        my $data = 'x' x 500;
        while (<STDIN>) { for (1..%d) { syswrite $f, $data; chdir '/none' } }
        """
            .formatted(rounds));
  }

  @Test
  void whoAsksForItGetsLessOfEachEventBeforeAnyIsDropped() throws Exception {
    int rounds = 2000;
    Process program = writer(rounds);
    TraceRequest request =
        request(program, Filter.newBuilder().addSyscalls("write").addSyscalls("chdir"))
            .setStringLimit(500)
            .setOverload(Overload.OVERLOAD_DEGRADE)
            .setQueueBytes(1 << 20)
            .build();
    Watching slow = Watching.begin(bench.connect(), request, false);
    long expected = 10L * 2 * rounds;
    for (long round = 1; round <= 10; round++) {
      Workbench.round(program);
      long soFar = round * 2 * rounds;
      awaitLedger(ledger -> ledger.getObserved() == soFar);
    }
    slow.readOn();
    slow.await("all that waited", () -> slow.events().count() + counted(slow) == expected);
    // How soon it recovers depends on how many events come before the queue is looked at again.
    int more = 0;
    while (more < 100 && !hasRecovered(slow)) {
      Workbench.round(program);
      more++;
      long soFar = expected + more * 2L * rounds;
      slow.await("the next round", () -> slow.events().count() + counted(slow) == soFar);
    }
    program.getOutputStream().close();
    assertEquals(Status.Code.OK, slow.awaitEnd().getCode());
    Progress totals = slow.totals();
    Workbench.assertBalanced(totals);
    assertEquals(0, totals.getLostCount(), totals::toString);
    assertEquals(expected + more * 2L * rounds, slow.events().count() + counted(slow));
    assertEquals(counted(slow), totals.getCounted());
    // There may be more again in between, while the stopped reader's connection fills.
    assertEquals(
        List.of(Detail.DETAIL_NO_BUFFERS, Detail.DETAIL_NO_ARGUMENTS, Detail.DETAIL_COUNTS),
        details(slow).stream().distinct().filter(each -> each != Detail.DETAIL_FULL).toList());
    assertTrue(hasRecovered(slow), () -> "it has recovered: " + details(slow));
    assertLessIsTold(slow, totals);
  }

  private static List<Detail> details(Watching stream) {
    return stream.messages().stream()
        .filter(TraceResponse::hasDetail)
        .map(message -> message.getDetail().getDetail())
        .toList();
  }

  /** Whether it got all of each event again after counts alone. */
  private static boolean hasRecovered(Watching stream) {
    List<Detail> details = details(stream);
    return details.lastIndexOf(Detail.DETAIL_FULL) > details.indexOf(Detail.DETAIL_COUNTS);
  }

  /** Each event says of its argument what it lacks, as the announcement before it does. */
  private static void assertLessIsTold(Watching slow, Progress totals) {
    Detail detail = slow.started().getDetail();
    assertEquals(Detail.DETAIL_FULL, detail);
    long reduced = 0;
    for (TraceResponse message : slow.messages()) {
      detail = message.hasDetail() ? message.getDetail().getDetail() : detail;
      for (Event event : message.getEvents().getEventsList()) {
        boolean write = event.getCall().getName().equals("write");
        Capture capture = event.getCall().getArguments(write ? 1 : 0).getCapture();
        boolean less =
            detail == Detail.DETAIL_NO_ARGUMENTS || (detail == Detail.DETAIL_NO_BUFFERS && write);
        assertEquals(
            less ? Capture.CAPTURE_REDUCED : Capture.CAPTURE_EXIT, capture, event.getLine());
        reduced += detail == Detail.DETAIL_FULL ? 0 : 1;
      }
    }
    assertEquals(reduced, totals.getReduced());
    List<String> named =
        slow.messages().stream()
            .filter(TraceResponse::hasCounts)
            .flatMap(message -> message.getCounts().getCallsList().stream())
            .map(CallCount::getName)
            .distinct()
            .sorted()
            .collect(Collectors.toList());
    assertEquals(List.of("chdir", "write"), named);
  }

  private static long counted(Watching watching) {
    return watching.messages().stream()
        .map(TraceResponse::getCounts)
        .map(Counts::getCallsList)
        .flatMap(List::stream)
        .mapToLong(CallCount::getCalls)
        .sum();
  }

  private static void awaitLedger(Predicate<Ledger> condition) throws Exception {
    var tracer = bench.tracer();
    GetStatusRequest ask = GetStatusRequest.getDefaultInstance();
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!condition.test(tracer.getStatus(ask).getSessions(0).getLedger())) {
      assertTrue(System.nanoTime() < deadline, () -> tracer.getStatus(ask).toString());
    }
  }
}
