package dev.rastro.daemon.kernel;

/**
 * A process, unmistakably within one boot: pids are reused, start times are not.
 *
 * @param pid tgid in the initial pid namespace
 * @param startNanos CLOCK_BOOTTIME at its start; 0 when not known. Out of {@code /proc} it is only
 *     as fine as a clock tick, out of the kernel's records it is exact: compare with {@link
 *     #matches}
 */
public record ProcessKey(int pid, long startNanos) {
  /** USER_HZ is 100 on every architecture that Linux and Java share. */
  static final long NANOS_PER_TICK = 10_000_000;

  /** Stands for "no process", where a row belongs to none. */
  public static final ProcessKey NONE = new ProcessKey(0, 0);

  /** Whether both name the same process, as far as their precision tells. */
  public boolean matches(ProcessKey other) {
    return pid == other.pid
        && (startNanos == 0
            || other.startNanos == 0
            || startNanos / NANOS_PER_TICK == other.startNanos / NANOS_PER_TICK);
  }
}
