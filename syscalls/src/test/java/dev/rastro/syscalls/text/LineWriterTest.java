package dev.rastro.syscalls.text;

import static dev.rastro.syscalls.record.RecordBuilder.bytes;
import static dev.rastro.syscalls.record.RecordBuilder.ints;
import static dev.rastro.syscalls.record.RecordBuilder.longs;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rastro.syscalls.record.RecordBuilder;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Expected lines were printed by strace 6.1 for programs that made these calls. */
final class LineWriterTest {
  private static final SyscallTable TABLE = SyscallTable.load(Architecture.X86_64);
  private static final long A = 0x7ffc0b812508L;
  private static final long B = 0x7ffc0b813000L;
  private static final long C = 0x7ffc0b814000L;
  private static final long FDCWD = 0xffffff9cL;

  private static RecordBuilder call(String name, long result, long... arguments) {
    return RecordBuilder.call(TABLE.find(name).orElseThrow().number(), result, arguments);
  }

  private static String line(RecordBuilder record) {
    TextBuffer out = new TextBuffer();
    new LineWriter(TABLE, TextOptions.DEFAULT).line(record.read(), out);
    return out.toString();
  }

  private static void check(String expected, RecordBuilder record) {
    assertEquals(expected, line(record).replaceAll("\\) +=", ") ="));
  }

  @Test
  void padsTheResultToItsColumn() {
    assertEquals("getpid()                                = 8648", line(call("getpid", 8648)));
    assertEquals(
        "openat(AT_FDCWD, \"/nope-nope-nope\", O_RDONLY) = -1 ENOENT (No such file or directory)",
        line(call("openat", -2, FDCWD, A, 0).string(1, A, "/nope-nope-nope")));
  }

  @Test
  void writesTheModeOnlyOfAFileThatIsCreated() {
    check(
        "openat(AT_FDCWD, \"/tmp/x\", O_RDWR|O_CREAT|O_TRUNC, 0644) = 14",
        call("openat", 14, FDCWD, A, 01102, 0644).string(1, A, "/tmp/x"));
    check(
        "openat(AT_FDCWD, \"/tmp\", O_RDWR|O_TMPFILE, 0600) = 19",
        call("openat", 19, FDCWD, A, 020200002, 0600).string(1, A, "/tmp"));
    check(
        "openat(AT_FDCWD, 0x8, O_RDONLY) = -1 EFAULT (Bad address)",
        call("openat", -14, FDCWD, 8, 0));
    check(
        "openat(AT_FDCWD, \"/etc\", O_ACCMODE) = -1 EISDIR (Is a directory)",
        call("openat", -21, FDCWD, A, 3).string(1, A, "/etc"));
  }

  @Test
  void quotesAndCutsBuffers() {
    check(
        "write(14, \"hello\\n\\1\\0017\\377\\0z\", 12) = 12",
        call("write", 12, 14, A, 12).memory(1, A, bytes("hello\n\1\0017\377\0z")));
    check(
        "write(99, \"abcdefghijklmnopqrstuvwxyzabcdef\"..., 33) = -1 EBADF (Bad file descriptor)",
        call("write", -9, 99, A, 33).memory(1, A, bytes("abcdefghijklmnopqrstuvwxyzabcdefg")));
    check(
        "write(99, \"\\r\\t\\v\\f\\\"\\\\\\33[0m\\0001\\0a\\351\\0/\", 17) = 17",
        call("write", 17, 99, A, 17).memory(1, A, bytes("\r\t\013\f\"\\\033[0m\0001\0a\351\0/")));
    check("read(14, \"\", 100) = 0", call("read", 0, 14, A, 100));
    check("write(99, NULL, 4) = -1 EBADF (Bad file descriptor)", call("write", -9, 99, 0, 4));
    check(
        "recvfrom(12, 0x7ffc0b812508, 100, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily"
            + " unavailable)",
        call("recvfrom", -11, 12, A, 100, 0x40, 0, 0));
    check(
        "write(99, 0x7ffc0b812508, 20) = -1 EBADF (Bad file descriptor)",
        call("write", -9, 99, A, 20)
            .segment(1, A, RecordLayout.BYTES, RecordLayout.FAULT, 20, bytes("AAAAAA")));
  }

  @Test
  void writesResultsAsTheirKindSays() {
    check("brk(NULL) = 0x55ad9e6dd000", call("brk", 0x55ad9e6dd000L, 0));
    check("umask(000) = 022", call("umask", 022, 0));
    check("exit_group(0) = ?", call("exit_group", 0, 0).flags(RecordLayout.NO_RETURN));
    check(
        "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f6d4e736000",
        call("mmap", 0x7f6d4e736000L, 0, 4096, 3, 0x22, 0xffffffffL, 0));
    check("pause() = ? ERESTARTNOHAND (To be restarted if no handler)", call("pause", -514));
    check(
        "lseek(14, 0, 0x4d /* SEEK_??? */) = -1 EINVAL (Invalid argument)",
        call("lseek", -22, 14, 0, 77));
    check(
        "fcntl(14, F_GETFL) = 0x8002 (flags O_RDWR|O_LARGEFILE)", call("fcntl", 0x8002, 14, 3, 0));
    check("fcntl(14, F_SETFL, O_RDONLY|O_NONBLOCK) = 0", call("fcntl", 0, 14, 4, 04000));
    check("close(999) = -1 (errno 4000)", call("close", -4000, 999));
  }

  @Test
  void writesNumbersThatTheTableLacks() {
    check(
        "syscall_0x270f(0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = -1 ENOSYS (Function not implemented)",
        RecordBuilder.call(9999, -38, 1, 2, 3, 4, 5, 6));
    check(
        "syscall_0x4(0x1, 0, 0, 0, 0, 0 /* 32-bit */) = 0x5",
        RecordBuilder.call(4, 5, 1).abi(RecordLayout.ABI_COMPAT32));
  }

  @Test
  void writesSocketAddresses() {
    byte[] inet = bytes("\2\0\0\1\177\0\0\1\0\0\0\0\0\0\0\0");
    check(
        "connect(3, {sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr(\"127.0.0.1\")}, 16) = -1"
            + " ECONNREFUSED (Connection refused)",
        call("connect", -111, 3, A, 16).memory(1, A, inet));
    check(
        "accept4(9, {sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr(\"127.0.0.1\")}, [100 =>"
            + " 16], SOCK_CLOEXEC) = 12",
        call("accept4", 12, 9, A, B, 0x80000)
            .memory(1, A, inet)
            .atEntry(2, B, ints(100))
            .memory(2, B, ints(16)));
    check(
        "connect(6, {sa_family=AF_UNIX, sun_path=@\"abs\\0\"}, 7) = 0",
        call("connect", 0, 6, A, 7).memory(1, A, bytes("\1\0\0abs\0")));
    check(
        "connect(6, {sa_family=AF_UNIX, sun_path=\"/tmp/nope\"}, 110) = 0",
        call("connect", 0, 6, A, 110).memory(1, A, bytes("\1\0/tmp/nope" + "\0".repeat(99))));
    check(
        "bind(5, {sa_family=AF_NETLINK, nl_pid=5, nl_groups=0x000003}, 12) = 0",
        call("bind", 0, 5, A, 12).memory(1, A, bytes("\20\0\0\0\5\0\0\0\3\0\0\0")));
    check(
        "connect(4, {sa_family=AF_INET6, sin6_port=htons(53), sin6_flowinfo=htonl(0),"
            + " inet_pton(AF_INET6, \"::ffff:1.2.3.4\", &sin6_addr), sin6_scope_id=2}, 28) = 0",
        call("connect", 0, 4, A, 28)
            .memory(
                1, A, bytes("\12\0\0\65\0\0\0\0" + "\0".repeat(10) + "\377\377\1\2\3\4\2\0\0\0")));
    check(
        "connect(4, {sa_family=AF_INET6, sin6_port=htons(53), sin6_flowinfo=htonl(0),"
            + " inet_pton(AF_INET6, \"2001:db8::1:0:0:1\", &sin6_addr)}, 24) = 0",
        call("connect", 0, 4, A, 24)
            .memory(1, A, bytes("\12\0\0\65\0\0\0\0\40\1\15\270\0\0\0\0\0\1\0\0\0\0\0\1")));
  }

  @Test
  void writesSocketsAndTheirOptions() {
    check(
        "socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3",
        call("socket", 3, 2, 0x80001, 0));
    check("socket(AF_UNIX, SOCK_DGRAM, 0) = 6", call("socket", 6, 1, 2, 0));
    check(
        "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0",
        call("setsockopt", 0, 3, 1, 2, A, 4).memory(3, A, ints(1)));
    check(
        "getsockopt(3, SOL_SOCKET, SO_TYPE, [1], [10 => 4]) = 0",
        call("getsockopt", 0, 3, 1, 3, A, B)
            .memory(3, A, ints(1))
            .atEntry(4, B, ints(10))
            .memory(4, B, ints(4)));
  }

  @Test
  void writesStat() {
    byte[] stat = new byte[144];
    ByteBuffer fields = ByteBuffer.wrap(stat).order(ByteOrder.LITTLE_ENDIAN);
    fields.putInt(24, 0100644).putLong(48, 1221);
    check(
        "newfstatat(3, \"\", {st_mode=S_IFREG|0644, st_size=1221, ...}, AT_EMPTY_PATH) = 0",
        call("newfstatat", 0, 3, A, B, 0x1000).string(1, A, "").memory(2, B, stat));
    fields.putInt(24, 020666).putLong(40, 0x103);
    check(
        "fstat(3, {st_mode=S_IFCHR|0666, st_rdev=makedev(0x1, 0x3), ...}) = 0",
        call("fstat", 0, 3, B).memory(1, B, stat));
    check(
        "lstat(\"/nope\", 0x7ffc0b813000) = -1 ENOENT (No such file or directory)",
        call("lstat", -2, A, B).string(0, A, "/nope"));
  }

  @Test
  void writesUname() {
    byte[] names = new byte[390];
    System.arraycopy(bytes("Linux"), 0, names, 0, 5);
    System.arraycopy(bytes("vm"), 0, names, 65, 2);
    check(
        "uname({sysname=\"Linux\", nodename=\"vm\", ...}) = 0",
        call("uname", 0, A).memory(0, A, names));
  }

  @Test
  void writesPollAndSelect() {
    check(
        "poll([{fd=5, events=POLLIN}, {fd=6, events=POLLIN|POLLOUT}, {fd=-1}], 3, 0) = 1 ([{fd=6,"
            + " revents=POLLOUT}])",
        call("poll", 1, A, 3, 0)
            .atEntry(0, A, ints(5, 1, 6, 5, -1, 1))
            .memory(0, A, ints(5, 1, 6, 0x40005, -1, 1)));
    check(
        "poll([{fd=5, events=POLLIN}], 1, 0) = 0 (Timeout)",
        call("poll", 0, A, 1, 0).atEntry(0, A, ints(5, 1)).memory(0, A, ints(5, 1)));
    check(
        "pselect6(10, [5], [6], NULL, {tv_sec=1, tv_nsec=5000}, NULL) = 1 (out [6], left {tv_sec=1,"
            + " tv_nsec=3157})",
        call("pselect6", 1, 10, A, B, 0, C, 0)
            .atEntry(1, A, longs(1 << 5))
            .atEntry(2, B, longs(1 << 6))
            .atEntry(4, C, longs(1, 5000))
            .memory(1, A, longs(0))
            .memory(2, B, longs(1 << 6))
            .memory(4, C, longs(1, 3157)));
  }

  @Test
  void writesEpoll() {
    byte[] event = bytes("\4\0\0\0\7\0\0\0\0\0\0\0");
    check(
        "epoll_wait(9, [{events=EPOLLOUT, data={u32=7, u64=7}}], 4, 0) = 1",
        call("epoll_wait", 1, 9, A, 4, 0).memory(1, A, event));
    check("epoll_wait(9, [], 4, 0) = 0", call("epoll_wait", 0, 9, A, 4, 0));
    check(
        "epoll_ctl(9, EPOLL_CTL_ADD, 6, {events=EPOLLOUT, data={u32=7, u64=7}}) = 0",
        call("epoll_ctl", 0, 9, 1, 6, A).memory(3, A, event));
  }

  @Test
  void writesSignalSetsAndActions() {
    check(
        "rt_sigprocmask(SIG_BLOCK, [HUP INT RT_8], NULL, 8) = 0",
        call("rt_sigprocmask", 0, 0, A, 0, 8).memory(1, A, longs(3 | 1L << 39)));
    check(
        "rt_sigprocmask(SIG_SETMASK, ~[RTMIN RT_1], [], 8) = 0",
        call("rt_sigprocmask", 0, 2, A, B, 8)
            .memory(1, A, longs(~(3L << 31)))
            .memory(2, B, longs(0)));
    check(
        "rt_sigaction(SIGUSR1, {sa_handler=0x55fdd90a58a9, sa_mask=[],"
            + " sa_flags=SA_RESTORER|SA_RESTART, sa_restorer=0x7f2abdb4e050}, {sa_handler=SIG_DFL,"
            + " sa_mask=[], sa_flags=0}, 8) = 0",
        call("rt_sigaction", 0, 10, A, B, 8)
            .memory(1, A, longs(0x55fdd90a58a9L, 0x14000000, 0x7f2abdb4e050L, 0))
            .memory(2, B, longs(0, 0, 0, 0)));
    check(
        "rt_sigreturn({mask=[]}) = 0",
        call("rt_sigreturn", 0).memory(RecordLayout.BASE_STACK, A, longs(0)));
    check("kill(8648, SIGUSR1) = 0", call("kill", 0, 8648, 10));
  }

  @Test
  void writesWaiting() {
    check(
        "wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 7}], 0, NULL) = 8649",
        call("wait4", 8649, 0xffffffffL, A, 0, 0).memory(1, A, ints(7 << 8)));
    check(
        "wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGTERM}], 0, NULL) = 8649",
        call("wait4", 8649, 0xffffffffL, A, 0, 0).memory(1, A, ints(15)));
    check(
        "wait4(-1, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}], WSTOPPED, NULL) = 1",
        call("wait4", 1, 0xffffffffL, A, 2, 0).memory(1, A, ints(0x137f)));
    check(
        "wait4(-1, 0x7ffc0b812508, 0, NULL) = -1 ECHILD (No child processes)",
        call("wait4", -10, 0xffffffffL, A, 0, 0));
  }

  @Test
  void writesCloning() {
    check(
        "clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD,"
            + " child_tidptr=0x7f2abdb0fa10) = 8649",
        call("clone", 8649, 0x1200011, 0, 0, 0x7f2abdb0fa10L, 0));
    check(
        "clone(child_stack=NULL, flags=CLONE_PARENT_SETTID|SIGCHLD, parent_tid=[11306]) = 11306",
        call("clone", 11306, 0x100011, 0, A, 0, 0).memory(2, A, ints(11306)));
    check(
        "clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD, stack=NULL, stack_size=0}, 64) ="
            + " 11303",
        call("clone3", 11303, A, 64).memory(0, A, longs(0x4100, 0, 0, 0, 17, 0, 0, 0)));
  }

  @Test
  void writesTheThreadThatClone3Reports() {
    byte[] arguments = longs(0x100100, 0, 0, B, 0, 0x7000, 0x800, 0, 0, 0, 0);
    check(
        "clone3({flags=CLONE_VM|CLONE_PARENT_SETTID, parent_tid=0x7ffc0b813000, exit_signal=0,"
            + " stack=0x7000, stack_size=0x800} => {parent_tid=[88]}, 88) = 88",
        call("clone3", 88, A, 88)
            .atEntry(0, A, arguments)
            .memory(0, A, arguments)
            .memory(0, B, ints(88)));
  }

  @Test
  void joinsTheTwoRecordsOfExecve() {
    RecordReader enter =
        call("execve", 0, A, B, C)
            .kind(RecordLayout.CALL_ENTER)
            .string(0, A, "/usr/bin/ls")
            .pointers(1, B, 0x1000, 0x2000)
            .string(1, 0x1000, "ls")
            .string(1, 0x2000, "-l")
            .pointers(2, C, 1, 2, 3)
            .read();
    RecordReader exit = call("execve", 0).flags(RecordLayout.HAS_ENTER).read();
    TextBuffer out = new TextBuffer();
    new LineWriter(TABLE, TextOptions.DEFAULT).call(enter, exit, out);
    assertEquals(
        "execve(\"/usr/bin/ls\", [\"ls\", \"-l\"], 0x7ffc0b814000 /* 3 vars */) = 0",
        out.toString());
  }

  @Test
  void writesVectorsAndMessages() {
    check(
        "writev(14, [{iov_base=\"hel\", iov_len=3}, {iov_base=\"xo\", iov_len=2}], 2) = 5",
        call("writev", 5, 14, A, 2)
            .memory(1, A, longs(B, 3, C, 2))
            .memory(1, B, bytes("hel"))
            .memory(1, C, bytes("xo")));
    check(
        "readv(14, [{iov_base=\"hel\", iov_len=3}, {iov_base=\"xo\", iov_len=50}], 2) = 5",
        call("readv", 5, 14, A, 2)
            .memory(1, A, longs(B, 3, C, 50))
            .memory(1, B, bytes("hel"))
            .memory(1, C, bytes("xo")));
    check(
        "sendmsg(14, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"abc\", iov_len=3}],"
            + " msg_iovlen=1, msg_controllen=0, msg_flags=0}, MSG_NOSIGNAL) = 3",
        call("sendmsg", 3, 14, A, 0x4000)
            .memory(1, A, longs(0, 0, B, 1, 0, 0, 0))
            .memory(1, B, longs(C, 3))
            .memory(1, C, bytes("abc")));
    check(
        "recvmsg(13, {msg_namelen=36}, MSG_DONTWAIT) = -1 EAGAIN (Resource temporarily unavailable)",
        call("recvmsg", -11, 13, A, 0x40).atEntry(1, A, longs(0, 36, 0, 0, 0, 0, 0)));
  }

  @Test
  void writesTimesLimitsAndFutexes() {
    check(
        "clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=0, tv_nsec=5}, 0x7ffc0b813000) = 0",
        call("clock_nanosleep", 0, 0, 0, A, B).memory(2, A, longs(0, 5)));
    check(
        "prlimit64(0, RLIMIT_STACK, NULL, {rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}) = 0",
        call("prlimit64", 0, 0, 3, 0, A).memory(3, A, longs(8192 * 1024, -1)));
    check(
        "futex(0x7ffc0b812508, FUTEX_WAKE_PRIVATE, 1) = 0", call("futex", 0, A, 0x81, 1, 7, 8, 9));
    check(
        "futex(0x7ffc0b812508, FUTEX_WAIT, 5, {tv_sec=0, tv_nsec=10}) = -1 ETIMEDOUT (Connection timed"
            + " out)",
        call("futex", -110, A, 0, 5, B).memory(3, B, longs(0, 10)));
    check(
        "futex(0x7ffc0b812508, FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME, 5, NULL,"
            + " FUTEX_BITSET_MATCH_ANY) = 0",
        call("futex", 0, A, 0x189, 5, 0, 0, -1));
    check(
        "utimensat(AT_FDCWD, \"/nope\", [UTIME_NOW, UTIME_OMIT], 0) = 0",
        call("utimensat", 0, FDCWD, A, B, 0)
            .string(1, A, "/nope")
            .memory(2, B, longs(1, (1 << 30) - 1, 2, (1 << 30) - 2)));
  }

  @Test
  void writesDirectoriesPipesAndCommands() {
    byte[] entries = new byte[48];
    entries[16] = 24;
    entries[24 + 16] = 24;
    check(
        "getdents64(21, 0x7ffc0b812508 /* 2 entries */, 100) = 48",
        call("getdents64", 48, 21, A, 100).memory(1, A, entries));
    check("pipe2([3, 4], O_CLOEXEC) = 0", call("pipe2", 0, A, 02000000).memory(0, A, ints(3, 4)));
    check(
        "ioctl(14, _IOC(_IOC_NONE, 0x56, 0x78, 0x1234), 0x7ffc0b812508) = -1 ENOTTY (Inappropriate ioctl"
            + " for device)",
        call("ioctl", -25, 14, 0x12345678, A));
    check("ioctl(5, FIONREAD, [7]) = 0", call("ioctl", 0, 5, 0x541b, A).memory(2, A, ints(7)));
    check(
        "sendfile(6, 14, [3] => [5], 3) = 2",
        call("sendfile", 2, 6, 14, A, 3).atEntry(2, A, longs(3)).memory(2, A, longs(5)));
    check(
        "arch_prctl(ARCH_GET_FS, [0x7f6d4e549740]) = 0",
        call("arch_prctl", 0, 0x1003, A).memory(1, A, longs(0x7f6d4e549740L)));
    check(
        "mknodat(AT_FDCWD, \"n\", S_IFCHR|0666, makedev(0x1, 0x3)) = 0",
        call("mknodat", 0, FDCWD, A, 020666, 0x103).string(1, A, "n"));
    check(
        "getcwd(\"/tmp/dec\", 100) = 9",
        call("getcwd", 9, A, 100).memory(0, A, bytes("/tmp/dec\0")));
    check("chown(\"/nope\", -1, 5) = 0", call("chown", 0, A, 0xffffffffL, 5).string(0, A, "/nope"));
  }

  @Test
  void splitsACallThatIsInterrupted() {
    LineWriter writer = new LineWriter(TABLE, TextOptions.DEFAULT);
    RecordReader wait = call("wait4", 8649, 0xffffffffL, A, 0, 0).memory(1, A, ints(0)).read();
    TextBuffer out = new TextBuffer();
    writer.unfinished(wait, wait, out);
    assertEquals("wait4(-1,  <unfinished ...>", out.toString());
    out.clear();
    writer.resumed(wait, wait, out);
    assertEquals(
        "<... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 8649",
        out.toString());
    RecordReader close = call("close", 0, 3).read();
    out.clear();
    writer.unfinished(close, close, out);
    assertEquals("close(3 <unfinished ...>", out.toString());
    out.clear();
    writer.resumed(close, close, out);
    assertEquals("<... close resumed>)                    = 0", out.toString());
  }

  @Test
  void writesSignals() {
    ByteBuffer info = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    info.putInt(0, 17).putInt(8, 1).putInt(16, 8649).putInt(24, 7).putLong(40, 6);
    check(
        "--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=8649, si_uid=0, si_status=7,"
            + " si_utime=0, si_stime=6 /* 0.06 s */} ---",
        RecordBuilder.signal(17, info));
    info.putInt(0, 10).putInt(8, -6);
    check(
        "--- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_TKILL, si_pid=8649, si_uid=0} ---",
        RecordBuilder.signal(10, info));
    info.putInt(8, -1).putLong(24, 5);
    check(
        "--- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_QUEUE, si_pid=8649, si_uid=0, si_int=5,"
            + " si_ptr=0x5} ---",
        RecordBuilder.signal(10, info));
    info.putInt(0, 11).putInt(8, 1).putLong(16, 16);
    check(
        "--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---",
        RecordBuilder.signal(11, info));
    info.putInt(0, 14).putInt(8, 0x80).putLong(16, 0).putLong(24, 0);
    check("--- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---", RecordBuilder.signal(14, info));
  }

  @Test
  void writesTheEnd() {
    check("+++ exited with 44 +++", RecordBuilder.exit(44 << 8));
    check("+++ killed by SIGTERM +++", RecordBuilder.exit(15));
    check("+++ killed by SIGSEGV (core dumped) +++", RecordBuilder.exit(11 | 0x80));
  }
}
