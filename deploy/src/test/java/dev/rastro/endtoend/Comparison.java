package dev.rastro.endtoend;

import java.util.ArrayList;
import java.util.List;

/**
 * Two traces of one case, line by line. Lines are aligned so that one that is missing is one
 * difference, not a difference of all lines after it.
 *
 * @param identical lines that are in both
 * @param differences what is not, in order
 */
record Comparison(Case which, int identical, List<Difference> differences) {

  /** A line of strace's and what stands in its place; either may be empty. */
  record Difference(String strace, String rastro) {}

  static Comparison of(Case which, CaseTrace strace, CaseTrace rastro) {
    List<CaseTrace.Line> a = strace.lines().stream().map(Normalisation::applied).toList();
    List<CaseTrace.Line> b = rastro.lines().stream().map(Normalisation::applied).toList();
    int[][] longest = new int[a.size() + 1][b.size() + 1];
    for (int i = a.size() - 1; i >= 0; i--) {
      for (int j = b.size() - 1; j >= 0; j--) {
        longest[i][j] =
            a.get(i).sameAs(b.get(j))
                ? longest[i + 1][j + 1] + 1
                : Math.max(longest[i + 1][j], longest[i][j + 1]);
      }
    }
    List<Difference> differences = new ArrayList<>();
    List<String> onlyA = new ArrayList<>();
    List<String> onlyB = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      if (i < a.size() && j < b.size() && a.get(i).sameAs(b.get(j))) {
        pair(onlyA, onlyB, differences);
        i++;
        j++;
      } else if (j == b.size() || (i < a.size() && longest[i + 1][j] >= longest[i][j + 1])) {
        onlyA.add(a.get(i++).text());
      } else {
        onlyB.add(b.get(j++).text());
      }
    }
    pair(onlyA, onlyB, differences);
    return new Comparison(which, longest[0][0], List.copyOf(differences));
  }

  int lines() {
    return identical + differences.size();
  }

  /** Whether it has a difference that {@code accepted} gives no reason for. */
  boolean isOpen(List<Accepted> accepted) {
    return differences.stream().anyMatch(each -> Accepted.reason(accepted, each).isEmpty());
  }

  private static void pair(List<String> a, List<String> b, List<Difference> differences) {
    for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
      differences.add(new Difference(i < a.size() ? a.get(i) : "", i < b.size() ? b.get(i) : ""));
    }
    a.clear();
    b.clear();
  }
}
