package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same command under strace and under Rastro: no call missing, none twice, the same results.
 */
@Tag("kernel")
@Tag("once")
final class StraceParityTest {
  private static final int CONTEXT_LINES = 6;

  private static Daemon daemon;
  @TempDir private static Path home;

  @BeforeAll
  static void start() {
    daemon = Daemon.start(home);
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  static Stream<List<String>> commands() {
    return Commands.all().stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theSameCallsWithTheSameResults(List<String> command) throws IOException {
    // Once before, so that neither of the two is the first to read a file into the page cache or to
    // write one in $HOME.
    run(Run.of(command));
    Path expectedFile = home.resolve("strace");
    Path actualFile = home.resolve("rastro");
    List<String> strace = new ArrayList<>(List.of("strace", "-f", "-o", expectedFile.toString()));
    strace.addAll(command);
    Run.Outcome expectedOutcome = run(Run.of(strace));
    List<String> arguments = new ArrayList<>(List.of("-f", "-o", actualFile.toString(), "--"));
    arguments.addAll(command);
    Run.Outcome actualOutcome = run(daemon.rastro("trace", arguments.toArray(String[]::new)));

    assertEquals(expectedOutcome.status(), actualOutcome.status(), actualOutcome.told());
    assertEquals(expectedOutcome.out(), actualOutcome.out(), "what the command printed");
    Map<String, List<String>> expected = parse(expectedFile);
    Map<String, List<String>> actual = parse(actualFile);
    assertEquals(expected.keySet(), actual.keySet(), "processes");
    expected.forEach((process, calls) -> compare(process, calls, actual.get(process)));
  }

  private static Run.Outcome run(Run run) {
    return run.in(Commands.prepare(home.resolve("work"))).with("HOME", home.toString()).outcome();
  }

  private static Map<String, List<String>> parse(Path file) throws IOException {
    return TraceText.parse(Files.readString(file, StandardCharsets.ISO_8859_1));
  }

  private static void compare(String process, List<String> expected, List<String> actual) {
    int same = 0;
    while (same < expected.size()
        && same < actual.size()
        && expected.get(same).equals(actual.get(same))) {
      same++;
    }
    if (same == expected.size() && same == actual.size()) {
      return;
    }
    fail(
        "process %s differs from call %d on (strace has %d, rastro %d)%nstrace: %s%nrastro: %s"
            .formatted(
                process,
                same,
                expected.size(),
                actual.size(),
                around(expected, same),
                around(actual, same)));
  }

  private static String around(List<String> calls, int index) {
    int from = Math.max(0, index - CONTEXT_LINES);
    int to = Math.min(calls.size(), index + CONTEXT_LINES);
    return String.join("\n        ", calls.subList(from, to));
  }
}
