package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A long trace into a file: every line there, in order. */
@Tag("kernel")
final class PairsTest {
  private static final int PAIRS = 170_000;

  /** The calls of programs/pairs.c before the first pair and after the last are fewer. */
  private static final int OTHER_LINES_MOST = 60;

  private static final Pattern NUMBER = Pattern.compile("\"(\\d{7})\\\\n\"");
  private static final Pattern LOST = Pattern.compile("^rastro: lost (\\d+) events \\(");

  @TempDir private Path folder;

  /** At a pace at which the ring holds what comes in five seconds: nothing is lost. */
  @Test
  void aFileOf340000SmallReadsAndWritesIsCompleteAndInOrder() throws IOException {
    Seen seen = trace("20000");
    assertEquals(0, seen.lost);
    assertEquals(2 * PAIRS, seen.lines);
  }

  /** As fast as it goes, whoever has to wait for a processor: what is not there is told as lost. */
  @Test
  void whatIsNotThereOf340000IsToldAsLost() throws IOException {
    Seen seen = trace("0");
    int missing = 2 * PAIRS - seen.lines;
    assertTrue(
        seen.lost >= missing && seen.lost <= missing + OTHER_LINES_MOST,
        () -> missing + " are missing, " + seen.lost + " told as lost");
  }

  /** Fails when the lines are not in order. */
  private Seen trace(String rest) throws IOException {
    Path file = folder.resolve("trace");
    String program = Tree.program("pairs");
    Run.rastro(
            "trace",
            "-e",
            "trace=read,write",
            "-o",
            file.toString(),
            "--",
            program,
            Integer.toString(PAIRS),
            rest)
        .succeeded();
    Seen seen = new Seen();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      lines.lines().forEach(seen::add);
    }
    assertTrue(seen.others <= OTHER_LINES_MOST, () -> seen.others + " other lines");
    return seen;
  }

  /** What a file had. */
  private static final class Seen {
    private int lines;
    private int others;
    private long lost;
    private int last = -1;

    private void add(String line) {
      Matcher number = NUMBER.matcher(line);
      Matcher gap = LOST.matcher(line);
      if (gap.find()) {
        lost += Long.parseLong(gap.group(1));
      } else if (number.find()) {
        int pair = Integer.parseInt(number.group(1));
        int index = 2 * pair + (line.startsWith("read") ? 1 : 0);
        assertEquals(expected(index), line);
        assertTrue(index > last && (index == last + 1 || lost > 0), () -> line + " after " + last);
        last = index;
        lines++;
      } else {
        others++;
      }
    }

    /** Writes are even, reads odd. */
    private static String expected(int index) {
      String text = "\"%07d\\n\"".formatted(index / 2);
      return index % 2 == 0
          ? "%-39s = 8".formatted("write(101, " + text + ", 8)")
          : "%-39s = 8".formatted("read(100, " + text + ", 16)");
    }
  }
}
