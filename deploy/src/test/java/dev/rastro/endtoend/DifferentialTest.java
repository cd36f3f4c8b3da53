package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Small programs of every family of calls, under strace and under Rastro.
 * deploy/target/differential.md says what differs.
 */
@Tag("kernel")
final class DifferentialTest {
  private static final int CASES_AT_LEAST = 300;
  private static final double IDENTICAL_PERCENT = 97;

  /** Short of {@link #IDENTICAL_PERCENT}, which is the aim: what is reached is not given up. */
  private static final double PROGRAMS_IDENTICAL_PERCENT = 92;

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
    assertTrue(report.programs().percent() >= PROGRAMS_IDENTICAL_PERCENT, report.text());
  }

  @Test
  void scriptsAreWrittenAsStraceWritesThem() {
    assertTrue(report.scripts().percent() >= IDENTICAL_PERCENT, report.text());
  }
}
