package dev.rastro.daemon.aggregate;

/**
 * Durations in buckets that grow with them: four to each power of two from 2^5 ns on, so an edge is
 * at most a quarter off. The first bucket holds all that is shorter too, the last all that is
 * longer. Immutable.
 */
public final class Histogram {
  /** As RASTRO_HISTOGRAM_BUCKETS. */
  public static final int BUCKETS = 128;

  /** Upper edge of the last bucket: none. */
  public static final long NO_EDGE = Long.MAX_VALUE;

  /** Of nothing. */
  public static final Histogram EMPTY = new Histogram(0, new long[0]);

  private static final int SMALLEST_POWER = 5;
  private static final int STEPS = 4;

  /** The bucket of the first count; those before and behind are empty. */
  private final int first;

  private final long[] counts;

  /**
   * @param first the bucket of the first count
   */
  Histogram(int first, long[] counts) {
    if (first < 0 || first + counts.length > BUCKETS) {
      throw new IllegalArgumentException(
          "histogram: %d buckets from %d on".formatted(counts.length, first));
    }
    this.first = first;
    this.counts = counts.clone();
  }

  public long count(int bucket) {
    int at = bucket - first;
    return at < 0 || at >= counts.length ? 0 : counts[at];
  }

  /** Both together. */
  public Histogram plus(Histogram other) {
    Buckets sums = new Buckets();
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      sums.add(bucket, count(bucket) + other.count(bucket));
    }
    return sums.histogram();
  }

  public long total() {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  /** Exclusive upper edge of a bucket in nanoseconds. */
  public static long belowNanos(int bucket) {
    if (bucket == BUCKETS - 1) {
      return NO_EDGE;
    }
    int power = SMALLEST_POWER + bucket / STEPS;
    long base = 1L << power;
    return base + (base / STEPS) * (bucket % STEPS + 1);
  }

  /** Upper edge of the bucket that holds the given fraction of all; 0 when there is none. */
  public long quantileNanos(double fraction) {
    long total = total();
    long rank = Math.max(1, (long) Math.ceil(fraction * total));
    long seen = 0;
    for (int bucket = 0; bucket < BUCKETS && total > 0; bucket++) {
      seen += count(bucket);
      if (seen >= rank) {
        return belowNanos(bucket);
      }
    }
    return 0;
  }
}
