// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.sums;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.v1.Bucket;
import dev.rastro.v1.ErrorCount;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.Histogram;
import dev.rastro.v1.SummaryRow;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ComparisonTest {
  /** 1000 reads of 100 ns but for eleven of 10 µs, and two failed openat. */
  private static final CallTable BEFORE =
      table(
          row("read", 1000, 128, 989, 10_240, 11),
          row("openat", 5, 1024, 5, 0, 0, "ENOENT", 2),
          row("stat", 3, 512, 3, 0, 0));

  private static final CallTable AFTER =
      table(
          row("read", 1200, 128, 1100, 40_960, 100),
          row("openat", 5, 4096, 5, 0, 0, "EACCES", 1, "ENOENT", 2),
          row("statx", 3, 512, 3, 0, 0));

  private static final Comparison COMPARISON = new Comparison(BEFORE, AFTER, 100);

  @Test
  void newAndGoneCallsAndErrorsAreFound() {
    Map<Boolean, List<String>> news = split(Comparison.Row::isNew);
    assertEquals(List.of("statx"), news.get(true));
    assertEquals(List.of("stat"), split(Comparison.Row::isGone).get(true));
    Comparison.Row openat = row("openat");
    assertEquals(Map.of("EACCES", 1L), openat.newErrors());
    assertEquals(Map.of(), openat.goneErrors());
  }

  @Test
  void timesAreComparedWhereThereAreEnoughCalls() {
    assertEquals(4, row("read").p99Growth(), 1e-9);
    assertTrue(COMPARISON.hasOtherTimes(row("read")));
    assertEquals(4, row("openat").p99Growth(), 1e-9);
    assertFalse(COMPARISON.hasOtherTimes(row("openat")), "five calls say nothing");
    assertTrue(new Comparison(BEFORE, AFTER, 5).hasOtherTimes(row("openat")));
  }

  @Test
  void whatIsTheSameIsNotShown() {
    assertEquals(List.of(), new Comparison(BEFORE, BEFORE, 100).changed());
    assertEquals(
        List.of("read", "stat", "statx", "openat"),
        COMPARISON.changed().stream().map(Comparison.Row::syscall).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          new-call         | new-call: statx (3 calls)
          gone-call        | gone-call: stat (3 calls)
          new-error        | new-error: openat EACCES (1)
          gone-error       |
          calls>20%        |
          calls>19%        | calls>19%: all calls: 1208, before 1008
          read:calls>10%   | read:calls>10%: read: 1200, before 1000
          read:calls>1.2x  |
          openat:errors>0% | openat:errors>0%: openat: 3, before 2
          p99>3x           | p99>3x: read: 40960, before 10240
          p50>1x           |
          statx:calls>9x   | statx:calls>9x: statx: 3, before 0
          write:calls>0%   |
          """)
  void aConditionIsMetByWhatItNames(String text, String violation) {
    List<String> found = Condition.parse(text).orElseThrow().violations(COMPARISON);
    assertEquals(violation == null ? List.of() : List.of(violation), found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "new", "calls", "calls>", "calls>10", "p98>1x", "calls<10%", "a b:calls>1x"})
  void whatIsNoConditionIsRefused(String text) {
    assertTrue(Condition.parse(text).isEmpty());
  }

  @Test
  void sumsComeApartAsTheyCameTogether() {
    CallSums read = BEFORE.of("read");
    CallSums more = AFTER.of("read");
    CallSums both = read.plus(more);
    assertEquals(2200, both.calls());
    assertEquals(read.histogram(), both.minus(more).histogram());
    assertEquals(read.errorsByKind(), both.minus(more).errorsByKind());
    assertEquals(read.totalNanos(), both.minus(more).totalNanos());
    assertEquals(0, both.minus(both).quantileNanos(0.99));
  }

  @Test
  void rowsOfProcessesAreNoTable() {
    GetSummaryResponse byProcess =
        GetSummaryResponse.newBuilder().addRows(SummaryRow.newBuilder().setCalls(1)).build();
    assertThrows(IllegalArgumentException.class, () -> CallTable.of("x", byProcess));
  }

  private static Map<Boolean, List<String>> split(Predicate<Comparison.Row> by) {
    return COMPARISON.rows().stream()
        .collect(
            Collectors.partitioningBy(
                by, Collectors.mapping(Comparison.Row::syscall, Collectors.toList())));
  }

  private static Comparison.Row row(String syscall) {
    return COMPARISON.rows().stream()
        .filter(row -> row.syscall().equals(syscall))
        .findFirst()
        .orElseThrow();
  }

  private static CallTable table(SummaryRow... rows) {
    return CallTable.of("side", GetSummaryResponse.newBuilder().addAllRows(List.of(rows)).build());
  }

  private static SummaryRow row(
      String syscall,
      long calls,
      long edge,
      long quick,
      long slowEdge,
      long slow,
      Object... errors) {
    Histogram.Builder histogram =
        Histogram.newBuilder().addBuckets(Bucket.newBuilder().setBelowNanos(edge).setCount(quick));
    if (slow > 0) {
      histogram.addBuckets(Bucket.newBuilder().setBelowNanos(slowEdge).setCount(slow));
    }
    SummaryRow.Builder row =
        SummaryRow.newBuilder()
            .setSyscall(syscall)
            .setCalls(calls)
            .setTimedCalls(quick + slow)
            .setTotalNanos(calls * edge)
            .setMaxNanos(Math.max(edge, slowEdge))
            .setHistogram(histogram);
    for (int i = 0; i < errors.length; i += 2) {
      int count = (Integer) errors[i + 1];
      row.setErrors(row.getErrors() + count)
          .addErrorsByErrno(ErrorCount.newBuilder().setName((String) errors[i]).setCount(count));
    }
    return row.build();
  }
}
