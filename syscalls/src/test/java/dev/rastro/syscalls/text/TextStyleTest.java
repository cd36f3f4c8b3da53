package dev.rastro.syscalls.text;

import static dev.rastro.syscalls.record.RecordBuilder.bytes;
import static dev.rastro.syscalls.record.RecordBuilder.longs;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rastro.syscalls.decode.CallSet;
import dev.rastro.syscalls.record.RecordBuilder;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.text.TextStyle.Constants;
import dev.rastro.syscalls.text.TextStyle.HexStrings;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The texts are what strace 6.1 prints with the same options. */
final class TextStyleTest {
  private static final SyscallTable TABLE = SyscallTable.load(Architecture.X86_64);
  private static final long FDCWD = 0xffffff9cL;
  private static final long A = 0x7ffc00001000L;
  private static final long B = 0x7ffc00002000L;

  private static RecordBuilder call(String name, long result, long... arguments) {
    return RecordBuilder.call(TABLE.find(name).orElseThrow().number(), result, arguments);
  }

  private static String line(TextStyle style, RecordBuilder record) {
    TextBuffer out = new TextBuffer();
    new LineWriter(TABLE, new TextOptions(32, false, 0, style)).line(record.read(), out);
    return out.toString();
  }

  private static TextStyle strings(HexStrings hex) {
    return new TextStyle(hex, Constants.NAMES, CallSet.ALL, CallSet.ALL, CallSet.NONE, false);
  }

  private static TextStyle constants(Constants constants) {
    return new TextStyle(
        HexStrings.NEVER, constants, CallSet.ALL, CallSet.ALL, CallSet.NONE, false);
  }

  private static TextStyle calls(CallSet brief, CallSet followed, CallSet raw) {
    return new TextStyle(HexStrings.NEVER, Constants.NAMES, brief, followed, raw, false);
  }

  private static CallSet only(String name) {
    BitSet numbers = new BitSet();
    numbers.set(TABLE.find(name).orElseThrow().number());
    return CallSet.of(numbers);
  }

  @ParameterizedTest
  @CsvSource({
    "NEVER, 'nul\\0x', 'tab\\tx'",
    "ESCAPES, 'nul\\x00x', 'tab\\tx'",
    "NON_ASCII, '\\x6e\\x75\\x6c\\x00\\x78', 'tab\\tx'",
    "ALL, '\\x6e\\x75\\x6c\\x00\\x78', '\\x74\\x61\\x62\\x09\\x78'"
  })
  void hexadecimalIsUsedAsFarAsWanted(HexStrings hex, String binary, String text) {
    assertEquals(
        "write(3, \"" + binary + "\", 5) = 5",
        line(strings(hex), call("write", 5, 3, A, 5).memory(1, A, bytes("nul\0x"))));
    assertEquals(
        "write(3, \"" + text + "\", 5) = 5",
        line(strings(hex), call("write", 5, 3, A, 5).memory(1, A, bytes("tab\tx"))));
  }

  @Test
  void pathsAreStringsToo() {
    assertEquals(
        "rmdir(\"\\x2f\\x78\") = 0",
        line(strings(HexStrings.ALL), call("rmdir", 0, A).string(0, A, "/x")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "NUMBERS; openat(-100, \"/x\", 0x80000) = 3",
        "BOTH; openat(-100 /* AT_FDCWD */, \"/x\", 0x80000 /* O_RDONLY|O_CLOEXEC */) = 3"
      })
  void constantsAreNumbersOrBoth(Constants style, String expected) {
    assertEquals(
        expected, line(constants(style), call("openat", 3, FDCWD, A, 02000000).string(1, A, "/x")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "NUMBERS; kill(7, 10) = 0; lseek(3, 0, 0x63) = 0; mprotect(NULL, 1, 0) = 0",
        "BOTH; kill(7, 10 /* SIGUSR1 */) = 0; lseek(3, 0, 0x63 /* SEEK_??? */) = 0;"
            + " mprotect(NULL, 1, 0 /* PROT_NONE */) = 0"
      })
  void signalsAreDecimalAndUnknownNamesStay(
      Constants style, String kill, String seek, String protect) {
    assertEquals(kill, line(constants(style), call("kill", 0, 7, 10)));
    assertEquals(seek, line(constants(style), call("lseek", 0, 3, 0, 0x63)));
    assertEquals(protect, line(constants(style), call("mprotect", 0, 0, 1, 0)));
  }

  @Test
  void limitsAreNumbersToo() {
    byte[] limit = longs(8192 << 10, -1);
    assertEquals(
        "prlimit64(0, 0x3 /* RLIMIT_STACK */, NULL, {rlim_cur=8388608 /* 8192*1024 */,"
            + " rlim_max=18446744073709551615 /* RLIM64_INFINITY */}) = 0",
        line(constants(Constants.BOTH), call("prlimit64", 0, 0, 3, 0, A).memory(3, A, limit)));
  }

  @Test
  void rawCallsAreRegisters() {
    TextStyle style = calls(CallSet.ALL, CallSet.ALL, only("openat"));
    assertEquals(
        "openat(0xffffff9c, 0x7ffc00001000, 0x80000, 0) = 0x3",
        line(style, call("openat", 3, FDCWD, A, 02000000, 0).string(1, A, "/x")));
    assertEquals("rmdir(\"/x\") = 0", line(style, call("rmdir", 0, A).string(0, A, "/x")));
  }

  @Test
  void structsAreNotFollowedWhereNotWanted() {
    TextStyle style = calls(CallSet.ALL, CallSet.NONE, CallSet.NONE);
    assertEquals(
        "prlimit64(0, RLIMIT_STACK, NULL, 0x7ffc00001000) = 0",
        line(style, call("prlimit64", 0, 0, 3, 0, A).memory(3, A, longs(1, 2))));
    assertEquals("rmdir(\"/x\") = 0", line(style, call("rmdir", 0, A).string(0, A, "/x")));
  }

  @Test
  void argumentsHaveNamesOnRequest() {
    TextStyle style =
        new TextStyle(
            HexStrings.NEVER, Constants.NAMES, CallSet.ALL, CallSet.ALL, CallSet.NONE, true);
    assertEquals("close(fd=3) = 0", line(style, call("close", 0, 3)));
  }

  @Test
  void dataIsDumpedBelowTheCall() {
    RecordBuilder read =
        call("read", 18, 3, A, 100).memory(1, A, bytes("hello\tworld\0\1\377012\n"));
    assertEquals(
        "\n | 00000  68 65 6c 6c 6f 09 77 6f  72 6c 64 00 01 ff 30 31  hello.world...01 |"
            + "\n | 00010  32 0a                                             2.               |",
        dump(read));
  }

  @Test
  void vectorsAreDumpedOneByOne() {
    RecordBuilder write =
        call("writev", 5, 3, A, 2)
            .memory(1, A, longs(B, 2, B + 16, 3))
            .memory(1, B, bytes("hi"))
            .memory(1, B + 16, bytes("you"));
    assertEquals(
        "\n * 2 bytes in buffer 0"
            + "\n | 00000  68 69                                             hi               |"
            + "\n * 3 bytes in buffer 1"
            + "\n | 00000  79 6f 75                                          you              |",
        dump(write));
  }

  @Test
  void nothingIsDumpedOfOtherDescriptorsOrFailures() {
    assertEquals("", dump(call("read", 2, 4, A, 100).memory(1, A, bytes("hi"))));
    assertEquals("", dump(call("read", -9, 3, A, 100)));
    assertEquals("", dump(call("close", 0, 3)));
  }

  private static String dump(RecordBuilder record) {
    BitSet third = new BitSet();
    third.set(3);
    TextBuffer out = new TextBuffer();
    var read = record.read();
    assertEquals(RecordLayout.CALL, read.kind());
    new LineWriter(TABLE, TextOptions.DEFAULT).data(new DataDump(third, third), read, read, out);
    return out.toString();
  }
}
