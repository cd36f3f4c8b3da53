package dev.rastro.client.printing;

import java.util.Optional;

/**
 * Which times are shown.
 *
 * @param relative the time since the line before
 * @param spent the time inside each call
 */
public record Timestamps(
    Clock clock, Precision precision, Optional<Precision> relative, Optional<Precision> spent) {
  public static final Timestamps NONE =
      new Timestamps(Clock.NONE, Precision.SECONDS, Optional.empty(), Optional.empty());

  /** How the time of day is written. */
  public enum Clock {
    NONE,
    /** Hours, minutes and seconds where we are. */
    TIME,
    /** Seconds since 1970. */
    UNIX
  }
}
