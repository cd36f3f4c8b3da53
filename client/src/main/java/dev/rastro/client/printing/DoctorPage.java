package dev.rastro.client.printing;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.rastro.client.doctor.Finding;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code rastro doctor}: what was found, the remedy below what needs one. */
public final class DoctorPage {
  private static final String INDENT = " ".repeat(24);

  private DoctorPage() {}

  public static String of(List<Finding> findings) {
    StringBuilder page = new StringBuilder();
    for (Finding found : findings) {
      page.append(
          String.format(
              Locale.ROOT,
              "%-8s  %-13s %s%n",
              word(found),
              found.topic(),
              found.says().strip().replace("\n", "\n" + INDENT)));
      if (!found.remedy().isEmpty()) {
        page.append(INDENT).append("→ ").append(found.remedy()).append('\n');
      }
    }
    return page.append(total(findings)).append('\n').toString();
  }

  /** One JSON object a line. */
  public static String lines(List<Finding> findings) {
    return findings.stream()
        .map(
            found ->
                JsonLines.line(
                    Struct.newBuilder()
                        .putFields("verdict", text(word(found)))
                        .putFields("topic", text(found.topic()))
                        .putFields("says", text(found.says()))
                        .putFields("remedy", text(found.remedy()))
                        .build()))
        .collect(Collectors.joining());
  }

  private static String total(List<Finding> findings) {
    long problems = count(findings, Finding.Verdict.PROBLEM);
    long notes = count(findings, Finding.Verdict.NOTE);
    return problems + notes == 0
        ? "nothing to do"
        : problems + " of these will not work, " + notes + " are less than they could be";
  }

  private static long count(List<Finding> findings, Finding.Verdict verdict) {
    return findings.stream().filter(found -> found.verdict() == verdict).count();
  }

  private static String word(Finding found) {
    return found.verdict().name().toLowerCase(Locale.ROOT);
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }
}
