package dev.rastro.syscalls.table;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** A call as its commands make it. Immutable; finding one allocates nothing. */
public final class Variants {
  private static final int NO_COMMAND = -1;

  /** Of calls whose arguments are always the same. */
  static final Variants NONE = new Variants(NO_COMMAND, 0, new long[0], List.of(), List.of());

  /** Commands of which some bits are an operand: how much they read, which axis they ask for. */
  record Family(Names.Entry commands, Syscall call) {}

  private final int command;
  private final long flags;
  private final long[] values;
  private final List<Syscall> calls;
  private final List<Family> families;

  private Variants(
      int command, long flags, long[] values, List<Syscall> calls, List<Family> families) {
    this.command = command;
    this.flags = flags;
    this.values = values;
    this.calls = calls;
    this.families = families;
  }

  /**
   * @param flags that may stand beside every command
   */
  static Variants copyOf(
      int command, long flags, SortedMap<Long, Syscall> calls, List<Family> families) {
    long[] values = calls.keySet().stream().mapToLong(Long::longValue).toArray();
    return new Variants(command, flags, values, List.copyOf(calls.values()), List.copyOf(families));
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
    Map<Long, Syscall> all = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      all.put(values[i], calls.get(i));
    }
    families.forEach(family -> all.put(family.commands().value(), family.call()));
    return all;
  }

  /**
   * @param value of the command, without the bits beyond its size
   * @return {@code otherwise} when the table does not know the command
   */
  public Syscall find(long value, Syscall otherwise) {
    int found = Arrays.binarySearch(values, value & ~flags);
    if (found >= 0) {
      return calls.get(found);
    }
    for (int i = 0; i < families.size(); i++) {
      if (families.get(i).commands().matches(value)) {
        return families.get(i).call();
      }
    }
    return otherwise;
  }
}
