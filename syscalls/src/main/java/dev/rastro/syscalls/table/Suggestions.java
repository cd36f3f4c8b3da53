package dev.rastro.syscalls.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Names that somebody may have meant. */
public final class Suggestions {
  private static final int MOST = 3;
  private static final int LONGEST_NAME = 64;

  private Suggestions() {}

  /** The nearest of the candidates, nearest first; none when all are far. */
  public static List<String> nearest(String wanted, Collection<String> candidates) {
    if (wanted.isEmpty() || wanted.length() > LONGEST_NAME) {
      return List.of();
    }
    record Scored(String name, int distance) {}
    int limit = Math.max(1, wanted.length() / 3);
    List<Scored> scored = new ArrayList<>();
    for (String candidate : candidates) {
      int distance = distance(wanted, candidate);
      if (distance <= limit) {
        scored.add(new Scored(candidate, distance));
      }
    }
    scored.sort(Comparator.comparingInt(Scored::distance).thenComparing(Scored::name));
    int best = scored.isEmpty() ? 0 : scored.get(0).distance();
    return scored.stream().filter(s -> s.distance() == best).limit(MOST).map(Scored::name).toList();
  }

  /**
   * Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
   */
  private static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    Arrays.setAll(last, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }
}
