package dev.rastro.client.printing;

import java.util.Optional;

/** How many digits of a second are shown. */
public enum Precision {
  SECONDS("s", 0),
  MILLIS("ms", 3),
  MICROS("us", 6),
  NANOS("ns", 9);

  private static final int NANO_DIGITS = 9;

  private final String unit;
  private final int digits;

  Precision(String unit, int digits) {
    this.unit = unit;
    this.digits = digits;
  }

  public static Optional<Precision> parse(String unit) {
    for (Precision precision : values()) {
      if (precision.unit.equals(unit)) {
        return Optional.of(precision);
      }
    }
    return Optional.empty();
  }

  int digits() {
    return digits;
  }

  public long nanos() {
    long nanos = 1;
    for (int i = digits; i < NANO_DIGITS; i++) {
      nanos *= 10;
    }
    return nanos;
  }
}
