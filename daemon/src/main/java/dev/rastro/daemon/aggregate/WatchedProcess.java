package dev.rastro.daemon.aggregate;

import dev.rastro.daemon.kernel.ProcessKey;
import java.util.OptionalInt;

/**
 * A process that is or was watched.
 *
 * @param parentPid 0 when its start was not seen
 * @param uid real user when it was last told; {@link #NOBODY_KNOWS} when it never was
 * @param comm empty until it was learned from an exec or exit
 * @param exitStatus as wait(2) reports it; empty while it is {@code alive}, and when its exit was
 *     not seen
 * @param recentCalls those of the last seconds
 * @param withheld it ran with rights beyond some session's reach for a time
 */
public record WatchedProcess(
    ProcessKey key,
    int parentPid,
    int uid,
    String comm,
    boolean alive,
    OptionalInt exitStatus,
    long calls,
    long errors,
    long recentCalls,
    long recentErrors,
    Figures figures,
    boolean withheld) {

  /** No user has this number (user_namespaces(7)). */
  public static final int NOBODY_KNOWS = -1;
}
