package dev.rastro.syscalls.text;

import static dev.rastro.syscalls.record.RecordBuilder.bytes;
import static dev.rastro.syscalls.record.RecordBuilder.ints;
import static dev.rastro.syscalls.record.RecordBuilder.longs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.rastro.syscalls.record.RecordBuilder;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Expected lines were printed by strace 6.1 for programs that made these calls. */
final class CommandsTest {
  private static final SyscallTable TABLE = SyscallTable.load(Architecture.X86_64);
  private static final long A = 0x7ffc0b812508L;
  private static final long B = 0x7ffc0b813000L;
  private static final long BAD_FD = 99;
  private static final String EBADF = " = -1 EBADF (Bad file descriptor)";

  private static RecordBuilder call(String name, long result, long... arguments) {
    return RecordBuilder.call(TABLE.find(name).orElseThrow().number(), result, arguments);
  }

  private static void check(String expected, RecordBuilder record) {
    TextBuffer out = new TextBuffer();
    new LineWriter(TABLE, TextOptions.DEFAULT).line(record.read(), out);
    assertEquals(expected, out.toString().replaceAll("\\) +=", ") ="));
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void everyRowOfCommandsCanBeParsed(Architecture architecture) {
    SyscallTable table = SyscallTable.load(architecture);
    for (String name :
        new String[] {
          "fcntl",
          "ioctl",
          "prctl",
          "seccomp",
          "shmctl",
          "msgctl",
          "semctl",
          "keyctl",
          "fsconfig",
          "landlock_add_rule",
          "io_uring_register",
          "membarrier",
          "reboot",
          "ptrace"
        }) {
      Syscall call = table.find(name).orElseThrow();
      assertFalse(table.variants(call).isEmpty(), name);
      assertFalse(table.variants(call).all().isEmpty(), name);
    }
  }

  @Test
  void writesLocksOwnersAndSeals() {
    byte[] lock = bytes("\0\0\0\0\0\0\0\0" + "\0".repeat(16) + "\1\0\0\0\0\0\0\0");
    check(
        "fcntl(3, F_SETLK, {l_type=F_RDLCK, l_whence=SEEK_SET, l_start=0, l_len=0}) = 0",
        call("fcntl", 0, 3, 6, A).memory(2, A, lock));
    check(
        "fcntl(3, F_GETLK, {l_type=F_RDLCK, l_whence=SEEK_SET, l_start=0, l_len=0, l_pid=1}) = 0",
        call("fcntl", 0, 3, 5, A).memory(2, A, lock));
    check("fcntl(99, F_GETLK, 0x7ffc0b812508)" + EBADF, call("fcntl", -9, BAD_FD, 5, A));
    check("fcntl(3, F_SETLK, NULL) = -1 EFAULT (Bad address)", call("fcntl", -14, 3, 6, 0));
    check(
        "fcntl(3, F_GETOWN_EX, {type=F_OWNER_PID, pid=1}) = 0",
        call("fcntl", 0, 3, 16, A).memory(2, A, ints(1, 1)));
    check("fcntl(7, F_GET_SEALS) = 0", call("fcntl", 0, 7, 1034));
    check(
        "fcntl(7, F_GET_SEALS) = 0x6 (seals F_SEAL_SHRINK|F_SEAL_GROW)", call("fcntl", 6, 7, 1034));
    check("fcntl(3, F_GETFD) = 0x1 (flags FD_CLOEXEC)", call("fcntl", 1, 3, 1));
    check("fcntl(3, F_GETSIG) = 10 (SIGUSR1)", call("fcntl", 10, 3, 11));
    check("fcntl(3, F_GETLEASE) = 0x2 (F_UNLCK)", call("fcntl", 2, 3, 1025));
    check("fcntl(5, F_SETPIPE_SZ, 4096) = 4096", call("fcntl", 4096, 5, 1031, 4096));
    check(
        "fcntl(3, 0x115c /* F_??? */, 0x7) = -1 EINVAL (Invalid argument)",
        call("fcntl", -22, 3, 0x115c, 7));
  }

  /** Their headers have enumerators, macros of their own between, and majors from elsewhere. */
  @Test
  void namesIoctlsHoweverTheirHeadersMakeThem() {
    check("ioctl(99, BINDER_WRITE_READ, 0x10)" + EBADF, call("ioctl", -9, BAD_FD, 0xc0306201L, 16));
    check("ioctl(99, BR_TRANSACTION, 0x10)" + EBADF, call("ioctl", -9, BAD_FD, 0x80407202L, 16));
    check(
        "ioctl(99, SECCOMP_IOCTL_NOTIF_RECV, 0x10)" + EBADF,
        call("ioctl", -9, BAD_FD, 0xc0502100L, 16));
    check("ioctl(99, RAID_VERSION, 0x10)" + EBADF, call("ioctl", -9, BAD_FD, 0x800c0910L, 16));
    check(
        "ioctl(99, FS_IOC_FIEMAP, {fm_start=0, fm_length=4096, fm_flags=FIEMAP_FLAG_SYNC,"
            + " fm_extent_count=0})"
            + EBADF,
        call("ioctl", -9, BAD_FD, 0xc020660bL, A)
            .memory(2, A, bytes("\0\0\0\0\0\0\0\0\0\20\0\0\0\0\0\0\1" + "\0".repeat(15))));
  }

  @Test
  void writesWhatTerminalsAreAsked() {
    check(
        "ioctl(4, TIOCGWINSZ, {ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0}) = 0",
        call("ioctl", 0, 4, 0x5413, A).memory(2, A, bytes("\30\0\120\0\0\0\0\0")));
    check(
        "ioctl(4, TIOCSPGRP, [7])" + EBADF, call("ioctl", -9, 4, 0x5410, A).memory(2, A, ints(7)));
    check("ioctl(4, TIOCEXCL) = 0", call("ioctl", 0, 4, 0x540c, 5));
    check("ioctl(4, TCFLSH, TCIOFLUSH) = 0", call("ioctl", 0, 4, 0x540b, 2));
    check(
        "ioctl(99, _IOC(_IOC_NONE, 0x56, 0x78, 0x1234), 0x5)" + EBADF,
        call("ioctl", -9, BAD_FD, 0x12345678L, 5));
    check(
        "ioctl(99, EVIOCGBIT(EV_KEY, 96), 0x7ffc0b812508)" + EBADF,
        call("ioctl", -9, BAD_FD, 0x80604521L, A));
    check(
        "ioctl(12, BTRFS_IOC_CLONE or FICLONE, 13) = -1 EOPNOTSUPP (Operation not supported)",
        call("ioctl", -95, 12, 0x40049409L, 13));
    check(
        "ioctl(14, NS_GET_NSTYPE) = 268435456 (CLONE_NEWUSER)",
        call("ioctl", 268435456, 14, 0xb703));
  }

  @Test
  void writesInterfacesByWhatIsAsked() {
    byte[] name = bytes("lo" + "\0".repeat(14) + "\111\0" + "\0".repeat(22));
    check(
        "ioctl(5, SIOCGIFFLAGS, {ifr_name=\"lo\", ifr_flags=IFF_UP|IFF_LOOPBACK|IFF_RUNNING}) = 0",
        call("ioctl", 0, 5, 0x8913, A).memory(2, A, name));
    check(
        "ioctl(5, SIOCGIFINDEX, {ifr_name=\"lo\"}) = -1 ENODEV (No such device)",
        call("ioctl", -19, 5, 0x8933, A).memory(2, A, name));
    check(
        "ioctl(5, SIOCSIFFLAGS, {ifr_name=\"lo\", ifr_flags=IFF_UP|IFF_LOOPBACK|IFF_RUNNING}) = -1"
            + " ENODEV (No such device)",
        call("ioctl", -19, 5, 0x8914, A).memory(2, A, name));
    check(
        "ioctl(5, SIOCGIFNAME, {ifr_ifindex=73, ifr_name=\"lo\"}) = 0",
        call("ioctl", 0, 5, 0x8910, A).memory(2, A, name));
  }

  @Test
  void writesListsOfInterfacesByTheBytesOfTheirCount() {
    byte[] loopback = new byte[40];
    System.arraycopy(bytes("lo"), 0, loopback, 0, 2);
    System.arraycopy(bytes("\2\0\0\0\177\0\0\1"), 0, loopback, 16, 8);
    check(
        "ioctl(3, SIOCGIFCONF, {ifc_len=320 /* 8 * sizeof(struct ifreq) */ => 40 /* 1 *"
            + " sizeof(struct ifreq) */, ifc_buf=[{ifr_name=\"lo\", ifr_addr={sa_family=AF_INET,"
            + " sin_port=htons(0), sin_addr=inet_addr(\"127.0.0.1\")}}]}) = 0",
        call("ioctl", 0, 3, 0x8912, A)
            .atEntry(2, A, longs(320, B))
            .memory(2, A, longs(40, B))
            .memory(2, B, loopback));
    check(
        "ioctl(3, SIOCGIFCONF, {ifc_len=320 /* 8 * sizeof(struct ifreq) */, ifc_buf=0x10}) = -1"
            + " EFAULT (Bad address)",
        call("ioctl", -14, 3, 0x8912, A)
            .atEntry(2, A, longs(320, 16))
            .memory(2, A, longs(320, 16)));
    check(
        "ioctl(3, SIOCGIFCONF, {ifc_len=80 /* 2 * sizeof(struct ifreq) */, ifc_buf=NULL}) = 0",
        call("ioctl", 0, 3, 0x8912, A).atEntry(2, A, longs(0, 0)).memory(2, A, longs(80, 0)));
  }

  @Test
  void writesControlBlocksByTheirOperation() {
    long block = B + 0x100;
    long[] write = {1, 0, 1L | 3L << 32, block + 64, 40, 0, 0, 0};
    long[] read = {2, 0, 0L | 3L << 32, 0x7ffe7d597750L, 4, 0, 0, 1L | 9L << 32};
    check(
        "io_submit(0x7ffc0b814000, 2, [{aio_data=0x1, aio_lio_opcode=IOCB_CMD_PWRITE, aio_fildes=3,"
            + " aio_buf=\"hello world, a string that is lo\"..., aio_nbytes=40, aio_offset=0},"
            + " {aio_data=0x2, aio_lio_opcode=IOCB_CMD_PREAD, aio_fildes=3,"
            + " aio_buf=0x7ffe7d597750, aio_nbytes=4, aio_offset=0, aio_flags=IOCB_FLAG_RESFD,"
            + " aio_resfd=9}]) = -1 EBADF (Bad file descriptor)",
        call("io_submit", -9, 0x7ffc0b814000L, 2, A)
            .memory(2, A, longs(block, B))
            .memory(2, block, longs(write))
            .memory(2, block + 64, bytes("hello world, a string that is lon"))
            .memory(2, B, longs(read)));
    check(
        "io_submit(0x7ffc0b814000, 1, [0x10]) = -1 EFAULT (Bad address)",
        call("io_submit", -14, 0x7ffc0b814000L, 1, A).memory(2, A, longs(16)));
  }

  @Test
  void writesWhatPrctlAnswers() {
    check("prctl(PR_GET_DUMPABLE) = 1 (SUID_DUMP_USER)", call("prctl", 1, 3));
    check(
        "prctl(PR_SET_NAME, \"a-name-that-is-\"...) = 0",
        call("prctl", 0, 15, A).memory(1, A, bytes("a-name-that-is-t")));
    check("prctl(PR_GET_PDEATHSIG, [SIGKILL]) = 0", call("prctl", 0, 2, A).memory(1, A, ints(9)));
    check(
        "prctl(PR_CAPBSET_DROP, 0x63 /* CAP_??? */) = -1 EINVAL (Invalid argument)",
        call("prctl", -22, 24, 99));
    check("prctl(PR_GET_SECUREBITS) = 0x10 (SECBIT_KEEP_CAPS)", call("prctl", 16, 27));
    check(
        "prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0x7ffc0b813000, 8192, \"my name\") = 0",
        call("prctl", 0, 0x53564d41, 0, B, 8192, A).string(4, A, "my name"));
    check(
        "prctl(0x270f /* PR_??? */, 0x1, 0x2, 0x3, 0x4) = -1 EINVAL (Invalid argument)",
        call("prctl", -22, 9999, 1, 2, 3, 4));
    check(
        "arch_prctl(ARCH_GET_GS, [NULL]) = 0",
        call("arch_prctl", 0, 0x1004, A).memory(1, A, longs(0)));
    check(
        "seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, {len=9, filter=0x7ffc0b813000}) ="
            + " 0",
        call("seccomp", 0, 1, 2, A).memory(2, A, longs(9, B)));
    check(
        "seccomp(SECCOMP_GET_ACTION_AVAIL, 0, [SECCOMP_RET_ERRNO]) = 0",
        call("seccomp", 0, 2, 0, A).memory(2, A, ints(0x50000)));
  }

  @Test
  void writesMessagesKeysAndMounts() {
    check(
        "msgsnd(0, {mtype=7, mtext=\"hello\"}, 5, 0) = 0",
        call("msgsnd", 0, 0, A, 5, 0).memory(1, A, bytes("\7\0\0\0\0\0\0\0hello, and more")));
    check("shmget(0x1234, 0, 000) = 3", call("shmget", 3, 0x1234, 0, 0));
    check("shmget(IPC_PRIVATE, 4096, IPC_CREAT|0600) = 0", call("shmget", 0, 0, 4096, 0x380));
    check(
        "keyctl(KEYCTL_UPDATE, 5, \"abc\", 3) = 0",
        call("keyctl", 0, 2, 5, A, 3).string(2, A, "abc").memory(2, A, bytes("abc")));
    check(
        "keyctl(KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, \"user\", \"desc\", 0) = -1 ENOKEY (Required"
            + " key not available)",
        call("keyctl", -126, 10, -3, A, B, 0).string(2, A, "user").string(3, B, "desc"));
    check(
        "mount(NULL, \"/nope\", 0x7ffc0b813000, MS_REMOUNT|MS_BIND, \"x\") = 0",
        call("mount", 0, 0, A, B, 0x1020, A + 8)
            .string(1, A, "/nope")
            .string(2, B, "none")
            .string(4, A + 8, "x"));
    check(
        "fsconfig(3, FSCONFIG_SET_STRING, \"size\", \"1m\", 0) = 0",
        call("fsconfig", 0, 3, 1, A, B, 0).string(2, A, "size").string(3, B, "1m"));
    check(
        "swapon(\"/nope\", SWAP_FLAG_PREFER|5) = 0",
        call("swapon", 0, A, 0x8005).string(0, A, "/nope"));
    check(
        "membarrier(MEMBARRIER_CMD_QUERY, 0) = 0x1 (MEMBARRIER_CMD_GLOBAL)",
        call("membarrier", 1, 0, 0, 77));
  }

  @Test
  void writesAttributesOfBpfByTheCommand() {
    check(
        "bpf(BPF_MAP_CREATE, {map_type=BPF_MAP_TYPE_HASH, key_size=4, value_size=8, max_entries=16,"
            + " map_flags=0}, 20) = 4",
        call("bpf", 4, 0, A, 20).atEntry(1, A, ints(1, 4, 8, 16, 0)));
    check(
        "bpf(BPF_OBJ_GET, {pathname=\"/sys/fs/bpf/nope\", bpf_fd=0, file_flags=0}, 16) = -1 ENOENT (No"
            + " such file or directory)",
        call("bpf", -2, 7, A, 16).atEntry(1, A, longs(B, 0)).string(1, B, "/sys/fs/bpf/nope"));
    check(
        "bpf(BPF_MAP_GET_NEXT_ID, {start_id=0, next_id=5 => 7, open_flags=0}, 12) = 0",
        call("bpf", 0, 12, A, 12).atEntry(1, A, ints(0, 5, 0)).memory(1, A, ints(0, 7, 0)));
  }

  @Test
  void doesNotFollowWhatWasNotCaptured() {
    check("ioctl(4, TCGETS, 0x7ffc0b812508) = 0", call("ioctl", 0, 4, 0x5401, A));
    check(
        "ioctl(99, SIOCSIFMTU, 0x7ffc0b812508)" + EBADF,
        call("ioctl", -9, BAD_FD, 0x8922, A)
            .segment(2, A, RecordLayout.BYTES, RecordLayout.FAULT, 40, bytes("lo")));
    check(
        "bpf(BPF_MAP_CREATE, 0x7ffc0b812508, 20) = -1 EFAULT (Bad address)",
        call("bpf", -14, 0, A, 20));
  }
}
