package dev.rastro.daemon.aggregate;

import dev.rastro.daemon.kernel.ProcessKey;
import java.util.List;
import java.util.Map;

/**
 * Sums at one moment, largest total time first.
 *
 * @param incompleteBecause empty when nothing that should have been counted was missed
 * @param windowNanos how long counting has gone on
 */
public record Snapshot(List<Row> rows, List<String> incompleteBecause, long windowNanos) {
  public Snapshot {
    rows = List.copyOf(rows);
    incompleteBecause = List.copyOf(incompleteBecause);
  }

  /** Whether all that should have been counted was counted. */
  public boolean complete() {
    return incompleteBecause.isEmpty();
  }

  /**
   * One line of a summary.
   *
   * @param process {@link ProcessKey#NONE} when the row stands for a syscall
   * @param uid real user of the process; {@link WatchedProcess#NOBODY_KNOWS} when the row stands
   *     for a syscall or it was never learned
   * @param comm of the process; empty when the row stands for a syscall or it was never learned
   * @param slot {@link #NO_SLOT} when the row stands for a process
   * @param timed calls whose duration is known; min, max and total are theirs
   * @param extremesExact else minimum and maximum are no more than bounds
   * @param errorsByErrno in no order
   * @param endsOfStream calls that read nothing from a stream socket
   * @param idleWakeups calls that found no connection to accept, though their thread had taken none
   *     since it last polled
   */
  public record Row(
      ProcessKey process,
      int uid,
      String comm,
      int slot,
      long calls,
      long errors,
      long timed,
      long totalNanos,
      long minNanos,
      long maxNanos,
      boolean extremesExact,
      Histogram histogram,
      Map<Integer, Long> errorsByErrno,
      long endsOfStream,
      long idleWakeups) {
    public static final int NO_SLOT = -1;

    public Row {
      errorsByErrno = Map.copyOf(errorsByErrno);
    }
  }
}
