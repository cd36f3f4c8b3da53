package dev.rastro.daemon.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What /proc (see proc(5)) says about processes that the records have not told of. Any thread. */
public final class ProcFs {
  private static final int FIELD_STATE = 0;
  private static final int FIELD_PARENT = 1;
  private static final int FIELD_THREADS = 17;
  private static final int FIELD_START = 19;

  /** Steps towards process 1; a longer chain is not followed. */
  private static final int MAX_ANCESTORS = 1024;

  private ProcFs() {}

  /**
   * @param key precise to a clock tick
   * @param comm at the moment
   * @param ended it is a zombie whose other threads are gone: it will never run again
   */
  public record Entry(ProcessKey key, int parentPid, String comm, boolean ended) {}

  /** This process, by the number that it has where this /proc is from. */
  public static int self() {
    try {
      return Integer.parseInt(Files.readSymbolicLink(Path.of("/proc/self")).toString());
    } catch (IOException | NumberFormatException withoutProc) {
      return (int) ProcessHandle.current().pid();
    }
  }

  /** Empty when there is no such process (or thread: a tid is found too). */
  public static Optional<Entry> find(int pid) {
    String stat;
    try {
      stat =
          new String(
              Files.readAllBytes(Path.of("/proc/" + pid + "/stat")), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return Optional.empty();
    }
    // The name stands in parentheses and may hold any, so the last one closes it.
    int open = stat.indexOf('(');
    int close = stat.lastIndexOf(')');
    if (open < 0 || close < open) {
      return Optional.empty();
    }
    String[] fields = stat.substring(close + 2).strip().split(" ", -1);
    char state = fields[FIELD_STATE].charAt(0);
    boolean zombie = state == 'Z' || state == 'X';
    long startNanos = Long.parseLong(fields[FIELD_START]) * ProcessKey.NANOS_PER_TICK;
    return Optional.of(
        new Entry(
            new ProcessKey(pid, startNanos),
            Integer.parseInt(fields[FIELD_PARENT]),
            stat.substring(open + 1, close),
            zombie && Integer.parseInt(fields[FIELD_THREADS]) <= 1));
  }

  /** Whether a process is the other, its child, its child's child and so on. */
  public static boolean descends(int pid, int ancestor) {
    int at = pid;
    for (int step = 0; step < MAX_ANCESTORS && at > 0; step++) {
      if (at == ancestor) {
        return true;
      }
      at = find(at).map(Entry::parentPid).orElse(0);
    }
    return false;
  }

  /** The name of a thread. */
  public static Optional<String> comm(int tgid, int tid) {
    try {
      Path path = Path.of("/proc/" + tgid + "/task/" + tid + "/comm");
      return Optional.of(new String(Files.readAllBytes(path), StandardCharsets.UTF_8).strip());
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** How often a thread has gone to sleep; empty when it is gone. */
  public static Optional<Long> voluntarySwitches(int tgid, int tid) {
    return field(Path.of("/proc/" + tgid + "/task/" + tid + "/status"), "voluntary_ctxt_switches:")
        .map(Long::valueOf);
  }

  /** The real user of a process; empty when it is gone. */
  public static Optional<Integer> user(int pid) {
    return field(Path.of("/proc/" + pid + "/status"), "Uid:")
        .map(ids -> Integer.parseUnsignedInt(ids.split("\\s+", 2)[0]));
  }

  /** The process that the thread belongs to; empty when there is no such thread. */
  public static Optional<Integer> processOf(int tid) {
    return field(Path.of("/proc/" + tid + "/status"), "Tgid:").map(Integer::valueOf);
  }

  private static Optional<String> field(Path status, String name) {
    try {
      return Files.readAllLines(status, StandardCharsets.ISO_8859_1).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(name.length()).strip())
          .findFirst();
    } catch (IOException gone) {
      return Optional.empty();
    }
  }
}
