// SPDX-License-Identifier: Apache-2.0
package dev.rastro.syscalls.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.syscalls.record.RecordBuilder;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.text.LineWriter;
import dev.rastro.syscalls.text.TextBuffer;
import dev.rastro.syscalls.text.TextOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LiveCaptureTest {
  private static final SyscallTable TABLE = SyscallTable.load(Architecture.X86_64);
  private static final LiveCapture CAPTURE = new LiveCapture(TABLE, CaptureLimits.DEFAULT);
  private static final long ADDRESS = 0x1000;

  @Test
  void argumentsAreFoundInMemory() {
    byte[] address = {2, 0, 0x15, 0x38, 10, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0};
    assertEquals(
        "connect(3, {sa_family=AF_INET, sin_port=htons(5432), sin_addr=inet_addr(\"10.0.0.5\")},"
            + " 16 <unfinished ...>",
        line("connect", address, 3, ADDRESS, 16));
    assertEquals(
        "openat(AT_FDCWD, \"/dev/ttyS0\", O_RDONLY <unfinished ...>",
        line("openat", RecordBuilder.bytes("/dev/ttyS0\0"), -100, ADDRESS, 0));
  }

  @Test
  void memoryThatCannotBeReadIsAnAddress() {
    assertEquals(
        "openat(AT_FDCWD, 0x1000, O_RDONLY <unfinished ...>",
        line("openat", new byte[0], -100, ADDRESS, 0));
  }

  /** Whatever the registers and the memory hold, what comes out is a record that can be read. */
  @Test
  void anyRegistersMakeAWellFormedRecord() {
    Random random = new Random(1);
    UserMemory garbage =
        (at, into) -> {
          int bytes =
              random.nextInt(8) == 0 ? random.nextInt(into.remaining() + 1) : into.remaining();
          for (int i = 0; i < bytes; i++) {
            into.put((byte) random.nextInt(random.nextBoolean() ? 3 : 256));
          }
        };
    TABLE
        .all()
        .forEach(
            call -> {
              List<Long> arguments =
                  random
                      .longs(RecordLayout.ARGS)
                      .map(word -> random.nextBoolean() ? word : word & 0xff)
                      .boxed()
                      .toList();
              ByteBuffer record =
                  CAPTURE.record(
                      1,
                      2,
                      call.number(),
                      arguments,
                      0,
                      true,
                      garbage,
                      number -> Optional.of("/a/b"));
              RecordReader reader = new RecordReader().wrap(record, 0, record.limit());
              TextBuffer line = new TextBuffer();
              new LineWriter(TABLE, TextOptions.DEFAULT).unfinished(reader, reader, line);
              assertTrue(line.toString().startsWith(call.name()), line.toString());
            });
  }

  @Test
  void saysWhichFileItIsWhoseDataTheCallMoves() {
    int number = TABLE.find("write").orElseThrow().number();
    List<Long> arguments = List.of(7L, 0x1000L, 3L, 0L, 0L, 0L);
    UserMemory memory = (at, into) -> into.remaining();
    String deep = "/1/2/3/4/5/6/7/8/9";
    for (String path : List.of("/etc/shadow", deep)) {
      ByteBuffer record =
          CAPTURE.record(1, 1, number, arguments, 0, true, memory, fd -> Optional.of(path));
      RecordReader reader = new RecordReader().wrap(record, 0, record.limit());
      assertTrue(reader.has(RecordLayout.TAIL_TOLD));
      int last = reader.segmentCount() - 1;
      assertEquals(RecordLayout.TAIL, reader.segmentKind(last));
      byte[] names = new byte[reader.segmentLength(last)];
      record.get(reader.segmentData(last), names);
      assertEquals(
          path.equals(deep) ? "9\0008\0007\0006\0005\0004\0003\0002\0" : "shadow\0etc\0",
          new String(names, StandardCharsets.US_ASCII));
    }
  }

  private static String line(String call, byte[] memory, long... arguments) {
    Long[] registers = {0L, 0L, 0L, 0L, 0L, 0L};
    for (int i = 0; i < arguments.length; i++) {
      registers[i] = arguments[i];
    }
    UserMemory reads = (at, into) -> into.put(memory, 0, Math.min(memory.length, into.remaining()));
    ByteBuffer record =
        CAPTURE.record(
            1,
            1,
            TABLE.find(call).orElseThrow().number(),
            List.of(registers),
            0,
            false,
            reads,
            number -> Optional.empty());
    RecordReader reader = new RecordReader().wrap(record, 0, record.limit());
    TextBuffer line = new TextBuffer();
    new LineWriter(TABLE, TextOptions.DEFAULT).unfinished(reader, reader, line);
    return line.toString();
  }
}
