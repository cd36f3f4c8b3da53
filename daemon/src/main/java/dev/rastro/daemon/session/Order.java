package dev.rastro.daemon.session;

import dev.rastro.daemon.drain.Wish;

/**
 * What somebody wants to watch, and how.
 *
 * @param queueBytes bound of the queue
 * @param peer who asked, for people to read
 */
public record Order(Wish wish, Form form, int queueBytes, String peer) {

  /** In which form a session's events leave the daemon. */
  public enum Form {
    DECODED,
    PACKED,
    /** None do: only the kernel's counters run. */
    COUNT
  }

  public Order {
    if (queueBytes <= 0 || queueBytes > SessionLimits.MAX_QUEUE_BYTES) {
      throw new IllegalArgumentException("queue bytes: " + queueBytes);
    }
  }
}
