package dev.rastro.syscalls.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.rastro.syscalls.record.MalformedRecord;
import dev.rastro.syscalls.record.RecordBuilder;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes that no capture program would make, and how little it costs to read those that it does. */
final class HostileRecordTest {
  private static final SyscallTable TABLE = SyscallTable.load(Architecture.X86_64);
  private static final int ROUNDS = 200_000;
  private static final int RECORD_BYTES_MAX = 2048;

  @Test
  void decodesOrRefusesWhateverTheBytesAre() {
    Random random = new Random(20261122);
    LineWriter writer = new LineWriter(TABLE, TextOptions.DEFAULT);
    List<Syscall> calls = TABLE.all();
    ByteBuffer buffer = ByteBuffer.allocate(4 * RECORD_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
    RecordReader reader = new RecordReader();
    TextBuffer out = new TextBuffer();
    int decoded = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Syscall call = calls.get(round % calls.size());
      RecordBuilder record = record(random, call);
      int length = Math.min(record.length(), RECORD_BYTES_MAX);
      buffer.put(0, record.buffer(), 0, length);
      for (int i = random.nextInt(6); i > 0; i--) {
        buffer.put(random.nextInt(length), (byte) random.nextInt(256));
      }
      if (random.nextInt(4) == 0) {
        length = random.nextInt(length + 1);
      }
      out.clear();
      try {
        if (writer.line(reader.wrap(buffer, 0, length), out)) {
          decoded++;
        }
      } catch (MalformedRecord expected) {
        assertTrue(expected.getMessage().contains("record"), expected.getMessage());
      } catch (RuntimeException e) {
        throw new AssertionError("round " + round + ", " + call.name() + ": " + e, e);
      }
    }
    assertTrue(decoded > ROUNDS / 4, "only " + decoded + " records were decoded");
    assertTrue(out.array().length < 1 << 20, "the text buffer grew to " + out.array().length);
  }

  private static RecordBuilder record(Random random, Syscall call) {
    long[] registers = new long[RecordLayout.ARGS];
    for (int i = 0; i < registers.length; i++) {
      registers[i] = random.nextInt(3) == 0 ? random.nextInt(64) : 0x1000L * (i + 1);
    }
    long result = random.nextInt(3) == 0 ? -random.nextInt(600) : random.nextInt(300);
    RecordBuilder record = RecordBuilder.call(call.number(), result, registers);
    for (int i = random.nextInt(5); i > 0; i--) {
      int argument = random.nextInt(7);
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      for (int at = 0; at + 8 <= bytes.length && random.nextBoolean(); at += 8) {
        bytes[at + 3] = bytes[at + 4] = bytes[at + 5] = bytes[at + 6] = bytes[at + 7] = 0;
      }
      record.segment(
          argument,
          argument < 6 ? registers[argument] : 0x9000,
          1 + random.nextInt(3),
          random.nextInt(16),
          random.nextInt(400),
          bytes);
    }
    return record;
  }

  @Test
  void allocatesNothingPerLine() {
    RecordReader record =
        RecordBuilder.call(TABLE.find("openat").orElseThrow().number(), 3, 0xffffff9cL, 0x1000, 0)
            .string(1, 0x1000, "/usr/lib/x86_64-linux-gnu/libc")
            .read();
    LineWriter writer = new LineWriter(TABLE, TextOptions.DEFAULT);
    TextBuffer out = new TextBuffer();
    write(writer, record, out, 20_000);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    write(writer, record, out, 100_000);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < 100_000, allocated + " bytes for 100,000 lines");
    assertEquals(
        "openat(AT_FDCWD, \"/usr/lib/x86_64-linux-gnu/libc\", O_RDONLY) = 3", out.toString());
  }

  private static void write(LineWriter writer, RecordReader record, TextBuffer out, int lines) {
    for (int i = 0; i < lines; i++) {
      out.clear();
      writer.line(record, out);
    }
  }
}
