package dev.rastro.bench;

/**
 * How long to measure.
 *
 * @param rounds of each comparison
 * @param millis of each tracer in a round
 * @param seconds of a stream at full rate
 */
public record Effort(int rounds, long millis, long seconds) {
  static final Effort QUICK = new Effort(4, 30, 2);
  static final Effort FULL = new Effort(25, 60, 10);

  public boolean isQuick() {
    return equals(QUICK);
  }
}
