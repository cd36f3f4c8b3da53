// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.inflight;

import dev.rastro.daemon.kernel.SleepingCall;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Since when threads have been seen asleep without a pause. A thread that was not switched out
 * again since it was last seen asleep has slept all the while. Any thread.
 */
final class Sightings {
  /** Threads remembered; those that were not seen for the longest time give way. */
  static final int MAX_THREADS = 65_536;

  private record Sighting(SleepingCall call, long switches, long firstNanos) {}

  private final Map<Integer, Sighting> byThread =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Sighting> eldest) {
          return size() > MAX_THREADS;
        }
      };

  /**
   * @param switches how often the thread has gone to sleep; read before the call was
   * @param nowNanos CLOCK_MONOTONIC
   * @return when it was first seen in this very sleep; now, if it was not seen before
   */
  synchronized long since(SleepingCall call, long switches, long nowNanos) {
    Sighting known = byThread.get(call.tid());
    if (known != null && known.switches() == switches && known.call().equals(call)) {
      return known.firstNanos();
    }
    byThread.put(call.tid(), new Sighting(call, switches, nowNanos));
    return nowNanos;
  }
}
