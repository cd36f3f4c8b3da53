// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.detail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.rastro.syscalls.plan.Pieces;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.text.LineWriter;
import dev.rastro.syscalls.text.TextBuffer;
import dev.rastro.syscalls.text.TextOptions;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReductionTest {
  private static final SyscallTable TABLE = SyscallTable.load(Architecture.X86_64);
  private static final Pieces PIECES = new Pieces(TABLE);
  private static final Reduction ASKED = Reduction.asked(1024, true, true, PIECES);
  private static final LineWriter LINES = new LineWriter(TABLE, new TextOptions(64, true, 0));
  private static final long DATA = 0x7f0000001000L;
  private static final long VECTOR = 0x7f0000002000L;
  private static final long MESSAGE = 0x7f0000003000L;
  private static final long NAME = 0x7f0000004000L;
  private static final long CONTROL = 0x7f0000005000L;
  private static final String CANARY = "hunter2-hunter2";

  /** The line of what is left; none of the rest has the canary in it. */
  private static String line(Reduction reduction, CallBytes call) {
    return line(reduction, call, LINES);
  }

  private static String line(Reduction reduction, CallBytes call, LineWriter lines) {
    RecordReader record = call.read();
    byte[] copy = new byte[record.length() + 64];
    int length = reduction.copy(record, over(copy), 32);
    byte[] text = Arrays.copyOfRange(copy, 32, 32 + length);
    byte[] inPlace = new byte[record.length() + 8];
    record.buffer().get(0, inPlace, 8, record.length());
    ByteBuffer view = over(inPlace);
    int again = reduction.copy(new RecordReader().wrap(view, 8, record.length()), view, 0);
    assertArrayEquals(text, Arrays.copyOf(inPlace, again), "in its own place it is the same");
    TextBuffer line = new TextBuffer();
    lines.call(new RecordReader().wrap(over(text), 0, length), line);
    return line.toString();
  }

  private static ByteBuffer over(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static boolean tells(Reduction reduction, CallBytes call) {
    RecordReader record = call.read();
    byte[] copy = new byte[record.length()];
    int length = reduction.copy(record, over(copy), 0);
    return new String(copy, 0, length, ISO_8859_1).contains("hunter2");
  }

  private static CallBytes write() {
    return CallBytes.of(TABLE, "write", 15, 1, DATA, 15).data(1, DATA, CANARY);
  }

  private static CallBytes open() {
    return CallBytes.of(TABLE, "openat", 3, -100, NAME, 0, 0).string(1, NAME, "/etc/" + CANARY);
  }

  private static CallBytes gather() {
    return CallBytes.of(TABLE, "writev", 15, 1, VECTOR, 1)
        .words(1, VECTOR, DATA, 15)
        .data(1, DATA, CANARY);
  }

  private static CallBytes send() {
    return CallBytes.of(TABLE, "sendmsg", 15, 4, MESSAGE, 0)
        .words(1, MESSAGE, NAME, 16, VECTOR, 1, CONTROL, 16, 0)
        .words(1, NAME, 0x0100007f50000002L, 0)
        .words(1, VECTOR, DATA, 15)
        .data(1, DATA, CANARY)
        .words(1, CONTROL, 16, 0x1_0000_0001L);
  }

  @Test
  void withoutBuffersStructsAndPathsAreStillThere() {
    Reduction reduction = Reduction.under(Detail.NO_BUFFERS, ASKED, PIECES);
    assertEquals("write(1, 0x7f0000001000, 15) = 15", line(reduction, write()));
    assertEquals(
        "openat(AT_FDCWD, \"/etc/" + CANARY + "\", O_RDONLY) = 3", line(reduction, open()));
    assertEquals(
        "writev(1, [{iov_base=0x7f0000001000, iov_len=15}], 1) = 15", line(reduction, gather()));
    String message = line(reduction, send());
    assertEquals(1, message.split("iov_base=0x7f0000001000", -1).length - 1, message);
    assertEquals(1, message.split("sa_family=AF_INET", -1).length - 1, message);
    assertEquals(1, message.split("SCM_RIGHTS", -1).length - 1, message);
    assertFalse(tells(reduction, send()));
  }

  @Test
  void whatOthersAskedForIsLeftOut() {
    Reduction brief = Reduction.asked(4, false, false, PIECES);
    LineWriter lines = new LineWriter(TABLE, new TextOptions(4, false, 0));
    assertEquals("write(1, \"hunt\"..., 15) = 15", line(brief, write(), lines));
    assertEquals(
        "openat(AT_FDCWD, \"/etc/" + CANARY + "\", O_RDONLY) = 3", line(brief, open(), lines));
    assertEquals(
        "writev(1, [{iov_base=\"hunt\"..., iov_len=15}], 1) = 15", line(brief, gather(), lines));
    assertEquals(
        "execve(\"/p\", [\"ls\", \"--al\"...], 0x7f0000003000 /* 1 var */) = 0",
        line(
            brief,
            exec("ls", "--all-of-it")
                .pointers(2, MESSAGE, CONTROL)
                .string(2, CONTROL, "A=" + CANARY),
            lines));
    assertFalse(
        tells(brief, exec("ls").pointers(2, MESSAGE, CONTROL).string(2, CONTROL, "A=hunter2")));
    assertEquals(
        "write(1, \"" + CANARY + "\", 15) = 15",
        line(Reduction.asked(64, false, false, PIECES), write()));
  }

  @Test
  void whatOthersAskedForIsLeftOutOfAnOverloadedStreamToo() {
    Reduction brief =
        Reduction.under(Detail.NO_BUFFERS, Reduction.asked(4, false, false, PIECES), PIECES);
    LineWriter lines = new LineWriter(TABLE, new TextOptions(4, false, 0));
    CallBytes exec = exec("ls", "--all-of-it").pointers(2, MESSAGE, CONTROL);
    assertEquals(
        "execve(\"/p\", [\"ls\", \"--al\"...], 0x7f0000003000 /* 1 var */) = 0",
        line(brief, exec.string(2, CONTROL, "A=" + CANARY), lines));
    assertFalse(
        tells(brief, exec("ls").pointers(2, MESSAGE, CONTROL).string(2, CONTROL, "A=hunter2")));
    assertEquals("write(1, 0x7f0000001000, 15) = 15", line(brief, write(), lines));
  }

  @Test
  void whoMaySeeNoMemoryGetsRegistersAlone() {
    Reduction reduction = Reduction.to(Detail.NO_ARGUMENTS, PIECES);
    assertEquals("write(1, <redacted>, 15) = 15", line(reduction, write()));
    assertEquals("openat(AT_FDCWD, <redacted>, O_RDONLY) = 3", line(reduction, open()));
    assertEquals("writev(1, <redacted>, 1) = 15", line(reduction, gather()));
    assertEquals("sendmsg(4, <redacted>, 0) = 15", line(reduction, send()));
  }

  @Test
  void anExecutedFileHasNoNameThen() {
    byte[] bytes = new byte[RecordLayout.EXEC_BYTES];
    bytes[RecordLayout.HEAD_KIND_OFFSET] = RecordLayout.EXEC;
    byte[] name = ("/opt/" + CANARY).getBytes(ISO_8859_1);
    System.arraycopy(name, 0, bytes, RecordLayout.EXEC_FILENAME_OFFSET, name.length);
    RecordReader exec = new RecordReader().wrap(over(bytes), 0, bytes.length);
    byte[] copy = new byte[bytes.length];
    int length = Reduction.to(Detail.NO_ARGUMENTS, PIECES).copy(exec, over(copy), 0);
    assertFalse(new String(copy, 0, length, ISO_8859_1).contains("hunter2"));
    assertEquals(
        bytes.length,
        Reduction.under(Detail.NO_ARGUMENTS, ASKED, PIECES).copy(exec, over(copy), 0));
    assertArrayEquals(bytes, copy, "an overloaded stream has it");
  }

  @Test
  void whatASignalsSenderWroteIsNotTold() {
    byte[] bytes = new byte[RecordLayout.SIGNAL_BYTES];
    bytes[RecordLayout.HEAD_KIND_OFFSET] = RecordLayout.SIGNAL_DELIVER;
    int info = RecordLayout.SIGNAL_SIGINFO_OFFSET;
    ByteBuffer view = over(bytes);
    view.putInt(info, 34).putInt(info + 8, -1).putInt(info + 16, 4711);
    System.arraycopy("hunter2!".getBytes(ISO_8859_1), 0, bytes, info + 24, 8);
    RecordReader signal = new RecordReader().wrap(view, 0, bytes.length);
    byte[] copy = new byte[bytes.length];
    int length = Reduction.to(Detail.NO_ARGUMENTS, PIECES).copy(signal, over(copy), 0);
    assertFalse(new String(copy, 0, length, ISO_8859_1).contains("hunter2"));
    assertEquals(4711, over(copy).getInt(info + 16));
  }

  private static Reduction hiding(List<String> paths, List<String> options, List<String> names) {
    return Reduction.hiding(new Secrets(paths, options, names, new BitSet()), PIECES);
  }

  private static CallBytes read() {
    return CallBytes.of(TABLE, "read", 15, 3, DATA, 4096).data(1, DATA, CANARY);
  }

  @Test
  void dataOfSecretFilesAreHiddenByTheEndsOfTheirPaths() {
    Reduction reduction =
        hiding(List.of("/etc/shadow", "*.pem", "id_[a-z]*"), List.of(), List.of());
    String hidden = "read(3, <redacted>, 4096) = 15";
    String told = "read(3, \"" + CANARY + "\", 4096) = 15";
    assertEquals(hidden, line(reduction, read().tail("shadow", "etc")));
    assertEquals(hidden, line(reduction, read().tail("shadow", "etc", "rootfs", "var")));
    assertEquals(told, line(reduction, read().tail("shadow", "tmp")));
    assertEquals(told, line(reduction, read().tail("shadows", "etc")));
    assertEquals(hidden, line(reduction, read().tail("server.pem")));
    assertEquals(told, line(reduction, read().tail("server_pem", "x.pem")));
    assertEquals(hidden, line(reduction, read().tail("id_rsa", ".ssh")));
    assertEquals(told, line(reduction, read().tail("id_", ".ssh")));
    assertEquals(told, line(reduction, read().tail()), "it has no path");
    assertEquals(hidden, line(reduction, read()), "nobody has looked what it is");
    assertFalse(tells(reduction, gather().tail("server.pem")));
    assertFalse(tells(reduction, gather()));
    assertEquals(
        "getxattr(\"/x/a.pem\", \"user.key\", <redacted>, 64) = 15",
        line(
            reduction,
            CallBytes.of(TABLE, "getxattr", 15, NAME, VECTOR, DATA, 64)
                .string(0, NAME, "/x/a.pem")
                .string(1, VECTOR, "user.key")
                .data(2, DATA, CANARY)));
  }

  @Test
  void dataOfChosenDescriptorsAreHiddenWhateverTheyAre() {
    BitSet numbers = new BitSet();
    numbers.set(1);
    numbers.set(4);
    Reduction reduction =
        Reduction.hiding(new Secrets(List.of(), List.of(), List.of(), numbers), PIECES);
    assertEquals("write(1, <redacted>, 15) = 15", line(reduction, write()));
    assertFalse(tells(reduction, gather()));
    assertFalse(tells(reduction, send()));
    assertEquals("read(3, \"" + CANARY + "\", 4096) = 15", line(reduction, read()));
  }

  private static CallBytes exec(String... words) {
    long[] pointers = new long[words.length];
    CallBytes call = CallBytes.of(TABLE, "execve", 0, NAME, VECTOR, MESSAGE).string(0, NAME, "/p");
    for (int i = 0; i < words.length; i++) {
      pointers[i] = DATA + 256L * i;
    }
    call.pointers(1, VECTOR, pointers);
    for (int i = 0; i < words.length; i++) {
      call.string(1, pointers[i], words[i]);
    }
    return call;
  }

  private static String arguments(Reduction reduction, CallBytes exec) {
    String line = line(reduction, exec);
    return line.substring(line.indexOf('['), line.indexOf(']') + 1);
  }

  @Test
  void whatFollowsASecretOptionIsHidden() {
    Reduction reduction = hiding(List.of(), List.of("--pass*", "-pw"), List.of("*token*"));
    assertEquals(
        "[\"--password\", <redacted>, \"x\"]",
        arguments(reduction, exec("--password", CANARY, "x")));
    assertEquals(
        "[\"--passwd=\"<redacted>, \"x\"]", arguments(reduction, exec("--passwd=" + CANARY, "x")));
    assertEquals("[\"-pw\", <redacted>]", arguments(reduction, exec("-pw", CANARY)));
    assertEquals(
        "[\"-c\", \"mysql --password \"<redacted>]",
        arguments(reduction, exec("-c", "mysql --password " + CANARY + " -e 'select 1'")));
    assertEquals("[\"API_TOKEN=\"<redacted>]", arguments(reduction, exec("API_TOKEN=" + CANARY)));
    assertEquals(
        "[\"-c\", \"my_token=\"<redacted>]",
        arguments(reduction, exec("-c", "my_token=" + CANARY + " run")));
    assertEquals(
        "[\"x--password\", \"" + CANARY + "\"]", arguments(reduction, exec("x--password", CANARY)));
    assertEquals(
        "mount(\"//x\", \"/y\", \"cifs\", 0, \"user=me,my_token=\"<redacted>) = 0",
        line(
            reduction,
            CallBytes.of(TABLE, "mount", 0, NAME, VECTOR, MESSAGE, 0, CONTROL)
                .string(0, NAME, "//x")
                .string(1, VECTOR, "/y")
                .string(2, MESSAGE, "cifs")
                .string(4, CONTROL, "user=me,my_token=" + CANARY)));
    CallBytes cut =
        CallBytes.of(TABLE, "execve", 0, NAME, VECTOR, 0)
            .pointers(1, VECTOR, DATA, DATA + 256)
            .cut(1, DATA, "--pa")
            .string(1, DATA + 256, CANARY);
    assertFalse(tells(reduction, cut), "what was cut may have been a secret's option");
  }

  @Test
  void valuesOfSecretVariablesAreHiddenAndTheirNamesAreNot() {
    Reduction reduction = hiding(List.of(), List.of(), List.of("*password*", "*_key"));
    CallBytes call =
        CallBytes.of(TABLE, "execve", 0, NAME, 0, VECTOR)
            .string(0, NAME, "/p")
            .pointers(2, VECTOR, DATA, DATA + 256, DATA + 512, DATA + 768)
            .string(2, DATA, "DB_Password=" + CANARY)
            .string(2, DATA + 256, "HOME=/root")
            .string(2, DATA + 512, "API_KEY=" + CANARY)
            .string(2, DATA + 768, "KEYS=a=b");
    assertEquals(
        "execve(\"/p\", NULL, [\"DB_Password=\"<redacted>, \"HOME=/root\","
            + " \"API_KEY=\"<redacted>, \"KEYS=a=b\"]) = 0",
        line(reduction, call));
  }

  @Test
  void rulesThatMakeNoSenseAreRefused() {
    for (String rule : List.of("[z-a]", "", "a/b/c/d/e/f/g/h/i")) {
      IllegalArgumentException refusal =
          assertThrows(
              IllegalArgumentException.class,
              () -> new Secrets(List.of(rule), List.of(), List.of(), new BitSet()));
      assertTrue(refusal.getMessage().contains(rule), refusal::getMessage);
    }
  }

  @Test
  void anUntouchedRecordIsCopiedByteForByte() {
    Reduction usual = Reduction.hiding(Secrets.USUAL, PIECES);
    for (CallBytes call : List.of(open(), write().tail(), exec("ls", "-l"))) {
      RecordReader record = call.read();
      byte[] copy = new byte[record.length()];
      int length = usual.copy(record, over(copy), 0);
      byte[] whole = new byte[record.length()];
      record.buffer().get(0, whole);
      assertArrayEquals(Arrays.copyOf(whole, length), Arrays.copyOf(copy, length));
    }
  }

  @Test
  void hidingAllocatesNothing() {
    Reduction usual = Reduction.hiding(Secrets.USUAL, PIECES);
    CallBytes[] calls = {
      read().tail("shadow", "etc"), read().tail("x", "y"), exec("--password", CANARY)
    };
    ByteBuffer copy = ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    long before = 0;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int round = 0; round < 20_000; round++) {
      if (round == 10_000) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      for (CallBytes call : calls) {
        int unused = usual.copy(call.reader(), copy, 0);
      }
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < 10_000, allocated + " bytes for 30,000 records");
  }
}
