package dev.rastro.daemon.aggregate;

import java.util.Map;

/**
 * What had been counted of a session's processes when it opened, to be taken from its summaries.
 *
 * @param sinceNanos CLOCK_MONOTONIC
 */
public record Baseline(int session, Scope scope, long sinceNanos, Map<Cell, Sums> before) {
  public Baseline {
    before = Map.copyOf(before);
  }

  /** Whose counts they are. */
  public enum Scope {
    EVERYTHING,
    /** Of the processes that the session wanted. */
    SESSION,
    /** The same, but for those that ever ran with rights beyond a session's reach. */
    BOUNDED
  }

  boolean everything() {
    return scope == Scope.EVERYTHING;
  }

  /**
   * One syscall of one process.
   *
   * @param process as {@link ProcessTable#identity}
   */
  record Cell(long process, int slot) {}
}
