package dev.rastro.syscalls.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rastro.syscalls.record.RecordBuilder;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;

/** A line that strace 6.1 printed, and the record of the same call. */
final class GoldenLine {
  static final long A = 0x7ffc0b812508L;
  static final long B = 0x7ffc0b813000L;
  static final long C = 0x7ffc0b814000L;

  private static final SyscallTable TABLE = SyscallTable.load(Architecture.X86_64);

  private GoldenLine() {}

  static RecordBuilder call(String name, long result, long... arguments) {
    return RecordBuilder.call(TABLE.find(name).orElseThrow().number(), result, arguments);
  }

  static void check(String expected, RecordBuilder record) {
    TextBuffer out = new TextBuffer();
    new LineWriter(TABLE, TextOptions.DEFAULT).line(record.read(), out);
    assertEquals(expected, out.toString().replaceAll("\\) +=", ") ="));
  }
}
