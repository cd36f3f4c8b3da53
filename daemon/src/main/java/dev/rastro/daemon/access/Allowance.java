package dev.rastro.daemon.access;

import java.util.concurrent.TimeUnit;

/**
 * So many requests a second, and after a pause so many at once: a bucket that each request empties
 * a little, and time fills. One thread at a time.
 */
final class Allowance {
  private final String name;
  private final int perSecond;
  private final long nanosEach;
  private final long burstNanos;

  /** When the bucket is full again. */
  private long wholeAtNanos = System.nanoTime();

  Allowance(String name, int perSecond, int atOnce) {
    this.name = name;
    this.perSecond = perSecond;
    this.nanosEach = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.burstNanos = nanosEach * (atOnce - 1);
  }

  void check(long now) throws LimitReached {
    long waitNanos = wholeAtNanos - now - burstNanos;
    if (waitNanos > 0) {
      throw new LimitReached(
          name, perSecond, waitNanos, "%s: more than %d".formatted(name, perSecond));
    }
  }

  void take(long now, int requests) {
    wholeAtNanos = now + Math.max(wholeAtNanos - now, 0) + nanosEach * requests;
  }

  boolean isWhole(long now) {
    return wholeAtNanos - now <= 0;
  }
}
