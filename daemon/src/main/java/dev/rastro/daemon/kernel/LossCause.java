package dev.rastro.daemon.kernel;

/** Why something that should have been seen was not. */
public enum LossCause {
  /** The ring was full: a record is missing. */
  RING(0),
  /** The kernel had no memory for the task's state: a call was not seen. */
  STORAGE(1),
  /** The counter map was full: a call was not counted. */
  COUNTER(2),
  /** The process map was full: a child is not followed. */
  FORK(3),
  /** No room for bytes of entry: arguments are missing, the call is not. */
  ENTRY(4),
  /** A wake-up did not fit: harmless, the consumer polls. */
  WAKE(5),
  /** The notice that a call blocks did not fit: harmless, the call itself follows. */
  BLOCKED(6),
  /**
   * A fork, exec or exit did not fit. /proc is asked instead; for those who wanted it as an event
   * it is counted as {@link #RING}, too.
   */
  LIFECYCLE(7),
  /** The kernel's recursion guard skipped a program. Read from bpf_prog_info, not from control. */
  MISSED_RUN(8);

  private final int code;

  LossCause(int code) {
    this.code = code;
  }

  /** As enum rastro_loss; from 0, without gaps. */
  public int code() {
    return code;
  }

  /** False for what costs nobody anything that was asked for. */
  public boolean takesSomething() {
    return switch (this) {
      case WAKE, BLOCKED, LIFECYCLE -> false;
      default -> true;
    };
  }
}
