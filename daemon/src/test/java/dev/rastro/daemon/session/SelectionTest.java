package dev.rastro.daemon.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectionTest {

  private static final SyscallTable TABLE = SyscallTable.load(Architecture.X86_64);

  @Test
  void errorsNameTheFieldAndSuggest() {
    BadFilter bad =
        assertThrows(
            BadFilter.class,
            () -> Selection.slots(TABLE, "filter.", List.of("openat", "conect"), List.of()));
    assertEquals("filter.syscalls[1]", bad.field());
    assertEquals(
        "filter.syscalls[1]: conect: no such syscall; did you mean connect?", bad.getMessage());
    bad =
        assertThrows(
            BadFilter.class,
            () -> Selection.slots(TABLE, "filter.", List.of(), List.of("%networking")));
    assertEquals("filter.deny_syscalls[0]", bad.field());
  }

  @Test
  void everythingIncludesCallsThatTheTableLacks() throws BadFilter {
    BitSet all = Selection.slots(TABLE, "filter.", List.of(), List.of());
    assertEquals(RecordLayout.SYSCALL_SLOTS, all.cardinality());
    BitSet most = Selection.slots(TABLE, "filter.", List.of(), List.of("read"));
    assertFalse(most.get(TABLE.find("read").orElseThrow().number()));
    assertTrue(most.get(RecordLayout.SLOT_UNKNOWN));
    BitSet one = Selection.slots(TABLE, "filter.", List.of("read"), List.of());
    assertEquals(1, one.cardinality());
    assertFalse(one.get(RecordLayout.SLOT_FOREIGN));
  }

  @Test
  void signalsHaveNamesAllAndNone() throws BadFilter {
    assertEquals(64, Selection.signals("filter.signals", List.of(), true).cardinality());
    assertEquals(0, Selection.signals("signals", List.of(), false).cardinality());
    assertEquals(0, Selection.signals("signals", List.of("none"), true).cardinality());
    assertEquals(64, Selection.signals("signals", List.of("all"), false).cardinality());
    BitSet two = Selection.signals("signals", List.of("SIGCHLD", "usr2"), false);
    assertEquals(2, two.cardinality());
    assertTrue(two.get(17));
    BadFilter bad =
        assertThrows(
            BadFilter.class, () -> Selection.signals("filter.signals", List.of("SIGCHILD"), true));
    assertEquals("filter.signals[0]", bad.field());
  }
}
