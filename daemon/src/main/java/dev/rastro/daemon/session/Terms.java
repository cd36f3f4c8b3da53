// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.session;

import dev.rastro.daemon.detail.Detail;
import java.util.concurrent.TimeUnit;

/**
 * How a stream is served.
 *
 * @param queueBytes bound of the queue
 * @param resumeNanos how long the session outlives a connection that breaks; 0 for not at all
 * @param historyBytes how much of what was sent is kept for whoever comes back
 * @param detail the most that whoever reads may see of an event
 */
public record Terms(
    int queueBytes, Overload overload, long resumeNanos, int historyBytes, Detail detail) {

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
    return new Terms(SessionLimits.DEFAULT_QUEUE_BYTES, Overload.DROP_OLDEST, 0, 0, Detail.FULL);
  }

  /** The same for somebody who may see so much. */
  public Terms showing(Detail most) {
    return new Terms(queueBytes, overload, resumeNanos, historyBytes, most);
  }
}
