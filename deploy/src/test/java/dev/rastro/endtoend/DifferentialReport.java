package dev.rastro.endtoend;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the suite found, and its text. */
record DifferentialReport(List<Comparison> comparisons, List<Accepted> accepted) {

  /** Lines that are the same, of how many. */
  record Share(int cases, int identical, int lines) {
    double percent() {
      return lines == 0 ? 100 : 100.0 * identical / lines;
    }

    @Override
    public String toString() {
      return "%d cases, %d of %d lines identical: %.2f %%"
          .formatted(cases, identical, lines, percent());
    }
  }

  Share programs() {
    return share(comparison -> !comparison.which().script());
  }

  Share scripts() {
    return share(comparison -> comparison.which().script());
  }

  /** Differences for which accepted.txt has no reason. */
  List<String> unexplained() {
    return comparisons.stream()
        .flatMap(
            comparison ->
                comparison.differences().stream()
                    .filter(difference -> reason(difference).isEmpty())
                    .map(difference -> comparison.which().title() + "\n" + text(difference)))
        .toList();
  }

  String text() {
    StringBuilder text = new StringBuilder("# Lines that differ from strace's\n\n");
    text.append("C programs: ").append(programs()).append("\n\n");
    text.append("Script lines: ").append(scripts()).append("\n\n");
    text.append("Differences without a listed reason: ").append(unexplained().size());
    text.append("\n\nNot compared:\n\n");
    for (Normalisation each : Normalisation.ALL) {
      text.append("- ").append(each.name()).append(": ").append(each.reason()).append('\n');
    }
    Map<String, List<Comparison>> byFamily =
        comparisons.stream()
            .collect(
                Collectors.groupingBy(c -> c.which().family(), TreeMap::new, Collectors.toList()));
    byFamily.forEach((family, all) -> family(text, family, all));
    return text.toString();
  }

  private void family(StringBuilder text, String family, List<Comparison> all) {
    Share share = share(comparison -> comparison.which().family().equals(family));
    text.append("\n## ").append(family).append(": ").append(share).append('\n');
    for (Comparison comparison : all) {
      if (!comparison.differences().isEmpty()) {
        text.append("\n### ").append(comparison.which().title()).append("\n\n```diff\n");
        for (Comparison.Difference difference : comparison.differences()) {
          text.append(text(difference));
          reason(difference).ifPresent(why -> text.append("  # ").append(why).append('\n'));
        }
        text.append("```\n");
      }
    }
  }

  private Optional<String> reason(Comparison.Difference difference) {
    return Accepted.reason(accepted, difference);
  }

  private static String text(Comparison.Difference difference) {
    return (difference.strace().isEmpty() ? "" : "- " + difference.strace() + "\n")
        + (difference.rastro().isEmpty() ? "" : "+ " + difference.rastro() + "\n");
  }

  private Share share(Predicate<Comparison> which) {
    List<Comparison> all = comparisons.stream().filter(which).toList();
    return new Share(
        all.size(),
        all.stream().mapToInt(Comparison::identical).sum(),
        all.stream().mapToInt(Comparison::lines).sum());
  }
}
