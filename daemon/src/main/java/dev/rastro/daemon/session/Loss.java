package dev.rastro.daemon.session;

import dev.rastro.daemon.kernel.LossCause;
import java.util.Optional;

/**
 * Why something that was to be seen did not reach its session: the kernel's causes and the queue's.
 */
public enum Loss {
  RING_FULL,
  QUEUE_FULL,
  STORAGE,
  COUNTER_FULL,
  FORK_FULL,
  ENTRY_BYTES,
  MISSED_RUN,
  /** No longer held when somebody came back for it, or waiting for a stream that ended. */
  EVICTED,
  /** A process ran with rights beyond the session's reach. */
  WITHHELD;

  static final int COUNT = values().length;

  /** Empty for what takes nothing away that was asked for. */
  public static Optional<Loss> of(LossCause cause) {
    return switch (cause) {
      case RING -> Optional.of(RING_FULL);
      case STORAGE -> Optional.of(STORAGE);
      case COUNTER -> Optional.of(COUNTER_FULL);
      case FORK -> Optional.of(FORK_FULL);
      case ENTRY -> Optional.of(ENTRY_BYTES);
      case MISSED_RUN -> Optional.of(MISSED_RUN);
      case WAKE, BLOCKED, LIFECYCLE -> Optional.empty();
    };
  }

  /**
   * Whether what was lost is an event of the stream. The others took something else away: a count,
   * a child that is not followed, bytes of an argument.
   */
  public boolean takesEvents() {
    return switch (this) {
      case RING_FULL, QUEUE_FULL, STORAGE, MISSED_RUN, EVICTED -> true;
      case COUNTER_FULL, FORK_FULL, ENTRY_BYTES, WITHHELD -> false;
    };
  }
}
