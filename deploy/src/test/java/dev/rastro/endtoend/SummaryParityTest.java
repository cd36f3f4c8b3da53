package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code -c -f} gives the counts and error counts that {@code strace -c -f} gives. */
@Tag("kernel")
@Tag("once")
final class SummaryParityTest {
  private static final List<String> OPTIONS = List.of("-c", "-f");
  private static final Pattern ROW =
      Pattern.compile(
          " *[0-9.]+ +[0-9.]+ +[0-9]+ +(?<calls>[0-9]+) +((?<errors>[0-9]+) +)?(?<name>[a-z_0-9]+)");
  private static final Set<String> BY_THE_MOMENT = Set.of("rt_sigreturn", "wait4", "total");
  private static final Set<String> FORKS = Set.of("fork", "vfork", "clone", "clone3");

  private static SideBySide both;

  @BeforeAll
  static void start(@TempDir Path home) {
    both = SideBySide.start(home);
  }

  @AfterAll
  static void stop() {
    both.close();
  }

  static Stream<List<String>> commands() {
    return Commands.all().stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theSameCountsAndErrors(List<String> command) throws IOException {
    both.warmUp(command);
    List<String> expected = rows(both.strace(OPTIONS, command).file());
    List<String> actual = rows(both.rastro(OPTIONS, command).file());
    assertEquals(difference(expected, actual), difference(actual, expected), "rows that differ");
  }

  private static List<String> difference(List<String> rows, List<String> others) {
    return rows.stream().filter(row -> !others.contains(row)).toList();
  }

  /**
   * "name calls errors" by name. Left out are the calls whose number depends on the moment at which
   * a signal lands, and with them the total.
   */
  private static List<String> rows(Path file) throws IOException {
    Map<String, String> rows = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      Matcher row = ROW.matcher(line);
      if (row.matches() && !BY_THE_MOMENT.contains(row.group("name"))) {
        long calls = Long.parseLong(row.group("calls"));
        long errors = row.group("errors") == null ? 0 : Long.parseLong(row.group("errors"));
        boolean fork = FORKS.contains(row.group("name"));
        rows.put(
            row.group("name"),
            row.group("name") + " " + (fork ? (calls - errors) + " good" : calls + " " + errors));
      }
    }
    if (rows.isEmpty()) {
      throw new AssertionError("no summary in " + Files.readString(file));
    }
    return List.copyOf(rows.values());
  }
}
