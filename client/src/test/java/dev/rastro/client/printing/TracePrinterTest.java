package dev.rastro.client.printing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rastro.client.Records;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.text.TextOptions;
import dev.rastro.v1.CallCount;
import dev.rastro.v1.Counts;
import dev.rastro.v1.Detail;
import dev.rastro.v1.DetailChange;
import dev.rastro.v1.Gap;
import dev.rastro.v1.Loss;
import java.io.ByteArrayOutputStream;
import java.util.BitSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TracePrinterTest {
  private static final SyscallTable TABLE = SyscallTable.load(Architecture.current());
  private static final int SIGTERM = 15;
  private static final int SIGURG = 23;
  private static final String GETPPID = "getppid()                               = 1\n";

  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

  private TracePrinter onTerminal(boolean follow, Integer... tasks) {
    return printer(new Layout(false, follow, true, true, SignalChoice.all()), true, tasks);
  }

  private TracePrinter printer(Layout layout, boolean shared, Integer... tasks) {
    return new TracePrinter(
        new CallText(TABLE, TextOptions.DEFAULT),
        layout,
        new Output(lines, shared ? lines : messages, "test"),
        Optional.empty(),
        Set.of(tasks));
  }

  private String printed() {
    return lines.toString(UTF_8);
  }

  @Test
  void singleProcessHasNoPrefix() {
    onTerminal(false, 100)
        .records(
            new Records()
                .call(100, 1, Records.GETPPID, 1)
                .flagged(RecordLayout.NO_RETURN, 100, 2, Records.EXIT_GROUP, 0, 3)
                .exit(100, 3, 3 << 8)
                .buffer());
    assertEquals(
        GETPPID + "exit_group(3)                           = ?\n" + "+++ exited with 3 +++\n",
        printed());
  }

  @Test
  void pidIsShownOnTerminalWhileThereAreSeveral() {
    onTerminal(true, 100)
        .records(
            new Records()
                .fork(100, 1, 101)
                .call(101, 2, Records.GETPPID, 100)
                .exit(101, 3, 0)
                .call(100, 4, Records.GETPPID, 1)
                .buffer());
    assertEquals(
        "rastro: Process 101 attached\n"
            + "[pid   101] getppid()                   = 100\n"
            + "[pid   101] +++ exited with 0 +++\n"
            + GETPPID,
        printed());
  }

  @Test
  void fileShowsPidInFiveColumnsOnEveryLine() {
    TracePrinter printer =
        printer(new Layout(true, true, false, true, SignalChoice.all()), false, 7);
    printer.records(new Records().call(7, 1, Records.GETPPID, 1).exit(7, 2, SIGTERM).buffer());
    assertEquals(
        """
        7     getppid()                         = 1
        7     +++ killed by SIGTERM +++
        """,
        printed());
    assertEquals("", messages.toString(UTF_8));
  }

  @Test
  void tasksHaveTheNamesOfTheirExecsFromTheEndOfTheCallOn() {
    TaskNames names = new TaskNames(false);
    TextOptions options =
        new TextOptions(32, false, 40, TextOptions.DEFAULT.style().withTaskNames(names));
    new TracePrinter(
            new CallText(TABLE, options),
            new Layout(true, true, false, true, SignalChoice.all()),
            new Output(lines, messages, "test"),
            Optional.empty(),
            Optional.of(names),
            Set.of(7))
        .records(
            new Records()
                .call(7, 1, Records.GETPPID, 9)
                .exec(7, 7, 2, "one")
                .call(7, 3, Records.GETPPID, 9)
                .fork(7, 4, 8)
                .call(8, 5, Records.GETPPID, 7)
                .exit(8, 6, 0)
                .buffer());
    assertEquals(
        """
        7     getppid()                         = 9
        7     getppid()                         = 9
        8<one> getppid()                        = 7<one>
        8<one> +++ exited with 0 +++
        """,
        printed());
  }

  @Test
  void attachedMessageGoesToStandardErrorWhenLinesDoNot() {
    TracePrinter printer =
        printer(new Layout(true, true, true, true, SignalChoice.all()), false, 7);
    printer.records(new Records().fork(7, 1, 8).buffer());
    assertEquals("rastro: Process 8 attached\n", messages.toString(UTF_8));
  }

  @Test
  void ignoredSignalWaitsForTheCallThatWasUnderWay() {
    TracePrinter printer = onTerminal(false, 5);
    printer.records(new Records().ignoredSignal(5, 20, SIGURG).buffer());
    assertEquals("", printed());
    printer.records(new Records().call(5, 10, Records.GETPPID, 1).buffer());
    assertEquals(GETPPID + "--- SIGURG {si_signo=SIGURG, si_code=SI_KERNEL} ---\n", printed());
  }

  @Test
  void ignoredSignalComesBeforeACallThatBeganLater() {
    TracePrinter printer = onTerminal(false, 5);
    printer.records(
        new Records().ignoredSignal(5, 20, SIGURG).call(5, 30, Records.GETPPID, 1).buffer());
    assertEquals("--- SIGURG {si_signo=SIGURG, si_code=SI_KERNEL} ---\n" + GETPPID, printed());
  }

  @Test
  void ignoredSignalIsToldBeforeTheExitAndAtTheEnd() {
    TracePrinter printer = onTerminal(false, 5, 6);
    printer.records(
        new Records()
            .ignoredSignal(5, 20, SIGURG)
            .ignoredSignal(6, 21, SIGURG)
            .exit(5, 30, 0)
            .buffer());
    printer.finish();
    assertEquals(
        """
        [pid     5] --- SIGURG {si_signo=SIGURG, si_code=SI_KERNEL} ---
        [pid     5] +++ exited with 0 +++
        --- SIGURG {si_signo=SIGURG, si_code=SI_KERNEL} ---
        """,
        printed());
  }

  @Test
  void nothingBeforeTheExecIsTold() {
    TracePrinter printer = onTerminal(false);
    printer.beginAtExecOf(9, 1);
    printer.records(
        new Records()
            .call(9, 1, Records.GETPPID, 1)
            .signal(9, 2, SIGTERM)
            .exec(9, 9, 3)
            .call(9, 4, Records.GETPPID, 1)
            .buffer());
    assertEquals(GETPPID, printed());
  }

  @Test
  void exitIsToldEvenWhenNothingWasExecuted() {
    TracePrinter printer = onTerminal(false);
    printer.beginAtExecOf(9, 1);
    printer.records(new Records().exit(9, 3, 9).buffer());
    assertEquals("+++ killed by SIGKILL +++\n", printed());
  }

  @Test
  void quietHidesExitsButNotDeaths() {
    TracePrinter printer =
        printer(new Layout(false, false, false, false, SignalChoice.all()), true, 4, 5);
    printer.records(new Records().exit(4, 1, 0).exit(5, 2, SIGTERM).buffer());
    assertEquals("+++ killed by SIGTERM +++\n", printed());
  }

  @Test
  void deathsBySignalsThatAreNotWantedAreHidden() {
    TracePrinter printer =
        printer(new Layout(false, false, true, true, new SignalChoice(new BitSet())), true, 4);
    printer.records(new Records().exit(4, 1, SIGTERM).buffer());
    assertEquals("", printed());
  }

  @Test
  void threadThatExecutesTakesThePlaceOfTheLeader() {
    onTerminal(true, 10, 11).records(new Records().exec(10, 11, 1).buffer());
    assertEquals("[pid    11] +++ superseded by execve in pid 10 +++\n", printed());
  }

  @Test
  void gapIsALineInTheStream() {
    TracePrinter printer = onTerminal(false, 5);
    printer.records(new Records().call(5, 1, Records.GETPPID, 1).buffer());
    printer.gap(
        Gap.newBuilder()
            .setCause(Loss.LOSS_RING_FULL)
            .setCount(12)
            .setFromTimeNanos(1_500_000_000L)
            .setToTimeNanos(2_000_000_000L)
            .build());
    assertEquals(
        GETPPID
            + "rastro: lost 12 events (ring buffer full) between 1.500000 and 2.000000 s of"
            + " uptime\n",
        printed());
    assertEquals("lost 12 events in all: 12 (ring buffer full)", LossText.total(printer.lost()));
  }

  @Test
  void lessDetailAndMereCountsAreLinesInTheStream() {
    TracePrinter printer = onTerminal(false, 5);
    printer.detail(DetailChange.newBuilder().setDetail(Detail.DETAIL_NO_BUFFERS).build());
    printer.detail(DetailChange.newBuilder().setDetail(Detail.DETAIL_COUNTS).build());
    printer.counts(
        Counts.newBuilder()
            .addCalls(CallCount.newBuilder().setName("read").setCalls(5))
            .addCalls(CallCount.newBuilder().setName("openat").setCalls(9).setErrors(2))
            .setOthers(1)
            .setFromTimeNanos(1_500_000_000L)
            .setToTimeNanos(2_000_000_000L)
            .build());
    printer.detail(DetailChange.newBuilder().setDetail(Detail.DETAIL_FULL).build());
    assertEquals(
        """
        rastro: the program is too fast: no data of calls for a while
        rastro: the program is too fast: calls are only counted
        rastro: counted 15 events between 1.500000 and 2.000000 s of uptime: 9 openat (2 failed), \
        5 read, 1 signals, forks, execs and exits
        rastro: all of each call again
        """,
        printed());
    assertEquals(15, printer.counted());
  }

  @Test
  void countsOnlyCallsThatReturn() {
    CallCounts counts = new CallCounts(TABLE);
    TracePrinter printer =
        new TracePrinter(
            new CallText(TABLE, TextOptions.DEFAULT),
            new Layout(false, false, true, true, SignalChoice.all()),
            new Output(lines, lines, "test"),
            Optional.of(counts),
            Set.of(5));
    printer.records(
        new Records()
            .call(5, 1, Records.number("close"), -9, 77)
            .call(5, 1, Records.number("close"), 0, 3)
            .flagged(RecordLayout.NO_RETURN, 5, 2, Records.EXIT_GROUP, 0, 0)
            .buffer());
    assertEquals(
        "[Row[syscall=close, number="
            + Records.number("close")
            + ", calls=2, errors=1, nanos=2000, minNanos=1000, maxNanos=1000]]",
        counts.rows().toString());
  }
}
