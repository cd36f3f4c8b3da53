package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Errnos;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;
import dev.rastro.syscalls.table.Signals;
import java.nio.ByteBuffer;

/**
 * siginfo_t, as an argument and in the line of a signal. Which fields there are depends on si_code,
 * and for codes above zero on the signal. Layout: asm-generic/siginfo.h, 64-bit.
 */
public final class SignalFields {
  /** So much of a siginfo_t has a meaning. */
  public static final int BYTES = 48;

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
  private static final int TICKS_PER_SECOND = 100;

  private SignalFields() {}

  /**
   * Tells the struct, braces included.
   *
   * @param at offset of at least {@link #BYTES} bytes
   * @param syscalls names of the numbers that SIGSYS reports
   */
  public static void tell(
      ByteBuffer memory, int at, NameSource names, SyscallNames syscalls, Sink sink) {
    int number = memory.getInt(at);
    int error = memory.getInt(at + ERRNO_AT);
    int code = memory.getInt(at + CODE_AT);
    String signal = number > 0 && number < Signals.LIMIT ? Signals.name(number) : "";
    sink.beginStruct();
    if (number == 0) {
      // waitid that found no child.
      sink.endStruct(true);
      return;
    }
    sink.field("si_signo");
    sink.number(number, Kind.Format.SIGNAL, true);
    sink.field("si_code");
    Names codes = codeNames(names, signal, code);
    String word = Walk.choice(codes, code & 0xffffffffL);
    if (word.isEmpty()) {
      sink.number(code & 0xffffffffL, Kind.Format.HEX, false);
    } else {
      sink.named(code & 0xffffffffL, codes);
    }
    if (error != 0) {
      sink.field("si_errno");
      sink.number(
          error & 0xffffffffL,
          Errnos.isKnown(error) ? Kind.Format.ERRNO : Kind.Format.DECIMAL,
          false);
    }
    if (code <= 0) {
      sent(memory, at, word, sink);
    } else {
      raised(memory, at, signal, word, code, names, syscalls, sink);
    }
    sink.endStruct(true);
  }

  /** Those of the signal itself, or those that every signal may have. */
  private static Names codeNames(NameSource names, String signal, int code) {
    Names own = codeNames(names, signal);
    return code > 0 && !Walk.choice(own, code).isEmpty() ? own : names.names("signal_code");
  }

  private static Names codeNames(NameSource names, String signal) {
    return switch (signal) {
      case "SIGCHLD" -> names.names("sigchld_code");
      case "SIGSEGV" -> names.names("sigsegv_code");
      case "SIGBUS" -> names.names("sigbus_code");
      case "SIGILL" -> names.names("sigill_code");
      case "SIGFPE" -> names.names("sigfpe_code");
      case "SIGTRAP" -> names.names("sigtrap_code");
      case "SIGIO" -> names.names("sigpoll_code");
      case "SIGSYS" -> names.names("sigsys_code");
      default -> names.names("");
    };
  }

  /** By a process, a timer or a queue. */
  private static void sent(ByteBuffer memory, int at, String code, Sink sink) {
    switch (code) {
      case "SI_USER", "SI_TKILL" -> sender(memory, at, sink);
      case "SI_TIMER" -> {
        sink.field("si_timerid");
        sink.number(memory.getInt(at + PID_AT) & 0xffffffffL, Kind.Format.HEX, false);
        sink.field("si_overrun");
        sink.number(memory.getInt(at + UID_AT), Kind.Format.DECIMAL, true);
        value(memory, at, sink);
      }
      case "SI_SIGIO" -> band(memory, at, sink);
      default -> {
        sender(memory, at, sink);
        if (memory.getLong(at + VALUE_AT) != 0) {
          value(memory, at, sink);
        }
      }
    }
  }

  private static void sender(ByteBuffer memory, int at, Sink sink) {
    sink.field("si_pid");
    sink.number(memory.getInt(at + PID_AT), Kind.Format.PID, true);
    sink.field("si_uid");
    sink.number(memory.getInt(at + UID_AT) & 0xffffffffL, Kind.Format.OWNER, false);
  }

  private static void value(ByteBuffer memory, int at, Sink sink) {
    sink.field("si_int");
    sink.number(memory.getInt(at + VALUE_AT), Kind.Format.DECIMAL, true);
    sink.field("si_ptr");
    sink.address(memory.getLong(at + VALUE_AT));
  }

  private static void band(ByteBuffer memory, int at, Sink sink) {
    sink.field("si_band");
    sink.number(memory.getLong(at + BAND_AT), Kind.Format.DECIMAL, true);
    sink.field("si_fd");
    sink.number(memory.getInt(at + DESCRIPTOR_AT), Kind.Format.DESCRIPTOR, true);
  }

  /** By the kernel on behalf of what the task or its child did. */
  private static void raised(
      ByteBuffer memory,
      int at,
      String signal,
      String codeName,
      int code,
      NameSource names,
      SyscallNames syscalls,
      Sink sink) {
    switch (signal) {
      case "SIGCHLD" -> child(memory, at, codeName, sink);
      case "SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGTRAP" -> fault(memory, at, codeName, sink);
      case "SIGIO" -> {
        if (!Walk.choice(names.names("sigpoll_code"), code).isEmpty()) {
          band(memory, at, sink);
        }
      }
      case "SIGSYS" -> refused(memory, at, names, syscalls, sink);
      default -> {
        if (memory.getInt(at + PID_AT) != 0 || memory.getInt(at + UID_AT) != 0) {
          sender(memory, at, sink);
        }
        if (memory.getLong(at + VALUE_AT) != 0) {
          value(memory, at, sink);
        }
      }
    }
  }

  private static void child(ByteBuffer memory, int at, String code, Sink sink) {
    sender(memory, at, sink);
    int status = memory.getInt(at + STATUS_AT);
    sink.field("si_status");
    if (code.equals("CLD_EXITED")) {
      sink.number(status, Kind.Format.DECIMAL, true);
    } else {
      sink.number(status, Kind.Format.SIGNAL, true);
    }
    ticks("si_utime", memory.getLong(at + USER_TIME_AT), sink);
    ticks("si_stime", memory.getLong(at + SYSTEM_TIME_AT), sink);
  }

  /** Clock ticks, with the seconds where there are any ticks. */
  private static void ticks(String field, long ticks, Sink sink) {
    sink.field(field);
    sink.number(ticks, Kind.Format.DECIMAL, true);
    if (ticks > 0) {
      StringBuilder words = new StringBuilder().append(ticks / TICKS_PER_SECOND);
      long rest = ticks % TICKS_PER_SECOND;
      if (rest != 0) {
        words.append('.').append(rest / 10).append(rest % 10);
      }
      sink.comment(words.append(" s"));
    }
  }

  private static void fault(ByteBuffer memory, int at, String code, Sink sink) {
    sink.field("si_addr");
    sink.address(memory.getLong(at + ADDRESS_AT));
    if (code.equals("SEGV_BNDERR")) {
      sink.field("si_lower");
      sink.address(memory.getLong(at + LOWER_AT));
      sink.field("si_upper");
      sink.address(memory.getLong(at + UPPER_AT));
    } else if (code.equals("SEGV_PKUERR")) {
      sink.field("si_pkey");
      sink.number(memory.getInt(at + PROTECTION_KEY_AT) & 0xffffffffL, Kind.Format.DECIMAL, false);
    }
  }

  private static void refused(
      ByteBuffer memory, int at, NameSource names, SyscallNames syscalls, Sink sink) {
    long architecture = memory.getInt(at + ARCHITECTURE_AT) & 0xffffffffL;
    int number = memory.getInt(at + SYSCALL_AT);
    String name = syscalls.name(Walk.choice(names.names("audit_arch"), architecture), number);
    sink.field("si_call_addr");
    sink.address(memory.getLong(at + ADDRESS_AT));
    sink.field("si_syscall");
    if (name.isEmpty()) {
      sink.number(number, Kind.Format.DECIMAL, true);
    } else {
      sink.phrase(number, "__NR_" + name);
    }
    sink.field("si_arch");
    sink.named(architecture, names.names("audit_arch"));
  }

  /** Names of syscall numbers. */
  @FunctionalInterface
  public interface SyscallNames {
    /**
     * @param architecture as {@code AUDIT_ARCH_X86_64}
     * @return empty when not known
     */
    String name(String architecture, int number);
  }
}
