// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.inflight;

import java.util.List;

/**
 * Threads of which each waits for the next and the last for the first, so that none can go on.
 *
 * @param sentence the same in words
 */
public record WaitCycle(List<Integer> tids, String sentence) {
  public WaitCycle {
    tids = List.copyOf(tids);
  }
}
