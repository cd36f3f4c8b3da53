package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A known number of calls: what is not shown is told. */
@Tag("kernel")
final class MillionTest {
  private static final int CALLS = 1_000_000;

  /** What the trace has besides, and may lose: the command's fork, exec and exit. */
  private static final int OTHER_EVENTS = 3;

  private static final Pattern LOST = Pattern.compile("^rastro: lost (\\d+) events \\(");

  private static Daemon daemon;

  @TempDir Path folder;

  @BeforeAll
  static void start(@TempDir Path home) {
    daemon = Daemon.start(home);
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  @Test
  void everyCallIsShownOrToldAsLost() throws IOException {
    Path file = folder.resolve("trace");
    daemon
        .rastro(
            "trace",
            "-e",
            "trace=getppid",
            "-o",
            file.toString(),
            "--",
            Tree.compiled("getppid"),
            Integer.toString(CALLS))
        .succeeded();
    long shown = 0;
    long lost = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher gap = LOST.matcher(line);
        if (line.startsWith("getppid()")) {
          shown++;
        } else if (gap.find()) {
          lost += Long.parseLong(gap.group(1));
        }
      }
    }
    long told = shown + lost;
    assertTrue(
        told >= CALLS && told <= CALLS + OTHER_EVENTS, shown + " shown, " + lost + " told as lost");
    assertTrue(shown > 0);
  }

  @Test
  void theSummaryIsExact() {
    Path file = folder.resolve("summary");
    daemon
        .rastro(
            "trace",
            "-c",
            "-o",
            file.toString(),
            "--",
            Tree.compiled("getppid"),
            Integer.toString(CALLS))
        .succeeded();
    assertTrue(
        read(file).lines().anyMatch(line -> line.matches(".* " + CALLS + " +getppid")),
        () -> read(file));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
