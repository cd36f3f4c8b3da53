package dev.rastro.daemon.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which Linux this is, for the few things that cannot be found out by trying. */
record KernelRelease(int major, int minor) {
  /** The first that has all that the capture programs are made of. */
  static final KernelRelease OLDEST = new KernelRelease(5, 12);

  /** The first whose tp_btf and raw_tp programs of system calls can be preempted. */
  private static final KernelRelease PREEMPTING = new KernelRelease(7, 2);

  /** The first whose programs can have a task do something before it returns to user mode. */
  private static final KernelRelease WITH_TASK_WORK = new KernelRelease(6, 18);

  private static final Path RELEASE = Path.of("/proc/sys/kernel/osrelease");
  private static final Pattern NUMBERS = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

  static KernelRelease running() {
    try {
      return parse(Files.readString(RELEASE).strip());
    } catch (IOException withoutProc) {
      return OLDEST;
    }
  }

  /**
   * @param text as {@code uname -r} prints it; taken for the oldest that will do when it has no
   *     numbers
   */
  static KernelRelease parse(String text) {
    Matcher matcher = NUMBERS.matcher(text);
    return matcher.matches()
        ? new KernelRelease(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
        : OLDEST;
  }

  boolean isBefore(KernelRelease other) {
    return major < other.major || (major == other.major && minor < other.minor);
  }

  /**
   * Whether a task can lose its processor in the middle of a tp_btf or raw_tp program of system
   * calls. The kernel then skips that program for all others on this processor.
   */
  boolean preemptsPrograms() {
    return !isBefore(PREEMPTING);
  }

  /** Whether programs can have a task do something, asleep if need be, before it goes on. */
  boolean hasTaskWork() {
    return !isBefore(WITH_TASK_WORK);
  }

  /** How system calls are best seen, and how else if that cannot be. */
  List<AttachType> waysIntoSyscalls() {
    return preemptsPrograms()
        ? List.of(AttachType.TRACEPOINT, AttachType.TP_BTF, AttachType.RAW_TP)
        : List.of(AttachType.TP_BTF, AttachType.RAW_TP);
  }
}
