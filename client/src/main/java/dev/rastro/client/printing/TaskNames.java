package dev.rastro.client.printing;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.text.TextBuffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The command names of tasks. What the records say of those that are traced is exact, whenever it
 * is asked for; of others {@code /proc} says what they are called now. One thread.
 */
public final class TaskNames implements IntFunction<String> {
  /** Beyond it those that were not asked for the longest are forgotten, and looked up again. */
  private static final int NAMES_MAX = 65_536;

  private final boolean local;
  private final Map<Integer, String> executed = new HashMap<>();
  private final Map<Integer, String> names =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, String> eldest) {
          return size() > NAMES_MAX;
        }
      };

  /**
   * @param local whether the tasks are those of this machine's {@code /proc}
   */
  public TaskNames(boolean local) {
    this.local = local;
  }

  /** Empty when nobody knows. */
  @Override
  public String apply(int tid) {
    String known = names.get(tid);
    if (known != null) {
      return known;
    }
    String read = tid > 0 && local ? read(Integer.toString(tid)) : "";
    if (!read.isEmpty()) {
      names.put(tid, read);
    }
    return read;
  }

  /** {@code <bash>}, after the number of a task. */
  void write(int tid, TextBuffer text) {
    String name = apply(tid);
    if (!name.isEmpty()) {
      text.appendName(name);
    }
  }

  /** The task is one that this process starts: until it executes it has the same name. */
  void starts(int tid) {
    names.put(tid, read("self"));
  }

  /** A task begins with the name of the one that made it. */
  void forks(RecordReader fork) {
    names.put(fork.childTid(), apply(fork.tid()));
  }

  /** It has its new name from the end of the call on that gave it. */
  void executes(RecordReader exec) {
    executed.put(exec.tid(), exec.comm());
  }

  /** A call has been told: what it changed holds now. */
  void afterCall(int tid, Optional<String> renamed) {
    String name = executed.isEmpty() ? null : executed.remove(tid);
    if (name != null) {
      names.put(tid, name);
    } else {
      renamed.ifPresent(chosen -> names.put(tid, chosen));
    }
  }

  /** Who waits for it may still be told about it. */
  void ends(RecordReader exit) {
    executed.remove(exit.tid());
    String last = exit.comm();
    if (!last.isEmpty()) {
      names.put(exit.tid(), last);
    }
  }

  private static String read(String task) {
    try {
      return new String(
              Files.readAllBytes(Path.of("/proc", task, "comm")), StandardCharsets.ISO_8859_1)
          .stripTrailing();
    } catch (IOException gone) {
      return "";
    }
  }
}
