package dev.rastro.syscalls.table;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A call as its commands make it. Immutable; finding one allocates nothing. */
public final class Variants {
  private static final int NO_COMMAND = -1;

  /** Of calls whose arguments are always the same. */
  static final Variants NONE = new Variants(NO_COMMAND, new long[0], List.of());

  private final int command;
  private final long[] values;
  private final List<Syscall> calls;

  private Variants(int command, long[] values, List<Syscall> calls) {
    this.command = command;
    this.values = values;
    this.calls = calls;
  }

  static Variants copyOf(int command, SortedMap<Long, Syscall> calls) {
    long[] values = calls.keySet().stream().mapToLong(Long::longValue).toArray();
    return new Variants(command, values, List.copyOf(calls.values()));
  }

  public boolean isEmpty() {
    return command == NO_COMMAND;
  }

  /** The index of the argument that decides. */
  public int command() {
    return command;
  }

  /** All of them, by the value of the command; for the reference page and tests. */
  public Map<Long, Syscall> all() {
    Map<Long, Syscall> all = new TreeMap<>();
    for (int i = 0; i < values.length; i++) {
      all.put(values[i], calls.get(i));
    }
    return all;
  }

  /**
   * @param value of the command, without the bits beyond its size
   * @return {@code otherwise} when the table does not know the command
   */
  public Syscall find(long value, Syscall otherwise) {
    int found = Arrays.binarySearch(values, value);
    return found < 0 ? otherwise : calls.get(found);
  }
}
