package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.access.Sight;
import java.util.HashMap;
import java.util.Map;

/**
 * What one caller may see of each process, for one answer. A process may take on other rights while
 * it is looked at: it is asked before and after, and the lesser holds. One thread.
 */
final class SightOf {
  private final Caller caller;
  private final Map<Integer, Sight> before = new HashMap<>();
  private final Map<Integer, Sight> after = new HashMap<>();
  private Map<Integer, Sight> now = before;

  SightOf(Caller caller) {
    this.caller = caller;
  }

  /** What was to be looked at has been looked at. */
  void looked() {
    now = after;
  }

  Sight of(int pid) {
    Sight found = now.computeIfAbsent(pid, caller::sight);
    Sight earlier = before.getOrDefault(pid, found);
    return found.compareTo(earlier) < 0 ? found : earlier;
  }

  boolean isHidden(int pid) {
    return of(pid) == Sight.NOTHING;
  }
}
