package dev.rastro.daemon.aggregate;

import java.util.Arrays;

/**
 * The counts of a {@link Histogram} while they are being added up. Holds the part between the first
 * and the last bucket that was ever used: most calls take about as long as the others of their
 * kind, and there are tens of thousands of these.
 */
final class Buckets {
  private static final long[] NONE = {};

  private int first;
  private long[] counts = NONE;

  void add(int bucket, long count) {
    if (count != 0) {
      reach(bucket);
      counts[bucket - first] += count;
    }
  }

  void add(Buckets other) {
    for (int i = 0; i < other.counts.length; i++) {
      add(other.first + i, other.counts[i]);
    }
  }

  void subtract(Buckets other) {
    for (int i = 0; i < other.counts.length; i++) {
      add(other.first + i, -other.counts[i]);
    }
  }

  long count(int bucket) {
    int at = bucket - first;
    return at < 0 || at >= counts.length ? 0 : counts[at];
  }

  Histogram histogram() {
    return new Histogram(first, counts);
  }

  private void reach(int bucket) {
    if (counts.length == 0) {
      first = bucket;
      counts = new long[1];
    } else if (bucket < first) {
      long[] wider = new long[counts.length + first - bucket];
      System.arraycopy(counts, 0, wider, first - bucket, counts.length);
      first = bucket;
      counts = wider;
    } else if (bucket - first >= counts.length) {
      counts = Arrays.copyOf(counts, bucket - first + 1);
    }
  }
}
