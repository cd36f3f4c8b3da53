package dev.rastro.daemon.kernel;

/** The programs of the capture object, by their C names. */
enum ProgramName {
  SYS_ENTER_BTF("sys_enter_btf", AttachType.TP_BTF, "the fastest way into syscalls"),
  SYS_EXIT_BTF("sys_exit_btf", AttachType.TP_BTF, "the fastest way into syscalls"),
  SYS_ENTER_RAW("sys_enter_raw", AttachType.RAW_TP, "syscalls"),
  SYS_EXIT_RAW("sys_exit_raw", AttachType.RAW_TP, "syscalls"),
  SYS_ENTER_CLASSIC(
      "sys_enter_classic",
      AttachType.TRACEPOINT,
      "calls that are made while another task is preempted in the middle of being recorded"),
  SYS_EXIT_CLASSIC("sys_exit_classic", AttachType.TRACEPOINT, SYS_ENTER_CLASSIC.loss),
  PROCESS_FORK("process_fork", AttachType.TP_BTF, "following forks, and fork events"),
  PROCESS_EXEC("process_exec", AttachType.TP_BTF, "exec events"),
  PROCESS_EXIT("process_exit", AttachType.TP_BTF, "exit events"),
  SIGNAL_GENERATE("signal_generate", AttachType.TP_BTF, "signals that their receiver ignores"),
  SIGNAL_DELIVER("signal_deliver", AttachType.TP_BTF, "signals"),
  CALL_BLOCKED("call_blocked", AttachType.TP_BTF, "calls that are shown while they block"),
  CHOOSE_EXISTING(
      "choose_existing",
      AttachType.ITER,
      "choosing processes by their properties before they fork or exec"),
  LIST_TASKS(
      "list_tasks",
      AttachType.ITER,
      "telling processes that run from those that are ready, and their times");

  private final String symbol;
  private final AttachType attachType;
  private final String loss;

  ProgramName(String symbol, AttachType attachType, String loss) {
    this.symbol = symbol;
    this.attachType = attachType;
    this.loss = loss;
  }

  String symbol() {
    return symbol;
  }

  AttachType attachType() {
    return attachType;
  }

  /** Else it runs when it is asked to. */
  boolean isOnEvents() {
    return attachType != AttachType.ITER;
  }

  /** Whether it attaches through the kernel's own BTF. */
  boolean typed() {
    return attachType == AttachType.TP_BTF || attachType == AttachType.ITER;
  }

  /** One of those of which every way into system calls has its own two. */
  boolean ofSyscalls() {
    return switch (this) {
      case SYS_ENTER_BTF,
          SYS_EXIT_BTF,
          SYS_ENTER_RAW,
          SYS_EXIT_RAW,
          SYS_ENTER_CLASSIC,
          SYS_EXIT_CLASSIC ->
          true;
      default -> false;
    };
  }

  /** What users lose without it. */
  String loss() {
    return loss;
  }

  String remedy() {
    return switch (this) {
      case SYS_ENTER_BTF, SYS_EXIT_BTF ->
          "none needed: raw tracepoints do the same at a little more cost";
      case SYS_ENTER_CLASSIC, SYS_EXIT_CLASSIC ->
          "give rastrod CAP_SYS_ADMIN, or set kernel.perf_event_paranoid to 2 or less, and mount"
              + " tracefs on /sys/kernel/tracing";
      default -> "a kernel with BTF of its own (CONFIG_DEBUG_INFO_BTF=y), 5.12 or newer";
    };
  }
}
