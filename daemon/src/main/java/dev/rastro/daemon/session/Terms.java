package dev.rastro.daemon.session;

import java.util.concurrent.TimeUnit;

/**
 * How a stream is served.
 *
 * @param queueBytes bound of the queue
 * @param endWhenFull the stream ends when its queue is full; else the oldest is dropped
 * @param resumeNanos how long the session outlives a connection that breaks; 0 for not at all
 * @param historyBytes how much of what was sent is kept for whoever comes back
 */
public record Terms(int queueBytes, boolean endWhenFull, long resumeNanos, int historyBytes) {

  public Terms {
    if (queueBytes <= 0 || queueBytes > SessionLimits.MAX_QUEUE_BYTES) {
      throw new IllegalArgumentException("queue bytes: " + queueBytes);
    }
    if (historyBytes < 0 || historyBytes > SessionLimits.MAX_HISTORY_BYTES) {
      throw new IllegalArgumentException("history bytes: " + historyBytes);
    }
    if (resumeNanos < 0
        || resumeNanos > TimeUnit.SECONDS.toNanos(SessionLimits.MAX_RESUME_SECONDS)) {
      throw new IllegalArgumentException("resume nanos: " + resumeNanos);
    }
  }

  /** A stream that nobody resumes and that loses its oldest events when it is slow. */
  public static Terms standard() {
    return new Terms(SessionLimits.DEFAULT_QUEUE_BYTES, false, 0, 0);
  }
}
