package dev.rastro.client.printing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.client.Records;
import dev.rastro.client.printing.Timestamps.Clock;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.text.DataDump;
import dev.rastro.syscalls.text.TextBuffer;
import dev.rastro.syscalls.text.TextOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands around a call with strace's options, and when a trace is over. */
final class FrameTest {
  private static final SyscallTable TABLE = SyscallTable.load(Architecture.current());
  private static final long SECOND = 1_000_000_000L;
  private static final long ENOENT = -2;

  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

  private static Frame frame(Timestamps timestamps, Set<Status> statuses, long limit) {
    return new Frame(
        timestamps,
        0,
        false,
        statuses,
        true,
        false,
        false,
        limit,
        false,
        new DataDump(new BitSet(), new BitSet()));
  }

  private TracePrinter printer(Frame frame, Output output) {
    return new TracePrinter(
        new CallText(TABLE, new TextOptions(32, false, 0)),
        new Layout(false, false, true, true, SignalChoice.all(), frame),
        output,
        Optional.empty(),
        Set.of(5));
  }

  private TracePrinter printer(Frame frame) {
    return printer(frame, new Output(lines, lines, "test"));
  }

  private static String start(Timestamps timestamps, long... times) {
    LineStart start =
        new LineStart(frame(timestamps, Status.all(), Frame.NO_LIMIT), ZoneId.of("Europe/Berlin"));
    TextBuffer text = new TextBuffer();
    for (long time : times) {
      start.write(1, time, text);
      text.append('|');
    }
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "TIME, SECONDS, '15:29:33 |'",
    "TIME, MICROS, '15:29:33.572451 |'",
    "UNIX, SECONDS, '1795357773 |'",
    "UNIX, NANOS, '1795357773.572451009 |'",
    "NONE, MICROS, '|'"
  })
  void timesOfDayAreLocalOrSeconds(Clock clock, Precision precision, String expected) {
    assertEquals(
        expected,
        start(
            new Timestamps(clock, precision, Optional.empty(), Optional.empty()),
            1795357773L * SECOND + 572_451_009));
  }

  @Test
  void relativeTimesCountFromTheLineBefore() {
    Timestamps alone =
        new Timestamps(
            Clock.NONE, Precision.SECONDS, Optional.of(Precision.MICROS), Optional.empty());
    assertEquals(
        "     0.000000 |     1.000250 |     0.000000 |",
        start(alone, SECOND, 2 * SECOND + 250_000, 2 * SECOND));
    Timestamps beside =
        new Timestamps(
            Clock.UNIX, Precision.SECONDS, Optional.of(Precision.SECONDS), Optional.empty());
    assertEquals("7 (+     0) |9 (+     2) |", start(beside, 7 * SECOND, 9 * SECOND));
  }

  @Test
  void timeSpentStandsBehindCallsThatReturn() {
    Timestamps spent =
        new Timestamps(
            Clock.NONE, Precision.SECONDS, Optional.empty(), Optional.of(Precision.MICROS));
    printer(frame(spent, Status.all(), Frame.NO_LIMIT))
        .records(
            new Records()
                .call(5, 1, Records.GETPPID, 1)
                .flagged(RecordLayout.NO_RETURN, 5, 2, Records.EXIT_GROUP, 0, 3)
                .buffer());
    assertEquals("getppid() = 1 <0.000001>\nexit_group(3) = ?\n", lines.toString(UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "SUCCESSFUL, 'getppid() = 1\n'",
    "FAILED, 'close(9) = -1 ENOENT (No such file or directory)\n'",
    "UNFINISHED, 'exit_group(3) = ?\n'",
    "UNAVAILABLE, ''"
  })
  void callsOfOtherStatusesAreLeftOut(Status status, String expected) {
    printer(frame(Timestamps.NONE, Set.of(status), Frame.NO_LIMIT))
        .records(
            new Records()
                .call(5, 1, Records.GETPPID, 1)
                .call(5, 2, Records.number("close"), ENOENT, 9)
                .flagged(RecordLayout.NO_RETURN, 5, 3, Records.EXIT_GROUP, 0, 3)
                .buffer());
    assertEquals(expected, lines.toString(UTF_8));
  }

  @Test
  void limitOfCallsEndsTheTrace() {
    TracePrinter printer = printer(frame(Timestamps.NONE, Status.all(), 2));
    printer.records(
        new Records()
            .call(5, 1, Records.GETPPID, 1)
            .call(5, 2, Records.GETPPID, 2)
            .call(5, 3, Records.GETPPID, 3)
            .buffer());
    assertTrue(printer.isDone());
    assertEquals("getppid() = 1\ngetppid() = 2\n", lines.toString(UTF_8));
  }

  @Test
  void eachTaskMayHaveAFile(@TempDir Path folder) throws IOException {
    Frame apart =
        new Frame(
            Timestamps.NONE,
            0,
            true,
            Status.all(),
            true,
            true,
            false,
            Frame.NO_LIMIT,
            false,
            new DataDump(new BitSet(), new BitSet()));
    Path file = folder.resolve("out");
    Destination destination = new Destination(Optional.of(file.toString()), false, true);
    try (Output output = Output.open(destination)) {
      printer(apart, output)
          .records(
              new Records()
                  .call(5, 1, Records.GETPPID, 1)
                  .call(6, 2, Records.GETPPID, 5)
                  .call(5, 3, Records.GETPPID, 1)
                  .exit(5, 4, 0)
                  .buffer());
    }
    String call = String.format("[%4d] getppid() = ", Records.GETPPID);
    String exited = String.format("[%4d] +++ exited with 0 +++\n", Records.GETPPID);
    assertEquals(call + "1\n" + call + "1\n" + exited, Files.readString(folder.resolve("out.5")));
    assertEquals(call + "5\n", Files.readString(folder.resolve("out.6")));
  }

  @Test
  void linesMayGoIntoACommand(@TempDir Path folder) throws IOException {
    Path copy = folder.resolve("copy");
    Destination destination = new Destination(Optional.of("|cat > " + copy), false, false);
    try (Output output = Output.open(destination)) {
      output.write("a line\n");
    }
    assertEquals("a line\n", Files.readString(copy));
  }

  @Test
  void appendingKeepsWhatIsThere(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("out"), "before\n");
    try (Output output = Output.open(new Destination(Optional.of(file.toString()), true, false))) {
      output.write("after\n");
    }
    assertEquals("before\nafter\n", Files.readString(file));
  }

  @Test
  void countsHaveTheColumnsAndTheOrderThatAreWanted() {
    SummaryStyle style =
        new SummaryStyle(
            SummaryStyle.Sort.NAME,
            List.of(
                SummaryStyle.Column.NAME,
                SummaryStyle.Column.MIN_TIME,
                SummaryStyle.Column.MAX_TIME,
                SummaryStyle.Column.ERRORS),
            1000);
    assertEquals(
        """
        syscall          shortest  longest    errors
        ---------------- -------- -------- ---------
        brk              0.000001 0.000003 \s\s\s\s\s\s\s\s\s
        close            0.000000 0.000008         1
        ---------------- -------- -------- ---------
        total            0.000000 0.000008         1
        """,
        CountTable.of(
            List.of(
                new CountTable.Row("close", 3, 2, 1, 10_000, 1000, 9000),
                new CountTable.Row("brk", 12, 2, 0, 6000, 2000, 4000)),
            style));
  }
}
