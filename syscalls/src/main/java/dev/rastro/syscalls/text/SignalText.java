package dev.rastro.syscalls.text;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Errnos;
import dev.rastro.syscalls.table.Signals;
import java.nio.ByteBuffer;

/**
 * siginfo_t in words. Which fields there are depends on si_code, and for codes above zero on the
 * signal. Layout: asm-generic/siginfo.h, 64-bit.
 */
final class SignalText {
  private static final int ERRNO_AT = 4;
  private static final int CODE_AT = 8;
  private static final int PID_AT = 16;
  private static final int UID_AT = 20;
  private static final int STATUS_AT = 24;
  private static final int VALUE_AT = 24;
  private static final int USER_TIME_AT = 32;
  private static final int SYSTEM_TIME_AT = 40;
  private static final int ADDRESS_AT = 16;
  private static final int LOWER_AT = 32;
  private static final int UPPER_AT = 40;
  private static final int PROTECTION_KEY_AT = 32;
  private static final int BAND_AT = 16;
  private static final int DESCRIPTOR_AT = 24;
  private static final int SYSCALL_AT = 24;
  private static final int ARCHITECTURE_AT = 28;

  private static final int SI_USER = 0;
  private static final int SI_TIMER = -2;
  private static final int SI_TKILL = -6;
  private static final int SI_KERNEL = 0x80;

  private static final String[] SENT_CODES = {
    "SI_USER",
    "SI_QUEUE",
    "SI_TIMER",
    "SI_MESGQ",
    "SI_ASYNCIO",
    "SI_SIGIO",
    "SI_TKILL",
    "SI_DETHREAD"
  };
  private static final int SI_ASYNCNL = -60;

  private static final String[] CHILD = {
    "CLD_EXITED", "CLD_KILLED", "CLD_DUMPED", "CLD_TRAPPED", "CLD_STOPPED", "CLD_CONTINUED"
  };
  private static final String[] SEGV = {
    "SEGV_MAPERR",
    "SEGV_ACCERR",
    "SEGV_BNDERR",
    "SEGV_PKUERR",
    "SEGV_ACCADI",
    "SEGV_ADIDERR",
    "SEGV_ADIPERR",
    "SEGV_MTEAERR",
    "SEGV_MTESERR",
    "SEGV_CPERR"
  };
  private static final String[] BUS = {
    "BUS_ADRALN", "BUS_ADRERR", "BUS_OBJERR", "BUS_MCEERR_AR", "BUS_MCEERR_AO"
  };
  private static final String[] ILL = {
    "ILL_ILLOPC",
    "ILL_ILLOPN",
    "ILL_ILLADR",
    "ILL_ILLTRP",
    "ILL_PRVOPC",
    "ILL_PRVREG",
    "ILL_COPROC",
    "ILL_BADSTK",
    "ILL_BADIADDR",
    "__ILL_BREAK",
    "__ILL_BNDMOD"
  };
  private static final String[] FPE = {
    "FPE_INTDIV", "FPE_INTOVF", "FPE_FLTDIV", "FPE_FLTOVF", "FPE_FLTUND", "FPE_FLTRES",
    "FPE_FLTINV", "FPE_FLTSUB", "__FPE_DECOVF", "__FPE_DECDIV", "__FPE_DECERR", "__FPE_INVASC",
    "__FPE_INVDEC", "FPE_FLTUNK", "FPE_CONDTRAP"
  };
  private static final String[] TRAP = {
    "TRAP_BRKPT", "TRAP_TRACE", "TRAP_BRANCH", "TRAP_HWBKPT", "TRAP_UNK", "TRAP_PERF"
  };
  private static final String[] POLL = {
    "POLL_IN", "POLL_OUT", "POLL_MSG", "POLL_ERR", "POLL_PRI", "POLL_HUP"
  };
  private static final String[] SYS = {"SYS_SECCOMP", "SYS_USER_DISPATCH"};
  private static final String[] NONE = {};

  private final TextStyle.Constants constants;

  SignalText(TextStyle.Constants constants) {
    this.constants = constants;
  }

  private void styled(String name, long value, boolean hex, TextBuffer out) {
    if (constants != TextStyle.Constants.NAMES) {
      if (hex) {
        out.appendHex(value);
      } else {
        out.appendDecimal(value);
      }
    }
    switch (constants) {
      case NAMES -> out.append(name);
      case NUMBERS -> {}
      case BOTH -> out.append(" /* ").append(name).append(" */");
    }
  }

  void name(RecordReader signal, TextBuffer out) {
    name(signal.number(), out);
  }

  static void name(int signal, TextBuffer out) {
    if (signal > 0 && signal < Signals.LIMIT) {
      out.append(Signals.name(signal));
    } else {
      out.appendDecimal(signal);
    }
  }

  void details(RecordReader signal, TextBuffer out) {
    ByteBuffer buffer = signal.buffer();
    int at = signal.signalInfo();
    int number = buffer.getInt(at);
    int error = buffer.getInt(at + ERRNO_AT);
    int code = buffer.getInt(at + CODE_AT);
    String name = number > 0 && number < Signals.LIMIT ? Signals.name(number) : "";
    out.append("{si_signo=");
    if (name.isEmpty()) {
      out.appendDecimal(number);
    } else {
      styled(name, number, false, out);
    }
    out.append(", si_code=");
    code(name, code, out);
    if (error != 0) {
      out.append(", si_errno=");
      if (Errnos.isKnown(error)) {
        out.append(Errnos.name(error));
      } else {
        out.appendDecimal(error);
      }
    }
    if (code <= 0) {
      sent(buffer, at, code, out);
    } else if (code != SI_KERNEL || isFault(name)) {
      raised(buffer, at, name, code, out);
    }
    out.append('}');
  }

  private void code(String signal, int code, TextBuffer out) {
    String name = "";
    if (code <= 0 && -code < SENT_CODES.length) {
      name = SENT_CODES[-code];
    } else if (code == SI_ASYNCNL) {
      name = "SI_ASYNCNL";
    } else if (code == SI_KERNEL) {
      name = "SI_KERNEL";
    } else if (code > 0) {
      String[] names = codeNames(signal);
      name = code <= names.length ? names[code - 1] : "";
    }
    if (name.isEmpty()) {
      out.appendHex(code & 0xffffffffL);
    } else {
      styled(name, code & 0xffffffffL, true, out);
    }
  }

  private static String[] codeNames(String signal) {
    return switch (signal) {
      case "SIGCHLD" -> CHILD;
      case "SIGSEGV" -> SEGV;
      case "SIGBUS" -> BUS;
      case "SIGILL" -> ILL;
      case "SIGFPE" -> FPE;
      case "SIGTRAP" -> TRAP;
      case "SIGIO" -> POLL;
      case "SIGSYS" -> SYS;
      default -> NONE;
    };
  }

  private static boolean isFault(String signal) {
    return switch (signal) {
      case "SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGTRAP" -> true;
      default -> false;
    };
  }

  /** By a process, a timer or a queue. */
  private static void sent(ByteBuffer buffer, int at, int code, TextBuffer out) {
    if (code == SI_TIMER) {
      out.append(", si_timerid=").appendHex(buffer.getInt(at + PID_AT) & 0xffffffffL);
      out.append(", si_overrun=").appendDecimal(buffer.getInt(at + UID_AT));
    } else {
      sender(buffer, at, out);
    }
    if (code == SI_USER || code == SI_TKILL) {
      return;
    }
    int value = buffer.getInt(at + VALUE_AT);
    long pointer = buffer.getLong(at + VALUE_AT);
    if (code == SI_TIMER || pointer != 0) {
      out.append(", si_int=").appendDecimal(value).append(", si_ptr=");
      address(pointer, out);
    }
  }

  private static void sender(ByteBuffer buffer, int at, TextBuffer out) {
    out.append(", si_pid=").appendDecimal(buffer.getInt(at + PID_AT));
    out.append(", si_uid=").appendUnsigned(buffer.getInt(at + UID_AT) & 0xffffffffL);
  }

  /** By the kernel on behalf of what the task or its child did. */
  private static void raised(ByteBuffer buffer, int at, String signal, int code, TextBuffer out) {
    switch (signal) {
      case "SIGCHLD" -> child(buffer, at, code, out);
      case "SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGTRAP" ->
          fault(buffer, at, signal, code, out);
      case "SIGIO" -> {
        out.append(", si_band=").appendDecimal(buffer.getLong(at + BAND_AT));
        out.append(", si_fd=").appendDecimal(buffer.getInt(at + DESCRIPTOR_AT));
      }
      case "SIGSYS" -> {
        out.append(", si_call_addr=");
        address(buffer.getLong(at + ADDRESS_AT), out);
        out.append(", si_syscall=").appendDecimal(buffer.getInt(at + SYSCALL_AT));
        out.append(", si_arch=").appendHex(buffer.getInt(at + ARCHITECTURE_AT) & 0xffffffffL);
      }
      default -> sender(buffer, at, out);
    }
  }

  private static void child(ByteBuffer buffer, int at, int code, TextBuffer out) {
    sender(buffer, at, out);
    int status = buffer.getInt(at + STATUS_AT);
    out.append(", si_status=");
    if (code == 1) {
      out.appendDecimal(status);
    } else {
      name(status, out);
    }
    out.append(", si_utime=");
    ticks(buffer.getLong(at + USER_TIME_AT), out);
    out.append(", si_stime=");
    ticks(buffer.getLong(at + SYSTEM_TIME_AT), out);
  }

  /** Clock ticks of 1/100 s, with the seconds where there are any ticks. */
  private static void ticks(long ticks, TextBuffer out) {
    out.appendDecimal(ticks);
    if (ticks > 0) {
      out.append(" /* ").appendDecimal(ticks / 100);
      long hundredths = ticks % 100;
      if (hundredths != 0) {
        out.append('.').append((char) ('0' + hundredths / 10));
        if (hundredths % 10 != 0) {
          out.append((char) ('0' + hundredths % 10));
        }
      }
      out.append(" s */");
    }
  }

  private static void fault(ByteBuffer buffer, int at, String signal, int code, TextBuffer out) {
    out.append(", si_addr=");
    address(buffer.getLong(at + ADDRESS_AT), out);
    if (signal.equals("SIGSEGV") && code == 3) {
      out.append(", si_lower=");
      address(buffer.getLong(at + LOWER_AT), out);
      out.append(", si_upper=");
      address(buffer.getLong(at + UPPER_AT), out);
    } else if (signal.equals("SIGSEGV") && code == 4) {
      out.append(", si_pkey=").appendDecimal(buffer.getInt(at + PROTECTION_KEY_AT));
    }
  }

  private static void address(long address, TextBuffer out) {
    if (address == 0) {
      out.append("NULL");
    } else {
      out.appendHex(address);
    }
  }
}
