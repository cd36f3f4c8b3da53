package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A long trace into a file: every line there, in order, nothing lost. */
@Tag("kernel")
final class PairsTest {
  private static final int PAIRS = 170_000;

  /** The calls of programs/pairs.c before the first pair and after the last are fewer. */
  private static final int OTHER_LINES_MOST = 60;

  @TempDir private Path folder;

  @Test
  void aFileOf340000SmallReadsAndWritesIsCompleteAndInOrder() throws IOException {
    Path file = folder.resolve("trace");
    Run.rastro("trace", "-o", file.toString(), "--", Tree.program("pairs"), Integer.toString(PAIRS))
        .succeeded();
    int next = 0;
    int others = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals(expected(next))) {
          next++;
        } else {
          others++;
          if (others > OTHER_LINES_MOST || line.startsWith("rastro:")) {
            assertEquals(expected(next), line, "after " + next + " lines");
          }
        }
      }
    }
    assertEquals(2 * PAIRS, next);
  }

  /** Writes are even, reads odd. */
  private static String expected(int index) {
    String text = "\"%07d\\n\"".formatted(index / 2);
    return index % 2 == 0
        ? "%-39s = 8".formatted("write(101, " + text + ", 8)")
        : "%-39s = 8".formatted("read(100, " + text + ", 16)");
  }
}
