// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.aggregate;

import java.util.List;

/**
 * Who is or was watched at one moment, and how they fared.
 *
 * @param exits how programs ended
 * @param recentNanos how long the time was of which processes tell their recent calls
 * @param forgotten ended processes that made room for others: only their sums by syscall remain
 */
public record Roll(
    List<WatchedProcess> processes, List<ProgramExits> exits, long recentNanos, long forgotten) {
  public Roll {
    processes = List.copyOf(processes);
    exits = List.copyOf(exits);
  }
}
