package dev.rastro.daemon.host;

import java.util.List;

/**
 * A process as {@code /proc} shows it at one moment.
 *
 * @param namespacePid as its own pid namespace numbers it
 * @param user the name that {@code /etc/passwd} has for the uid, else the uid in digits
 * @param commandLine arguments joined by blanks; {@code [name]} for kernel threads and zombies
 * @param state the letter of {@code /proc/PID/stat}
 * @param startTicks CLOCK_BOOTTIME at its start, in hundredths of a second: all that {@code /proc}
 *     tells
 * @param kernelThread it has no program of its own
 * @param listening as URIs: {@code tcp://0.0.0.0:80}, {@code unix:///run/x.sock}
 */
public record ProcessFacts(
    int pid,
    int parentPid,
    int namespacePid,
    int uid,
    String user,
    String name,
    String commandLine,
    char state,
    int threads,
    boolean kernelThread,
    long startTicks,
    Memory memory,
    List<String> listening) {

  /** The kernel shows user space 100 ticks a second on every architecture that we run on. */
  public static final long TICK_NANOS = 10_000_000;

  /**
   * @param heapBytes of the {@code [heap]} mapping; 0 when it may not be seen
   */
  public record Memory(
      long residentBytes,
      long codeBytes,
      long dataBytes,
      long stackBytes,
      long virtualBytes,
      long heapBytes) {}

  /** Whether a start time out of the kernel, in nanoseconds, is that of this process. */
  public boolean startedAt(long startNanos) {
    return startNanos / TICK_NANOS == startTicks;
  }
}
