package dev.rastro.syscalls.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rastro.syscalls.record.DescriptorBytes;
import dev.rastro.syscalls.record.RecordBuilder;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import org.junit.jupiter.api.Test;

/** Expected texts were printed by strace 6.1 with -y and -yy for such descriptors. */
final class DescriptorTextTest {
  private static final SyscallTable TABLE = SyscallTable.load(Architecture.X86_64);
  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int AF_NETLINK = 16;
  private static final int AF_PACKET = 17;
  private static final int CHARACTER_DEVICE = 0020666;

  private static RecordBuilder call(String name, long result, long... arguments) {
    return RecordBuilder.call(TABLE.find(name).orElseThrow().number(), result, arguments);
  }

  private static String line(DescriptorChoice choice, RecordBuilder record) {
    TextBuffer out = new TextBuffer();
    TextStyle style = TextStyle.DEFAULT.withDescriptors(choice);
    new LineWriter(TABLE, new TextOptions(32, false, 40, style)).line(record.read(), out);
    return out.toString().replaceAll("\\) +=", ") =");
  }

  /** The text of fsync's argument, which is 3. */
  private static String told(DescriptorChoice choice, DescriptorBytes descriptor) {
    String line = line(choice, descriptor.to(call("fsync", 0, 3), 0, 3));
    return line.substring("fsync(3".length(), line.lastIndexOf(") = 0"));
  }

  @Test
  void pathsStandBesideArgumentsAndResults() {
    RecordBuilder open = call("openat", 3, -100, 8, 0);
    DescriptorBytes.path("/tmp/f").to(open, 0, -100);
    open.string(1, 8, "x");
    DescriptorBytes.path("/tmp/f/x").to(open, RecordLayout.ARGS, 3);
    assertEquals(
        "openat(AT_FDCWD</tmp/f>, \"x\", O_RDONLY) = 3</tmp/f/x>",
        line(DescriptorChoice.PATHS, open));
    assertEquals("openat(AT_FDCWD, \"x\", O_RDONLY) = 3", line(DescriptorChoice.NONE, open));
  }

  @Test
  void theResultOfDup2IsAnotherFileThanItsArgumentWas() {
    RecordBuilder dup = call("dup2", 1, 3, 1);
    DescriptorBytes.path("/tmp/f").to(dup, 0, 3);
    DescriptorBytes.path("/dev/pts/0").to(dup, 1, 1);
    DescriptorBytes.path("/tmp/f").to(dup, RecordLayout.ARGS, 1);
    assertEquals("dup2(3</tmp/f>, 1</dev/pts/0>) = 1</tmp/f>", line(DescriptorChoice.PATHS, dup));
    RecordBuilder closed = call("dup2", 7, 3, 7);
    DescriptorBytes.path("/tmp/f").to(closed, 0, 3);
    DescriptorBytes.path("/tmp/f").to(closed, RecordLayout.ARGS, 7);
    assertEquals("dup2(3</tmp/f>, 7) = 7</tmp/f>", line(DescriptorChoice.PATHS, closed));
  }

  @Test
  void filesWithoutANameSayWhatTheyAre() {
    assertEquals("</>", told(DescriptorChoice.ALL, DescriptorBytes.of(RecordLayout.FORM_PATH)));
    assertEquals(
        "</tmp/x>(deleted)",
        told(
            DescriptorChoice.PATHS,
            DescriptorBytes.path("/tmp/x").flags(RecordLayout.FILE_DELETED)));
    assertEquals(
        "</memfd:foo>(deleted)",
        told(
            DescriptorChoice.PATHS,
            DescriptorBytes.of(RecordLayout.FORM_NAMELESS)
                .name("memfd:foo\0")
                .flags(RecordLayout.FILE_DELETED)));
    assertEquals(
        "<pipe:[599254]>",
        told(DescriptorChoice.ALL, DescriptorBytes.of(RecordLayout.FORM_PIPE).inode(599254)));
    assertEquals(
        "<anon_inode:[eventpoll]>",
        told(
            DescriptorChoice.ALL,
            DescriptorBytes.of(RecordLayout.FORM_ANONYMOUS).name("[eventpoll]\0")));
    assertEquals(
        "<mnt:[4026531832]>",
        told(
            DescriptorChoice.ALL,
            DescriptorBytes.of(RecordLayout.FORM_NAMESPACE).name("mnt\0").inode(4026531832L)));
  }

  @Test
  void bracketsAndControlCharactersInAPathAreEscaped() {
    assertEquals(
        "</tmp/f/a\\74b\\76\\\"c\\n\\303\\251>",
        told(DescriptorChoice.PATHS, DescriptorBytes.path("/tmp/f/a<b>\"c\n\u00e9")));
  }

  @Test
  void devicesAndPidfdsAreToldWhenAskedFor() {
    DescriptorBytes device = DescriptorBytes.path("/dev/null").device(CHARACTER_DEVICE, 1, 3);
    assertEquals("</dev/null<char 1:3>>", told(DescriptorChoice.ALL, device));
    assertEquals("</dev/null>", told(DescriptorChoice.PATHS, device));
    DescriptorBytes pidfd = DescriptorBytes.of(RecordLayout.FORM_PIDFD).id(4233);
    assertEquals("<pid:4233>", told(DescriptorChoice.ALL, pidfd));
    assertEquals("<anon_inode:[pidfd]>", told(DescriptorChoice.PATHS, pidfd));
    DescriptorChoice sockets = new DescriptorChoice(false, true, false, false);
    assertEquals("", told(sockets, device));
    assertEquals("", told(sockets, pidfd));
  }

  @Test
  void socketsTellTheirEnds() {
    DescriptorBytes tcp = DescriptorBytes.socket(AF_INET, "TCP").inode(599195);
    assertEquals("<TCP:[599195]>", told(DescriptorChoice.ALL, tcp));
    assertEquals("<socket:[599195]>", told(DescriptorChoice.PATHS, tcp));
    tcp.local(39179, 127, 0, 0, 1);
    assertEquals("<TCP:[127.0.0.1:39179]>", told(DescriptorChoice.ALL, tcp));
    tcp.remote(52194, 127, 0, 0, 1);
    assertEquals("<TCP:[127.0.0.1:39179->127.0.0.1:52194]>", told(DescriptorChoice.ALL, tcp));
    assertEquals(
        "<UDPv6:[[::1]:32827]>",
        told(
            DescriptorChoice.ALL,
            DescriptorBytes.socket(AF_INET6, "UDPv6")
                .local(32827, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)));
    assertEquals(
        "<RAW:[599240]>",
        told(
            DescriptorChoice.ALL,
            DescriptorBytes.socket(AF_INET, "RAW").inode(599240).local(1, 0, 0, 0, 0)));
    assertEquals(
        "<socket:[599244]>",
        told(DescriptorChoice.ALL, DescriptorBytes.socket(AF_PACKET, "PACKET").inode(599244)));
    assertEquals(
        "<NETLINK:[ROUTE:4233]>",
        told(
            DescriptorChoice.ALL,
            DescriptorBytes.socket(AF_NETLINK, "NETLINK").flags(RecordLayout.FILE_BOUND).id(4233)));
    assertEquals(
        "<NETLINK:[599225]>",
        told(DescriptorChoice.ALL, DescriptorBytes.socket(AF_NETLINK, "NETLINK").inode(599225)));
  }

  @Test
  void unixSocketsTellPeerAndAddress() {
    assertEquals(
        "<UNIX-STREAM:[599218->599213,\"/tmp/f/us\"]>",
        told(
            DescriptorChoice.ALL,
            DescriptorBytes.socket(AF_UNIX, "UNIX-STREAM")
                .inode(599218)
                .peer(599213)
                .name("/tmp/f/us\0")));
    assertEquals(
        "<UNIX-STREAM:[599220,@\"abs\"]>",
        told(
            DescriptorChoice.ALL,
            DescriptorBytes.socket(AF_UNIX, "UNIX-STREAM").inode(599220).name("\0abs")));
  }
}
