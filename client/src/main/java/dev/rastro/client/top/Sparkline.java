// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.top;

import java.util.Map;

/** A histogram in few columns, each four times as long as the one before. */
final class Sparkline {
  static final int COLUMNS = 14;

  /** As wide as the columns. */
  static final String HEAD = "64ns     ▸ 1s+";

  private static final long FIRST_EDGE = 64;
  private static final int STEP = 4;
  private static final String LEVELS = " ▁▂▃▄▅▆▇█";

  private Sparkline() {}

  /**
   * @param histogram calls by the upper edge of their duration in nanoseconds
   */
  static String of(Map<Long, Long> histogram) {
    long[] counts = new long[COLUMNS];
    histogram.forEach((below, count) -> counts[column(below)] += count);
    long most = 0;
    for (long count : counts) {
      most = Math.max(most, count);
    }
    StringBuilder line = new StringBuilder(COLUMNS);
    for (long count : counts) {
      line.append(LEVELS.charAt(level(count, most)));
    }
    return line.toString();
  }

  private static int column(long below) {
    int column = 0;
    for (long edge = FIRST_EDGE; edge < below && column < COLUMNS - 1; edge *= STEP) {
      column++;
    }
    return column;
  }

  /** Whatever there is shows. */
  private static int level(long count, long most) {
    int highest = LEVELS.length() - 1;
    return count == 0 ? 0 : Math.max(1, (int) Math.round((double) highest * count / most));
  }
}
