package dev.rastro.syscalls.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class SelectionTest {
  private final SyscallTable table = SyscallTable.load(Architecture.X86_64);

  @Test
  void anEmptyFilterChoosesUnknownNumbersToo() {
    assertEquals(SyscallTable.SLOTS, table.select(List.of(), List.of()).cardinality());
    assertEquals(SyscallTable.SLOTS, table.select(List.of("all"), List.of()).cardinality());
    assertEquals(0, table.select(List.of("none"), List.of()).cardinality());
  }

  @Test
  void namesNumbersAndRegexesAddUp() {
    assertEquals(
        Set.of("read", "write", "openat", "open_by_handle_at", "openat2"),
        names(List.of("read", "1", "/^open.*at(2|$)"), List.of()));
  }

  @Test
  void aRegexTakesNoLongerThanItIsLong() {
    assertTrue(names(List.of("/^(e+)+x"), List.of()).contains("execve"));
    for (String hard : List.of("/" + "a|".repeat(70), "/(e{1,1000}){1000}", "/(e)\\1")) {
      assertThrows(UnknownSyscall.class, () -> table.select(List.of(hard), List.of()), hard);
    }
  }

  @Test
  void denyTakesAway() {
    assertFalse(table.select(List.of("%network"), List.of("connect")).get(42));
    BitSet all = table.select(List.of(), List.of("read", "%file"));
    assertFalse(all.get(0));
    assertFalse(all.get(257));
    assertTrue(all.get(1));
  }

  @Test
  void classesAreKnownWithAndWithoutPercent() {
    assertEquals(names(List.of("%network"), List.of()), names(List.of("network"), List.of()));
    assertEquals(names(List.of("%network"), List.of()), names(List.of("%net"), List.of()));
    assertEquals(Set.of("statfs", "fstatfs", "ustat"), names(List.of("%%statfs"), List.of()));
    assertEquals(
        Set.of("statx", "newfstatat", "stat", "lstat", "fstat"),
        names(List.of("%%stat"), List.of()));
    assertTrue(names(List.of("%pure"), List.of()).contains("getpid"));
    assertTrue(names(List.of("%desc"), List.of()).contains("epoll_wait"));
    assertTrue(names(List.of("%process"), List.of()).contains("exit_group"));
    assertFalse(names(List.of("%process"), List.of()).contains("getppid"));
  }

  @Test
  void aQuestionMarkForgives() {
    assertEquals(Set.of("read"), names(List.of("?nothing", "read", "?%nothing"), List.of()));
  }

  @Test
  void anUnknownNameIsToldWithASuggestion() {
    UnknownSyscall error =
        assertThrows(UnknownSyscall.class, () -> table.select(List.of("conect"), List.of()));
    assertEquals("conect: no such syscall; did you mean connect?", error.getMessage());
    assertEquals("conect", error.selector());
    assertEquals(List.of("connect"), error.suggestions());
    assertEquals(
        "%netwrk: no such class; did you mean %network?",
        assertThrows(UnknownSyscall.class, () -> table.select(List.of("%netwrk"), List.of()))
            .getMessage());
    assertEquals(
        "xyzzyxyzzy: no such syscall",
        assertThrows(UnknownSyscall.class, () -> table.select(List.of("xyzzyxyzzy"), List.of()))
            .getMessage());
    assertThrows(UnknownSyscall.class, () -> table.select(List.of("/("), List.of()));
    assertThrows(UnknownSyscall.class, () -> table.select(List.of("/^nothing$"), List.of()));
    assertThrows(UnknownSyscall.class, () -> table.select(List.of("9999"), List.of()));
    assertThrows(UnknownSyscall.class, () -> table.select(List.of(""), List.of()));
  }

  @Test
  void aNameOfTheOtherArchitectureIsToldAsSuch() {
    SyscallTable arm = SyscallTable.load(Architecture.AARCH64);
    assertTrue(
        assertThrows(UnknownSyscall.class, () -> arm.select(List.of("open"), List.of()))
            .getMessage()
            .startsWith("open: no such syscall on aarch64"));
  }

  @Test
  void abiLimitsWhatIsChosen() {
    assertEquals(Set.of("openat"), names(List.of("openat@64"), List.of()));
    assertEquals(Set.of(), names(List.of("openat@32", "%file@x32"), List.of()));
    assertThrows(UnknownSyscall.class, () -> table.select(List.of("nothing@32"), List.of()));
    assertThrows(UnknownSyscall.class, () -> table.select(List.of("openat@33"), List.of()));
  }

  @Test
  void suggestsTheNearestOnly() {
    assertEquals(List.of("openat"), table.suggest("opneat"));
    assertEquals(List.of("epoll_wait"), table.suggest("epol_wait"));
    assertEquals(List.of(), table.suggest(""));
    assertEquals(List.of(), table.suggest("x".repeat(1000)));
  }

  private Set<String> names(List<String> allow, List<String> deny) {
    Set<String> names = new TreeSet<>();
    table.select(allow, deny).stream()
        .forEach(number -> names.add(table.find(number).orElseThrow().name()));
    return names;
  }
}
