// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.client.screen.Key;
import dev.rastro.client.screen.Line;
import dev.rastro.client.screen.Style;
import dev.rastro.v1.Bucket;
import dev.rastro.v1.Histogram;
import dev.rastro.v1.ProcessKey;
import dev.rastro.v1.SummaryFrame;
import dev.rastro.v1.SummaryRow;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TopTest {
  private static final int SELF = 999;
  private static final int ROWS = 24;

  private final TopView view =
      new TopView(TopQuestion.first(TopQuestion.By.PROCESS, TopQuestion.Sort.CALLS));
  private final Top top = new Top(new TopTable(SELF), view, "everything");

  /** Two seconds in which a server read 200 times, failed 20 times, and a shell forked. */
  @BeforeEach
  void frames() {
    assertTrue(
        top.apply(
            frame(1, true, row(10, "server", "read", 1000, 100), row(20, "sh", "clone", 5, 0))));
    assertTrue(
        top.apply(
            frame(
                3,
                false,
                row(10, "server", "read", 1200, 120),
                row(10, "server", "write", 50, 0),
                row(20, "sh", "clone", 25, 0),
                row(SELF, "java", "futex", 9999, 0))));
  }

  @Test
  void ratesAreOfTheLastInterval() {
    assertEquals(
        List.of("125 10 10 server", "10 20 sh"),
        text().stream().skip(3).limit(2).map(TopTest::figures).toList());
    assertTrue(text().get(1).startsWith("135 calls/s  10 errors/s  in 2.0 s"), text().get(1));
  }

  @Test
  void whatRestsIsNotShownAndWhatIsGoneIsForgotten() {
    assertTrue(top.apply(frame(4, false, row(20, "sh", "clone", 26, 0))));
    assertEquals(List.of("1.0 20 sh"), table());
    press("a");
    assertEquals(List.of("1250 120 10 server", "26 20 sh"), table());
    SummaryFrame gone =
        frame(5, false).toBuilder()
            .addGone(SummaryRow.newBuilder().setProcess(process(10)).setSyscall("read"))
            .build();
    assertTrue(top.apply(gone));
    assertEquals(List.of("50 10 server", "26 20 sh"), table());
  }

  @Test
  void aFrameOfSeveralMessagesIsOne() {
    assertFalse(
        top.apply(
            frame(4, false, row(20, "sh", "clone", 26, 0)).toBuilder().setContinues(true).build()));
    assertEquals(List.of("125 10 10 server", "10 20 sh"), table());
    SummaryFrame rest =
        SummaryFrame.newBuilder().addRows(row(10, "server", "read", 1201, 120)).build();
    assertTrue(top.apply(rest));
    assertEquals(List.of("1.0 10 server", "1.0 20 sh"), table());
  }

  @Test
  void keysChangeWhatALineStandsForAndTheOrder() {
    press("b");
    assertEquals(List.of("100 10 read", "25 write", "10 clone"), table());
    press("r");
    assertEquals(List.of("10 clone", "25 write", "100 10 read"), table());
    press("b");
    press("s");
    assertEquals("100 10 10 server read", table().get(0));
  }

  @Test
  void enterGoesIntoAProcessAndThenIntoItsTrace() {
    press(Key.Name.DOWN);
    press(Key.Name.ENTER);
    assertEquals(List.of("10 clone"), table());
    assertTrue(text().get(0).endsWith("> process 20"), text().get(0));
    assertEquals(20, assertInstanceOf(TopView.Wish.Trace.class, press(Key.Name.ENTER)).pid());
    press(Key.Name.BACK);
    assertEquals(2, table().size());
    press("b");
    press(Key.Name.ENTER);
    assertEquals(List.of("100 10 10 server"), table(), "the processes that read");
  }

  @Test
  void theChosenLineMovesWithWhatItStandsFor() {
    press(Key.Name.DOWN);
    assertTrue(top.apply(frame(4, false, row(20, "sh", "clone", 999, 0))));
    Line chosen =
        top.lines(ROWS, 80).stream()
            .filter(line -> line.pieces().size() == 1 && line.text().contains(" sh"))
            .findFirst()
            .orElseThrow();
    assertEquals(Style.INVERSE, chosen.pieces().get(0).style());
    assertEquals(80, chosen.text().length());
  }

  @Test
  void aFilterIsTypedAndTakenBack() {
    press("/");
    "SH".chars().forEach(letter -> press(Character.toString(letter)));
    assertEquals(List.of("10 20 sh"), table());
    assertTrue(text().get(ROWS - 1).contains("filter: SH_"), text().get(ROWS - 1));
    press(Key.Name.BACK);
    press("q");
    press(Key.Name.ENTER);
    assertEquals(List.of(), table(), "q was a letter of it");
    press(Key.Name.ESCAPE);
    assertEquals(2, table().size());
  }

  @Test
  void otherKeysDoWhatTheHelpSays() {
    press(" ");
    assertTrue(top.isPaused());
    assertTrue(text().get(0).endsWith("paused"));
    press("?");
    assertTrue(text().get(0).equals("rastro top") && text().size() < ROWS, text()::toString);
    assertInstanceOf(TopView.Wish.Draw.class, press("q"), "any key leaves the help");
    assertInstanceOf(TopView.Wish.Quit.class, press("q"));
    assertTrue(top.lines(ROWS, 80).stream().map(Line::text).allMatch(line -> line.length() <= 80));
  }

  @ParameterizedTest
  @CsvSource({"24,80", "10,40", "3,20", "1,1", "60,200"})
  void theChosenLineIsOnAScreenOfAnySize(int rows, int columns) {
    SummaryRow[] many = new SummaryRow[200];
    for (int i = 0; i < many.length; i++) {
      many[i] = row(1000 + i, "p", "read", 10_000 + i, 0);
    }
    assertTrue(top.apply(frame(4, false, many)));
    for (int i = 0; i < 150; i++) {
      press(Key.Name.DOWN);
    }
    List<Line> lines = top.lines(rows, columns);
    assertEquals(Math.max(rows, 5), lines.size());
    assertEquals(
        1,
        lines.stream()
            .skip(3)
            .filter(line -> line.pieces().size() == 1)
            .filter(line -> line.pieces().get(0).style() == Style.INVERSE)
            .count());
  }

  @Test
  void incompleteSumsSayWhy() {
    assertTrue(
        top.apply(
            frame(4, false).toBuilder()
                .setComplete(false)
                .addIncompleteBecause("3 calls were not counted")
                .build()));
    assertEquals("not complete: 3 calls were not counted", text().get(1));
  }

  @Test
  void aHistogramIsAsHighAsItsShare() {
    assertEquals(
        "█     ▄      ▁", Sparkline.of(Map.of(40L, 80L, 200_000L, 40L, Long.MAX_VALUE, 1L)));
    assertEquals(Sparkline.COLUMNS, Sparkline.HEAD.length());
    assertEquals(" ".repeat(Sparkline.COLUMNS), Sparkline.of(Map.of()));
  }

  private TopView.Wish press(String letter) {
    return top.press(Key.of(letter), ROWS);
  }

  private TopView.Wish press(Key.Name name) {
    return top.press(Key.of(name), ROWS);
  }

  private List<String> text() {
    return top.lines(ROWS, 80).stream().map(line -> line.text().stripTrailing()).toList();
  }

  /** Rates, errors and names of the lines. */
  private List<String> table() {
    return top.plain(20, 80).stream().skip(3).map(Line::text).map(TopTest::figures).toList();
  }

  /** Without times and histogram. */
  private static String figures(String line) {
    String counts = line.substring(0, 16).strip();
    String names = line.substring(33 + Sparkline.COLUMNS).strip();
    return List.of((counts + " " + names).split(" +", -1)).stream()
        .filter(word -> !word.isEmpty())
        .collect(Collectors.joining(" "));
  }

  private static SummaryFrame frame(int seconds, boolean full, SummaryRow... rows) {
    return SummaryFrame.newBuilder()
        .setFull(full)
        .setTimeNanos(seconds * 1_000_000_000L)
        .setWindowNanos(seconds * 1_000_000_000L)
        .setComplete(true)
        .addAllRows(List.of(rows))
        .build();
  }

  private static ProcessKey process(int pid) {
    return ProcessKey.newBuilder().setPid(pid).setStartTimeNanos(1).build();
  }

  private static SummaryRow row(int pid, String comm, String syscall, long calls, long errors) {
    return SummaryRow.newBuilder()
        .setProcess(process(pid))
        .setComm(comm)
        .setSyscall(syscall)
        .setCalls(calls)
        .setErrors(errors)
        .setTimedCalls(calls)
        .setMaxNanos(500)
        .setHistogram(
            Histogram.newBuilder()
                .addBuckets(Bucket.newBuilder().setBelowNanos(512).setCount(calls)))
        .build();
  }
}
