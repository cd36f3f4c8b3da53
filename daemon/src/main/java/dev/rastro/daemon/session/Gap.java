package dev.rastro.daemon.session;

/**
 * Events that a stream should have had and has not, told where they are missing.
 *
 * @param fromNanos CLOCK_MONOTONIC, no earlier than
 * @param toNanos no later than
 */
public record Gap(Loss cause, long count, long fromNanos, long toNanos) {

  Gap and(Gap later) {
    return new Gap(
        cause,
        count + later.count,
        Math.min(fromNanos, later.fromNanos),
        Math.max(toNanos, later.toNanos));
  }
}
