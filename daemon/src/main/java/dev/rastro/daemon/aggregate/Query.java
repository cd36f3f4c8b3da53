package dev.rastro.daemon.aggregate;

import java.util.BitSet;
import java.util.Set;

/**
 * What to sum up.
 *
 * @param pids only these processes; empty for all
 * @param slots only these syscall slots; empty for all
 */
public record Query(By by, Set<Integer> pids, BitSet slots) {
  /** What a row stands for. */
  public enum By {
    SYSCALL,
    PROCESS,
    /** One row for each syscall of each process. */
    BOTH
  }

  public Query {
    pids = Set.copyOf(pids);
    slots = (BitSet) slots.clone();
  }
}
