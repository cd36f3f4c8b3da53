package dev.rastro.syscalls.text;

import static dev.rastro.syscalls.record.RecordBuilder.longs;
import static dev.rastro.syscalls.text.GoldenLine.A;
import static dev.rastro.syscalls.text.GoldenLine.B;
import static dev.rastro.syscalls.text.GoldenLine.call;
import static dev.rastro.syscalls.text.GoldenLine.check;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Expected lines were printed by strace 6.1 for siginfo_t with these bytes. */
final class SignalLineTest {
  private static final int USR1 = 10;
  private static final int SEGV = 11;
  private static final int CHLD = 17;
  private static final int IO = 29;
  private static final int SYS = 31;

  /** The words at 16, 24, 32 and 40. */
  private static void queued(String expected, int signal, int code, int error, long... words) {
    ByteBuffer details = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
    details.putInt(0, signal).putInt(4, error).putInt(8, code);
    for (int i = 0; i < words.length; i++) {
      details.putLong(16 + Long.BYTES * i, words[i]);
    }
    check(
        "rt_sigqueueinfo(7, SIGUSR1, " + expected + ") = 0",
        call("rt_sigqueueinfo", 0, 7, USR1, A).memory(2, A, details.array()));
  }

  private static long pair(int low, int high) {
    return ((long) high << Integer.SIZE) | (low & 0xffffffffL);
  }

  @Test
  void tellsWhoSentASignal() {
    queued(
        "{si_signo=SIGUSR1, si_code=SI_USER, si_errno=4294967293, si_pid=5, si_uid=7}",
        USR1,
        0,
        -3,
        pair(5, 7),
        0x1234);
    queued(
        "{si_signo=SIGUSR1, si_code=SI_QUEUE, si_errno=EIO, si_pid=5, si_uid=7, si_int=4660,"
            + " si_ptr=0x7000001234}",
        USR1,
        -1,
        5,
        pair(5, 7),
        0x7000001234L);
    queued(
        "{si_signo=SIGUSR1, si_code=SI_TIMER, si_errno=999, si_timerid=0x5, si_overrun=7, si_int=0,"
            + " si_ptr=NULL}",
        USR1,
        -2,
        999,
        pair(5, 7));
    queued(
        "{si_signo=SIGUSR1, si_code=SI_SIGIO, si_band=30064771077, si_fd=9}",
        USR1,
        -5,
        0,
        pair(5, 7),
        9);
    queued("{si_signo=SIGUSR1, si_code=0xffffff9d, si_pid=5, si_uid=7}", USR1, -99, 0, pair(5, 7));
    queued("{si_signo=SIGUSR1, si_code=SI_KERNEL}", USR1, 0x80, 0);
  }

  @Test
  void tellsWhatTheKernelRaised() {
    queued(
        "{si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=5, si_uid=7, si_status=4660, si_utime=150 /*"
            + " 1.50 s */, si_stime=7 /* 0.07 s */}",
        CHLD,
        2,
        0,
        pair(5, 7),
        4660,
        150,
        7);
    queued(
        "{si_signo=SIGSEGV, si_code=SEGV_BNDERR, si_addr=0x1234, si_lower=0x96, si_upper=0x7}",
        SEGV,
        3,
        0,
        0x1234,
        0,
        0x96,
        7);
    queued(
        "{si_signo=SIGSEGV, si_code=SEGV_PKUERR, si_addr=0x1234, si_pkey=77}",
        SEGV,
        4,
        0,
        0x1234,
        0,
        77);
    queued("{si_signo=SIGIO, si_code=POLL_IN, si_band=1, si_fd=4}", IO, 1, 0, 1, 4);
    queued("{si_signo=SIGIO, si_code=0x63}", IO, 99, 0, 1, 4);
    queued(
        "{si_signo=SIGSYS, si_code=SYS_SECCOMP, si_call_addr=0x1234, si_syscall=__NR_getppid,"
            + " si_arch=AUDIT_ARCH_X86_64}",
        SYS,
        1,
        0,
        0x1234,
        pair(110, 0xc000003e));
    queued(
        "{si_signo=SIGSYS, si_code=0x3, si_call_addr=0x1234, si_syscall=9999, si_arch=0x70 /*"
            + " AUDIT_ARCH_??? */}",
        SYS,
        3,
        0,
        0x1234,
        pair(9999, 0x70));
  }

  @Test
  void tellsWhatIsToHappenWhenATimerExpires() {
    check(
        "timer_create(CLOCK_MONOTONIC, {sigev_value={sival_int=5, sival_ptr=0x5},"
            + " sigev_signo=SIGUSR1, sigev_notify=SIGEV_SIGNAL}, [0]) = 0",
        call("timer_create", 0, 1, A, B)
            .memory(1, A, longs(5, USR1, 0, 0, 0, 0, 0, 0))
            .memory(2, B, longs(0)));
    check(
        "timer_create(CLOCK_REALTIME, {sigev_value={sival_int=5, sival_ptr=0x5}, sigev_signo=10,"
            + " sigev_notify=SIGEV_NONE}, [0]) = 0",
        call("timer_create", 0, 0, A, B)
            .memory(1, A, longs(5, pair(USR1, 1), 0, 0, 0, 0, 0, 0))
            .memory(2, B, longs(0)));
    check(
        "mq_notify(6, {sigev_value={sival_int=5, sival_ptr=0x5}, sigev_signo=SIGUSR1,"
            + " sigev_notify=SIGEV_THREAD, sigev_notify_function=0x4e41,"
            + " sigev_notify_attributes=NULL}) = -1 EFAULT (Bad address)",
        call("mq_notify", -14, 6, A).memory(1, A, longs(5, pair(USR1, 2), 0x4e41, 0, 0, 0, 0, 0)));
  }
}
