package dev.rastro.daemon.kernel;

import java.util.Set;

/** The programs of the capture object, by their C names. */
enum ProgramName {
  SYS_ENTER_BTF("sys_enter_btf", true, "the fastest way into syscalls"),
  SYS_EXIT_BTF("sys_exit_btf", true, "the fastest way into syscalls"),
  SYS_ENTER_RAW("sys_enter_raw", false, "syscalls"),
  SYS_EXIT_RAW("sys_exit_raw", false, "syscalls"),
  PROCESS_FORK("process_fork", true, "following forks, and fork events"),
  PROCESS_EXEC("process_exec", true, "exec events"),
  PROCESS_EXIT("process_exit", true, "exit events"),
  SIGNAL_GENERATE("signal_generate", true, "signals that their receiver ignores"),
  SIGNAL_DELIVER("signal_deliver", true, "signals"),
  CALL_BLOCKED("call_blocked", true, "calls that are shown while they block"),
  CHOOSE_EXISTING(
      "choose_existing", true, "choosing processes by their properties before they fork or exec");

  private final String symbol;
  private final boolean typed;
  private final String loss;

  ProgramName(String symbol, boolean typed, String loss) {
    this.symbol = symbol;
    this.typed = typed;
    this.loss = loss;
  }

  String symbol() {
    return symbol;
  }

  /** Whether it attaches through the kernel's own BTF. */
  boolean typed() {
    return typed;
  }

  String attachType() {
    if (this == CHOOSE_EXISTING) {
      return "iter";
    }
    return typed ? "tp_btf" : "raw_tp";
  }

  /** What users lose without it. */
  String loss() {
    return loss;
  }

  String remedy() {
    return this == SYS_ENTER_BTF || this == SYS_EXIT_BTF
        ? "none needed: raw tracepoints do the same at a little more cost"
        : "a kernel with BTF of its own (CONFIG_DEBUG_INFO_BTF=y), 5.12 or newer";
  }

  /** Without syscalls there is nothing to trace; anything else can be done without. */
  boolean dispensable() {
    return this != SYS_ENTER_RAW && this != SYS_EXIT_RAW;
  }

  /** Whether it is wanted once the others of the set are out: raw syscalls only without typed. */
  boolean chosen(Set<ProgramName> refused) {
    boolean raw = refused.contains(SYS_ENTER_BTF) || refused.contains(SYS_EXIT_BTF);
    return switch (this) {
      case SYS_ENTER_BTF, SYS_EXIT_BTF -> !raw;
      case SYS_ENTER_RAW, SYS_EXIT_RAW -> raw;
      default -> true;
    };
  }
}
