package dev.rastro.daemon.drain;

import java.util.concurrent.TimeUnit;

/**
 * Proof that the drain goes round.
 *
 * @param beat runs on the drain thread and must not block
 * @param periodNanos between two beats, at most one hour
 */
public record Pulse(Runnable beat, long periodNanos) {

  private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);

  /** Nobody listens. */
  public static final Pulse NONE = new Pulse(() -> {}, LONGEST_NANOS);

  public Pulse {
    if (periodNanos <= 0 || periodNanos > LONGEST_NANOS) {
      throw new IllegalArgumentException("a pulse every %d ns".formatted(periodNanos));
    }
  }
}
