package dev.rastro.client.printing;

import dev.rastro.syscalls.text.DataDump;
import java.util.BitSet;
import java.util.Set;

/**
 * What else is shown with a call, and when to stop.
 *
 * @param realtimeOffsetNanos to be added to a record's time for the time of day
 * @param numbers the number of each call
 * @param statuses calls that ended otherwise are left out
 * @param superseded tell of threads whose process another thread's execve took over
 * @param separate each task has a file of its own
 * @param silent only count
 * @param callLimit printed calls after which the trace is over
 * @param leaveAtExec a task that executes is not followed further
 */
public record Frame(
    Timestamps timestamps,
    long realtimeOffsetNanos,
    boolean numbers,
    Set<Status> statuses,
    boolean superseded,
    boolean separate,
    boolean silent,
    long callLimit,
    boolean leaveAtExec,
    DataDump dump) {
  public static final long NO_LIMIT = Long.MAX_VALUE;

  public static final Frame PLAIN =
      new Frame(
          Timestamps.NONE,
          0,
          false,
          Status.all(),
          true,
          false,
          false,
          NO_LIMIT,
          false,
          new DataDump(new BitSet(), new BitSet()));

  public Frame {
    statuses = Set.copyOf(statuses);
  }
}
