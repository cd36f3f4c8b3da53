package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Small programs of every family of calls, under strace and under Rastro.
 * deploy/target/differential.md says what differs.
 */
@Tag("kernel")
@Tag("once")
final class DifferentialTest {
  private static final int CASES_AT_LEAST = 300;
  private static final double IDENTICAL_PERCENT = 97;

  private static DifferentialReport report;

  @BeforeAll
  static void runAll() {
    report = DifferentialSuite.run("");
  }

  @Test
  void manyCasesAreRun() {
    assertTrue(report.comparisons().size() >= CASES_AT_LEAST, report.text());
  }

  @Test
  void programsAreWrittenAsStraceWritesThem() {
    assertTrue(report.programs().percent() >= IDENTICAL_PERCENT, report.text());
  }

  @Test
  void everyDifferenceHasAReason() {
    assertEquals(
        List.of(), report.unexplained(), "mend the decoder; what cannot be is for accepted.txt");
  }

  @Test
  void scriptsAreWrittenAsStraceWritesThem() {
    assertTrue(report.scripts().percent() >= IDENTICAL_PERCENT, report.text());
  }
}
