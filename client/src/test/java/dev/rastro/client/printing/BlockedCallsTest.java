package dev.rastro.client.printing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rastro.client.Records;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.text.TextOptions;
import dev.rastro.v1.Gap;
import dev.rastro.v1.Loss;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Golden lines: each was seen from strace in the same situation. */
final class BlockedCallsTest {
  private static final SyscallTable TABLE = SyscallTable.load(Architecture.current());
  private static final int READ = Records.number("read");
  private static final int CLOSE = Records.number("close");
  private static final long BUFFER = 0x7f0000001000L;
  private static final int NANOSLEEP = Records.number("nanosleep");
  private static final int RESTART = Records.number("restart_syscall");
  private static final long ERESTARTSYS = -512;
  private static final long ERESTART_RESTARTBLOCK = -516;

  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

  private TracePrinter printer(boolean pidColumn, Integer... tasks) {
    return new TracePrinter(
        new CallText(TABLE, TextOptions.DEFAULT),
        new Layout(pidColumn, true, false, true, SignalChoice.all()),
        new Output(lines, lines, "test"),
        Optional.empty(),
        Set.of(tasks));
  }

  private String printed() {
    return lines.toString(UTF_8);
  }

  @Test
  void headStandsOnAnOpenLineAtOnce() {
    printer(false, 5).records(new Records().blocked(5, 1, READ, 3, BUFFER, 10).buffer());
    assertEquals("read(3, ", printed());
  }

  @Test
  void returnCompletesTheOpenLine() {
    TracePrinter printer = printer(false, 5);
    printer.records(new Records().blocked(5, 1, READ, 3, BUFFER, 10).buffer());
    printer.records(new Records().call(5, 1, READ, -4, 3, BUFFER, 10).buffer());
    assertEquals(
        "read(3, 0x7f0000001000, 10)             = -1 EINTR (Interrupted system call)\n",
        printed());
  }

  @Test
  void aRestartedCallNamesTheOneThatWasInterrupted() {
    Records records = new Records();
    records.call(5, 1, NANOSLEEP, ERESTART_RESTARTBLOCK, BUFFER, 0);
    records.blocked(5, 2, RESTART).call(5, 2, RESTART, ERESTART_RESTARTBLOCK);
    records.call(5, 3, RESTART, 0);
    records.call(5, 4, RESTART, 0);
    printer(false, 5).records(records.buffer());
    assertEquals(
        """
        nanosleep(0x7f0000001000, NULL)         = ? ERESTART_RESTARTBLOCK (Interrupted by signal)
        restart_syscall(<... resuming interrupted nanosleep ...>) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)
        restart_syscall(<... resuming interrupted restart_syscall ...>) = 0
        restart_syscall(<... resuming interrupted system call ...>) = 0
        """,
        printed());
  }

  @Test
  void anotherTasksLineCutsItOff() {
    printer(true, 5, 6)
        .records(
            new Records()
                .blocked(5, 1, READ, 3, BUFFER, 10)
                .call(6, 2, Records.GETPPID, 1)
                .call(5, 1, READ, -4, 3, BUFFER, 10)
                .buffer());
    assertEquals(
        """
        5     read(3,  <unfinished ...>
        6     getppid()                         = 1
        5     <... read resumed>0x7f0000001000, 10) = -1 EINTR (Interrupted system call)
        """,
        printed());
  }

  @Test
  void twoBlockedTasksBothResume() {
    printer(true, 5, 6)
        .records(
            new Records()
                .blocked(5, 1, READ, 3, BUFFER, 10)
                .blocked(6, 2, CLOSE, 4)
                .call(5, 1, READ, -4, 3, BUFFER, 10)
                .call(6, 2, CLOSE, 0, 4)
                .buffer());
    assertEquals(
        """
        5     read(3,  <unfinished ...>
        6     close(4 <unfinished ...>
        5     <... read resumed>0x7f0000001000, 10) = -1 EINTR (Interrupted system call)
        6     <... close resumed>)              = 0
        """,
        printed());
  }

  @Test
  void noticeThatComesTwiceIsToldOnce() {
    printer(false, 5)
        .records(
            new Records()
                .blocked(5, 1, READ, 3, BUFFER, 10)
                .blocked(5, 1, READ, 3, BUFFER, 10)
                .buffer());
    assertEquals("read(3, ", printed());
  }

  @Test
  void deathInsideACallLeavesItUnfinished() {
    printer(false, 5)
        .records(
            new Records()
                .blocked(5, 1, READ, 3, BUFFER, 10)
                .flagged(RecordLayout.KILLED, 5, 1, READ, ERESTARTSYS, 3, BUFFER, 10)
                .exit(5, 3, 9)
                .buffer());
    assertEquals(
        """
        read(3,  <unfinished ...>)              = ?
        +++ killed by SIGKILL +++
        """,
        printed());
  }

  @Test
  void deathInsideACallThatWasToldWholeHasNoUnfinishedPart() {
    printer(false, 5)
        .records(
            new Records()
                .blocked(5, 1, CLOSE, 4)
                .flagged(RecordLayout.KILLED, 5, 1, CLOSE, ERESTARTSYS, 4)
                .buffer());
    assertEquals("close(4)                                = ?\n", printed());
  }

  @Test
  void deathInsideACallThatWasCutOffResumesIt() {
    printer(true, 5, 6)
        .records(
            new Records()
                .blocked(5, 1, READ, 3, BUFFER, 10)
                .flagged(RecordLayout.NO_RETURN, 6, 2, Records.EXIT_GROUP, 0, 0)
                .flagged(RecordLayout.KILLED, 5, 1, READ, ERESTARTSYS, 3, BUFFER, 10)
                .exit(5, 3, 0)
                .buffer());
    assertEquals(
        """
        5     read(3,  <unfinished ...>
        6     exit_group(0)                     = ?
        5     <... read resumed>)               = ?
        5     +++ exited with 0 +++
        """,
        printed());
  }

  @Test
  void exitEndsACallWhoseReturnWasLost() {
    printer(false, 5)
        .records(new Records().blocked(5, 1, READ, 3, BUFFER, 10).exit(5, 3, 9).buffer());
    assertEquals("read(3,  <unfinished ...>) = ?\n+++ killed by SIGKILL +++\n", printed());
  }

  @Test
  void anotherCallThanTheOneToldStandsOnItsOwn() {
    printer(false, 5)
        .records(
            new Records()
                .blocked(5, 1, READ, 3, BUFFER, 10)
                .call(5, 4, Records.GETPPID, 1)
                .buffer());
    assertEquals(
        """
        read(3,  <unfinished ...>
        getppid()                               = 1
        """,
        printed());
  }

  @Test
  void detachEndsTheOpenLine() {
    TracePrinter printer = printer(false, 5);
    printer.records(new Records().blocked(5, 1, READ, 3, BUFFER, 10).buffer());
    printer.finish();
    assertEquals("read(3,  <detached ...>\n", printed());
  }

  @Test
  void gapCutsTheOpenLineOff() {
    TracePrinter printer = printer(false, 5);
    printer.records(new Records().blocked(5, 1, READ, 3, BUFFER, 10).buffer());
    printer.gap(Gap.newBuilder().setCause(Loss.LOSS_RING_FULL).setCount(2).build());
    assertEquals(
        """
        read(3,  <unfinished ...>
        rastro: lost 2 events (ring buffer full) between 0.000000 and 0.000000 s of uptime
        """,
        printed());
  }
}
