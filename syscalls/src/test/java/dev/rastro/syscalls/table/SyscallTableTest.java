package dev.rastro.syscalls.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SyscallTableTest {
  private final SyscallTable table = SyscallTable.load(Architecture.X86_64);

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void everyRowParsesAndResolvesItsKinds(Architecture architecture) {
    for (Syscall syscall : SyscallTable.load(architecture).all()) {
      assertTrue(syscall.arguments().size() <= 6, syscall.signature());
      assertEquals(
          syscall.arguments().size(),
          syscall.arguments().stream().map(Syscall.Argument::name).distinct().count(),
          syscall.signature());
    }
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void everyKindParses(Architecture architecture) {
    SyscallTable table = SyscallTable.load(architecture);
    for (String name : table.kindNames()) {
      assertEquals(name, table.kind(name).orElseThrow().name());
    }
  }

  @Test
  void aRowSaysWhoWritesWhatAndHowMuch() {
    Syscall read = table.find("read").orElseThrow();
    assertEquals(0, read.number());
    assertEquals(Set.of("desc"), read.classes());
    assertEquals("size", read.result().name());
    Syscall.Argument buffer = read.arguments().get(1);
    assertEquals(Syscall.Direction.OUT, buffer.direction());
    assertEquals(Syscall.Length.OfResult.TRUSTED, buffer.length());
    assertEquals(63, SyscallTable.load(Architecture.AARCH64).find("read").orElseThrow().number());
  }

  @Test
  void numbersFindTheSameAsNames() {
    for (Syscall syscall : table.all()) {
      assertEquals(syscall, table.find(syscall.number()).orElseThrow());
      assertEquals(syscall, table.find(syscall.name()).orElseThrow());
    }
    assertTrue(table.find(-1).isEmpty());
    assertTrue(table.find(SyscallTable.SLOTS).isEmpty());
    assertTrue(table.find(400).isEmpty());
  }

  @Test
  void etagDependsOnTheDataAlone() {
    assertEquals(table.etag(), SyscallTable.load(Architecture.AARCH64).etag());
    DataFile rows = DataFile.load("syscalls.txt");
    DataFile changed = new DataFile(rows.name(), rows.content() + "# more\n");
    SyscallTable other = SyscallTable.of(Architecture.X86_64, with(changed));
    assertNotEquals(table.etag(), other.etag());
  }

  @Test
  void errorsNameFileAndLine() {
    DataFile rows = new DataFile("syscalls.txt", "\n0 63 read(fd: nothing): size   desc\n");
    SyscallTable broken = SyscallTable.of(Architecture.X86_64, with(rows));
    DataSyntaxException error = assertThrows(DataSyntaxException.class, () -> broken.find("read"));
    assertTrue(error.getMessage().startsWith("syscalls.txt:2: no such kind: nothing"));
  }

  @Test
  void errorNumbersHaveNamesAndTexts() {
    assertEquals("ENOENT", Errnos.name(2));
    assertEquals("No such file or directory", Errnos.text(2));
    assertEquals("ERESTARTSYS", Errnos.name(512));
    assertEquals("", Errnos.name(600));
    assertFalse(Errnos.isKnown(0));
  }

  @Test
  void signalsAreFoundByAnySpelling() {
    assertEquals("SIGCHLD", Signals.name(17));
    assertEquals("SIGRT_2", Signals.name(34));
    assertEquals(17, Signals.parse("chld").orElseThrow());
    assertEquals(17, Signals.parse("SIGCHLD").orElseThrow());
    assertEquals(29, Signals.parse("poll").orElseThrow());
    assertEquals(9, Signals.parse("9").orElseThrow());
    assertEquals(34, Signals.parse("rt_2").orElseThrow());
    assertTrue(Signals.parse("SIGNOTHING").isEmpty());
    assertTrue(Signals.parse("99").isEmpty());
    for (int signal = 1; signal < Signals.LIMIT; signal++) {
      assertEquals(signal, Signals.parse(Signals.name(signal)).orElseThrow());
    }
  }

  /** The table's files, with other rows. */
  private static List<DataFile> with(DataFile rows) {
    List<DataFile> files = new ArrayList<>(SyscallTable.files());
    files.set(0, rows);
    return files;
  }
}
