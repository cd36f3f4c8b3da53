// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.sums;

import dev.rastro.v1.Bucket;
import dev.rastro.v1.ErrorCount;
import dev.rastro.v1.SummaryRow;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongBinaryOperator;

/**
 * Calls, errors and durations of one row or of several. Immutable.
 *
 * @param errorsByKind how many calls failed with each errno, by its name
 * @param timed calls with a known duration; the others have none in what follows
 * @param histogram calls by the exclusive upper edge of their duration's bucket in nanoseconds
 */
public record CallSums(
    long calls,
    long errors,
    Map<String, Long> errorsByKind,
    long timed,
    long totalNanos,
    long maxNanos,
    TreeMap<Long, Long> histogram) {

  public static final CallSums NONE = new CallSums(0, 0, Map.of(), 0, 0, 0, new TreeMap<>());

  public CallSums {
    errorsByKind = Map.copyOf(errorsByKind);
    histogram = new TreeMap<>(histogram);
  }

  public static CallSums of(SummaryRow row) {
    Map<String, Long> errors = new TreeMap<>();
    row.getErrorsByErrnoList()
        .forEach(error -> errors.merge(name(error), error.getCount(), Long::sum));
    TreeMap<Long, Long> histogram = new TreeMap<>();
    for (Bucket bucket : row.getHistogram().getBucketsList()) {
      histogram.put(bucket.getBelowNanos(), bucket.getCount());
    }
    return new CallSums(
        row.getCalls(),
        row.getErrors(),
        errors,
        row.getTimedCalls(),
        row.getTotalNanos(),
        row.getMaxNanos(),
        histogram);
  }

  public static CallSums of(Collection<CallSums> parts) {
    return parts.stream().reduce(NONE, CallSums::plus);
  }

  public CallSums plus(CallSums other) {
    return combined(other, Math.max(maxNanos, other.maxNanos), Long::sum);
  }

  /**
   * What came since an earlier moment. The longest is no more known than by its bucket.
   *
   * @param earlier of the same row
   */
  public CallSums minus(CallSums earlier) {
    CallSums rest = combined(earlier, maxNanos, (now, before) -> now - before);
    long longest = rest.histogram.isEmpty() ? 0 : Math.min(maxNanos, rest.histogram.lastKey());
    return new CallSums(
        rest.calls,
        rest.errors,
        rest.errorsByKind,
        rest.timed,
        rest.totalNanos,
        longest,
        rest.histogram);
  }

  /**
   * Upper edge of the bucket that holds this fraction of the calls, or the longest where that is
   * less; 0 when there are none.
   */
  public long quantileNanos(double fraction) {
    long rank = Math.max(1, (long) Math.ceil(fraction * timed));
    long seen = 0;
    for (Map.Entry<Long, Long> bucket : histogram.entrySet()) {
      seen += bucket.getValue();
      if (seen >= rank) {
        return Math.min(bucket.getKey(), maxNanos);
      }
    }
    return 0;
  }

  private CallSums combined(CallSums other, long longest, LongBinaryOperator operation) {
    Map<String, Long> kinds =
        combined(errorsByKind, other.errorsByKind, new TreeMap<>(), operation);
    TreeMap<Long, Long> buckets = new TreeMap<>();
    combined(histogram, other.histogram, buckets, operation);
    return new CallSums(
        operation.applyAsLong(calls, other.calls),
        operation.applyAsLong(errors, other.errors),
        kinds,
        operation.applyAsLong(timed, other.timed),
        operation.applyAsLong(totalNanos, other.totalNanos),
        longest,
        buckets);
  }

  /** Those that come to nothing are left out. */
  private static <K> Map<K, Long> combined(
      Map<K, Long> ours, Map<K, Long> others, Map<K, Long> into, LongBinaryOperator operation) {
    into.putAll(ours);
    others.forEach(
        (key, count) -> into.put(key, operation.applyAsLong(ours.getOrDefault(key, 0L), count)));
    into.values().removeIf(count -> count == 0);
    return into;
  }

  private static String name(ErrorCount error) {
    return error.getName().isEmpty() ? Integer.toString(error.getNumber()) : error.getName();
  }
}
