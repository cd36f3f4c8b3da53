// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.inflight;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Threads that can never go on, because whoever could let them go on waits for them in turn. Where
 * several could (any writer of a pipe), all of them have to be stuck, with all their threads; a
 * thread that runs, whose wait ends by itself, or that waits for something outside is none.
 */
final class Deadlocks {

  private final Map<Integer, InFlight> stuck = new HashMap<>();
  private final Map<Integer, List<Integer>> awaited = new HashMap<>();

  private Deadlocks() {}

  /**
   * @param threads by process; of all processes that are somebody's releasers
   */
  static List<WaitCycle> among(List<InFlight> calls, Map<Integer, List<Integer>> threads) {
    Deadlocks deadlocks = new Deadlocks();
    for (InFlight call : calls) {
      Waiting waiting = call.waiting();
      if (waiting.closed() && !waiting.timed() && !waiting.releasers().isEmpty()) {
        deadlocks.stuck.put(call.call().tid(), call);
        deadlocks.awaited.put(call.call().tid(), candidates(waiting, threads));
      }
    }
    deadlocks.removeThoseWithHope();
    return deadlocks.cycles();
  }

  private static List<Integer> candidates(Waiting waiting, Map<Integer, List<Integer>> threads) {
    List<Integer> tids = new ArrayList<>();
    for (Releaser releaser : waiting.releasers()) {
      if (releaser.tid() == Releaser.ANY_THREAD) {
        List<Integer> own = threads.getOrDefault(releaser.pid(), List.of());
        // Not looked at, or gone by now: nothing that is stuck for good.
        tids.addAll(own.isEmpty() ? List.of(Releaser.ANY_THREAD) : own);
      } else {
        tids.add(releaser.tid());
      }
    }
    return tids;
  }

  private void removeThoseWithHope() {
    boolean changed = true;
    while (changed) {
      Set<Integer> all = Set.copyOf(stuck.keySet());
      changed = stuck.keySet().removeIf(tid -> !all.containsAll(awaited.get(tid)));
    }
  }

  /** Whoever is left waits for others who are left, so that each way leads into a ring. */
  private List<WaitCycle> cycles() {
    List<WaitCycle> cycles = new ArrayList<>();
    Set<Integer> walked = new HashSet<>();
    for (int start : stuck.keySet().stream().sorted().toList()) {
      LinkedHashSet<Integer> way = new LinkedHashSet<>();
      int at = start;
      while (walked.add(at)) {
        way.add(at);
        at = awaited.get(at).get(0);
      }
      if (way.contains(at)) {
        cycles.add(cycle(new ArrayList<>(way), at));
      }
    }
    return cycles;
  }

  private WaitCycle cycle(List<Integer> way, int first) {
    List<Integer> ring = way.subList(way.indexOf(first), way.size());
    String names =
        ring.stream()
            .map(tid -> tid + " (" + stuck.get(tid).comm() + ")")
            .collect(Collectors.joining(" waits for "));
    return new WaitCycle(
        List.copyOf(ring), "none of them can go on: " + names + " waits for " + first);
  }
}
