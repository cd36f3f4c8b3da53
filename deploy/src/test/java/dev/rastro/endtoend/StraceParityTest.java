package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static final List<String> OPTIONS = List.of("-f");
  private static final int CONTEXT_LINES = 6;

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
  void theSameCallsWithTheSameResults(List<String> command) throws IOException {
    both.warmUp(command);
    SideBySide.Traced strace = both.strace(OPTIONS, command);
    SideBySide.Traced rastro = both.rastro(OPTIONS, command);

    assertEquals(strace.outcome().status(), rastro.outcome().status(), rastro.outcome().told());
    assertEquals(strace.outcome().out(), rastro.outcome().out(), "what the command printed");
    Map<String, List<String>> expected = parse(strace.file());
    Map<String, List<String>> actual = parse(rastro.file());
    assertEquals(expected.keySet(), actual.keySet(), "processes");
    expected.forEach((process, calls) -> compare(process, calls, actual.get(process)));
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
