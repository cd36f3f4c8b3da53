package dev.rastro.syscalls.text;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Errnos;
import java.util.HashMap;
import java.util.Map;

/**
 * What restart_syscall goes on with, by thread: the call before it, if that ended in the way that
 * makes the kernel restart it so. Bounded: of more than {@link #LIMIT} threads that are interrupted
 * at one time the others' calls are not known.
 */
final class InterruptedCalls {
  static final int LIMIT = 4096;

  private static final int TO_BE_RESTARTED = Errnos.parse("ERESTART_RESTARTBLOCK").orElseThrow();

  private final Map<Integer, String> names = new HashMap<>();

  /**
   * @param name of the call that has returned
   */
  void returned(RecordReader call, String name) {
    if (call.result() == -TO_BE_RESTARTED) {
      if (names.size() < LIMIT || names.containsKey(call.tid())) {
        names.put(call.tid(), name);
      }
    } else if (!names.isEmpty()) {
      names.remove(call.tid());
    }
  }

  /** As strace says it; a call that nobody has seen is a system call. */
  String before(RecordReader restart) {
    return names.getOrDefault(restart.tid(), "system call");
  }
}
