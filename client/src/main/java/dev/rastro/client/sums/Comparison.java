// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.sums;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Two tables of calls, one beside the other. Immutable.
 *
 * @param minCalls times are compared of calls that were made so often on both sides
 */
public record Comparison(CallTable before, CallTable after, long minCalls) {
  /** A bucket's edge is up to a quarter off: less than this is no difference. */
  private static final double SAME_TIME = 1.5;

  private static final double P99 = 0.99;

  /** One syscall on both sides. */
  public record Row(String syscall, CallSums before, CallSums after) {

    public boolean isNew() {
      return before.calls() == 0;
    }

    public boolean isGone() {
      return after.calls() == 0;
    }

    /** Kinds of errors that there were none of before, with their counts. */
    public Map<String, Long> newErrors() {
      return missing(after, before);
    }

    /** Kinds of errors that there are none of any more, with their counts. */
    public Map<String, Long> goneErrors() {
      return missing(before, after);
    }

    /** How many times as long as before the 99th percentile is; 1 where it cannot be told. */
    public double p99Growth() {
      return growth(before.quantileNanos(P99), after.quantileNanos(P99));
    }

    private static Map<String, Long> missing(CallSums from, CallSums in) {
      Map<String, Long> found = new TreeMap<>(from.errorsByKind());
      found.keySet().removeAll(in.errorsByKind().keySet());
      return found;
    }
  }

  /** 1 where one of them is nothing. */
  private static double growth(long before, long after) {
    return before == 0 || after == 0 ? 1 : (double) after / before;
  }

  /** All that there are on either side, by name. */
  public List<Row> rows() {
    Set<String> names = new TreeSet<>(before.bySyscall().keySet());
    names.addAll(after.bySyscall().keySet());
    List<Row> rows = new ArrayList<>();
    names.forEach(name -> rows.add(new Row(name, before.of(name), after.of(name))));
    rows.removeIf(row -> row.isNew() && row.isGone());
    return rows;
  }

  /** Those with other counts, other errors or other times, those whose counts differ most first. */
  public List<Row> changed() {
    return rows().stream()
        .filter(row -> hasOtherCounts(row) || hasOtherTimes(row))
        .sorted(
            Comparator.comparingLong(
                    (Row row) -> Math.abs(row.after().calls() - row.before().calls()))
                .reversed()
                .thenComparing(Row::syscall))
        .toList();
  }

  private static boolean hasOtherCounts(Row row) {
    return row.before().calls() != row.after().calls()
        || !row.before().errorsByKind().equals(row.after().errorsByKind());
  }

  /** Whether the 99th percentile has moved by more than the histogram's grain. */
  public boolean hasOtherTimes(Row row) {
    double growth = row.p99Growth();
    return isTimed(row) && (growth > SAME_TIME || growth < 1 / SAME_TIME);
  }

  /** Whether there are enough calls to speak of their times. */
  public boolean isTimed(Row row) {
    return Math.min(row.before().timed(), row.after().timed()) >= minCalls;
  }
}
