package dev.rastro.daemon.aggregate;

import dev.rastro.daemon.kernel.ProcessKey;

/**
 * A process that is or was watched.
 *
 * @param parentPid 0 when its start was not seen
 * @param comm empty until it was learned from an exec or exit
 * @param exitStatus as wait(2) reports it; meaningless while {@code alive}, 0 when its exit was not
 *     seen
 */
public record WatchedProcess(
    ProcessKey key,
    int parentPid,
    String comm,
    boolean alive,
    int exitStatus,
    long calls,
    long errors) {}
