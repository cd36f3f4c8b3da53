package dev.rastro.syscalls.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.syscalls.record.DescriptorBytes;
import dev.rastro.syscalls.record.RecordBuilder;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TouchFilterTest {
  private static final SyscallTable TABLE = SyscallTable.load(Architecture.X86_64);

  private static RecordBuilder call(String name, long result, long... arguments) {
    return RecordBuilder.call(TABLE.find(name).orElseThrow().number(), result, arguments);
  }

  private static boolean wants(RecordBuilder record, String... paths) {
    RecordReader call = record.read();
    return new TouchFilter(TABLE, List.of(paths), new BitSet()).wants(call, call);
  }

  @Test
  void aPathArgumentMustBeTheSameLetterForLetter() {
    RecordBuilder open = call("openat", 3, -100, 8, 0).string(1, 8, "/etc/passwd");
    assertTrue(wants(open, "/nothing", "/etc/passwd"));
    assertFalse(wants(open, "/etc"));
    assertFalse(wants(open, "/etc/passwd2"));
    assertFalse(wants(call("getpid", 7), "/etc/passwd"));
  }

  @Test
  void aDescriptorTouchesTheFileThatItStandsFor() {
    RecordBuilder sync = DescriptorBytes.path("/etc/passwd").to(call("fsync", 0, 3), 0, 3);
    assertTrue(wants(sync, "/etc/passwd"));
    assertFalse(wants(sync, "/etc"));
    assertFalse(wants(sync, "/etc/passwd/x"));
    assertFalse(wants(sync, "/"));
    DescriptorBytes root = DescriptorBytes.of(RecordLayout.FORM_PATH);
    assertTrue(wants(root.to(call("fsync", 0, 3), 0, 3), "/"));
  }

  @Test
  void theWorkingDirectoryAndTheResultAreNoArguments() {
    RecordBuilder open = call("openat", 3, -100, 8, 0).string(1, 8, "x");
    DescriptorBytes.path("/tmp").to(open, 0, -100);
    DescriptorBytes.path("/tmp/x").to(open, RecordLayout.ARGS, 3);
    assertFalse(wants(open, "/tmp", "/tmp/x"));
  }

  @Test
  void descriptorsMayBeChosenByNumber() {
    BitSet three = new BitSet();
    three.set(3);
    TouchFilter filter = new TouchFilter(TABLE, List.of(), three);
    RecordReader dup = call("dup2", 5, 1, 3).read();
    RecordReader other = call("fsync", 0, 4).read();
    RecordReader none = call("fsync", -9, -1).read();
    assertEquals(
        List.of(true, false, false),
        List.of(filter.wants(dup, dup), filter.wants(other, other), filter.wants(none, none)));
  }
}
