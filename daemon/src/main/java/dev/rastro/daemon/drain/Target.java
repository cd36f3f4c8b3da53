package dev.rastro.daemon.drain;

import dev.rastro.daemon.kernel.Reach;
import java.util.Set;

/**
 * Whom a session watches.
 *
 * @param pids processes with all their threads
 * @param tids single threads
 * @param childrenOf processes whose children, started from now on, are watched; not they themselves
 * @param followForks and whatever the chosen ones start from now on
 * @param choice processes with certain properties, besides those that are named by number. Without
 *     {@code followForks} they are chosen anew at each exec; with it, who was chosen stays chosen
 * @param everything every task of the machine but the daemon; the sets are empty then
 * @param reach whom the session may see at all. Of those that are named, none may be beyond; of
 *     everything, and of those that are chosen, whoever is beyond is left out. Who executes a
 *     program that is beyond is seen no more until the next that is not
 */
public record Target(
    Set<Integer> pids,
    Set<Integer> tids,
    Set<Integer> childrenOf,
    Choice choice,
    boolean followForks,
    boolean everything,
    Reach reach) {
  public Target {
    pids = Set.copyOf(pids);
    tids = Set.copyOf(tids);
    childrenOf = Set.copyOf(childrenOf);
    boolean none = pids.isEmpty() && tids.isEmpty() && childrenOf.isEmpty() && choice.isNone();
    if (everything != none) {
      throw new IllegalArgumentException(
          everything ? "target: everything excludes the others" : "target: names nothing to watch");
    }
  }

  /** Tasks by their numbers alone, of a session that may see every process. */
  public Target(
      Set<Integer> pids,
      Set<Integer> tids,
      Set<Integer> childrenOf,
      boolean followForks,
      boolean everything) {
    this(pids, tids, childrenOf, Choice.NONE, followForks, everything, Reach.EVERY);
  }

  public static Target everyone() {
    return new Target(Set.of(), Set.of(), Set.of(), false, true);
  }

  public static Target process(int pid, boolean followForks) {
    return new Target(Set.of(pid), Set.of(), Set.of(), followForks, false);
  }

  public static Target spawnedBy(int pid, boolean followForks) {
    return new Target(Set.of(), Set.of(), Set.of(pid), followForks, false);
  }

  public static Target chosenBy(Choice choice, boolean followForks) {
    return new Target(Set.of(), Set.of(), Set.of(), choice, followForks, false, Reach.EVERY);
  }

  /** The same, of a session that may see no others. */
  public Target within(Reach other) {
    return new Target(pids, tids, childrenOf, choice, followForks, everything, other);
  }

  /** Everything, and all of it may be seen: the kernel need not look at each process. */
  boolean isEveryone() {
    return everything && reach.isEvery();
  }

  /** Processes are to be looked at, whether they meet the choice and may be seen. */
  boolean isChosen() {
    return !choice.isNone() || (everything && !isEveryone());
  }

  /** Whether it may gain processes that it does not know of, so that it never ends. */
  public boolean isOpen() {
    return everything || !choice.isNone();
  }
}
