package dev.rastro.daemon.aggregate;

import java.util.Map;

/**
 * What had been counted of a session's processes when it opened, to be taken from its summaries.
 *
 * @param sinceNanos CLOCK_MONOTONIC
 */
public record Baseline(int session, boolean everything, long sinceNanos, Map<Cell, Sums> before) {
  public Baseline {
    before = Map.copyOf(before);
  }

  /**
   * One syscall of one process.
   *
   * @param process as {@link ProcessTable#identity}
   */
  record Cell(long process, int slot) {}
}
