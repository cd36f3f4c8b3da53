package dev.rastro.daemon.aggregate;

import java.util.BitSet;
import java.util.Set;

/**
 * What to sum up.
 *
 * @param pids only these processes; empty for all
 * @param uids only processes of these real users; empty for all
 * @param slots only these syscall slots; empty for all
 */
public record Query(By by, Set<Integer> pids, Set<Integer> uids, BitSet slots) {
  /** What a row stands for. */
  public enum By {
    SYSCALL,
    PROCESS,
    /** One row for each syscall of each process. */
    BOTH
  }

  public Query {
    pids = Set.copyOf(pids);
    uids = Set.copyOf(uids);
    slots = (BitSet) slots.clone();
  }

  /** Of all users. */
  public Query(By by, Set<Integer> pids, BitSet slots) {
    this(by, pids, Set.of(), slots);
  }

  /** The same of these slots alone. */
  public Query with(BitSet otherSlots) {
    return new Query(by, pids, uids, otherSlots);
  }

  /** Whether it asks for what this process did. */
  public boolean asksFor(int pid, int uid) {
    return (pids.isEmpty() || pids.contains(pid)) && (uids.isEmpty() || uids.contains(uid));
  }
}
