package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.endtoend.Exercise.Attempt;
import dev.rastro.endtoend.ExerciseTrace.Called;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every call of the table, with arguments that are bad in several ways, under strace and under
 * Rastro: the same name and the same result of each. How their texts differ is written to {@code
 * deploy/target/exercise-differences.txt}.
 */
@Tag("kernel")
final class ExerciseTest {
  private static final Path REPORT = Tree.ROOT.resolve("deploy/target/exercise-differences.txt");

  /** Their results are not the same twice: times, and places in a process that differ by run. */
  private static final Set<String> VARYING = Set.of("alarm", "brk", "time", "times");

  /**
   * The same results, written otherwise as long as their kinds are; they stand in the report with
   * the other differences.
   */
  private static final Set<String> WRITTEN_OTHERWISE =
      Set.of("membarrier", "modify_ldt", "personality");

  /** What strace calls a number that it does not know. */
  private static final String UNKNOWN = "syscall_0x";

  /** Of those lines that strace knows how to write, at least this share must be identical. */
  private static final double IDENTICAL_SHARE_LEAST = 0.78;

  @TempDir private Path home;

  @Test
  void everyCallHasTheNameAndTheResultThatStraceShows() throws IOException {
    Exercise exercise = Exercise.ofAll();
    Path plan = home.resolve("plan");
    exercise.write(plan);
    String program = Tree.program("exercise");
    ExerciseTrace expected = strace(program, plan);
    ExerciseTrace actual = rastro(program, plan);

    List<String> wrong = new ArrayList<>();
    List<String> differences = new ArrayList<>();
    int compared = 0;
    int missing = 0;
    for (int i = 0; i < exercise.attempts().size(); i++) {
      Attempt attempt = exercise.attempts().get(i);
      Optional<Called> theirs = expected.call(i);
      Optional<Called> ours = actual.call(i);
      if (theirs.isPresent() && ours.isEmpty() && missing < actual.skipped()) {
        missing++;
        continue;
      }
      if (theirs.isEmpty() || ours.isEmpty()) {
        wrong.add(attempt + ": strace " + theirs + ", rastro " + ours);
        continue;
      }
      boolean known = !theirs.get().name().startsWith(UNKNOWN);
      if (!ours.get().name().equals(attempt.call().name())
          || (known && !theirs.get().name().equals(ours.get().name()))
          || !sameResult(attempt, theirs.get(), ours.get())) {
        wrong.add(attempt + told(theirs.get(), ours.get()));
      } else if (known) {
        compared++;
        if (!theirs.get().equals(ours.get()) && !varies(attempt)) {
          differences.add(attempt + told(theirs.get(), ours.get()));
        }
      }
    }
    report(compared, differences);
    assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
    assertTrue(
        differences.size() <= compared * (1 - IDENTICAL_SHARE_LEAST),
        differences.size() + " of " + compared + " lines differ; see " + REPORT);
  }

  private static boolean sameResult(Attempt attempt, Called theirs, Called ours) {
    if (WRITTEN_OTHERWISE.contains(attempt.call().name())) {
      return true;
    }
    if (varies(attempt)) {
      return theirs.result().startsWith("-1 ") == ours.result().startsWith("-1 ");
    }
    // Where strace does not know the call it shows every result in hexadecimal.
    return theirs.result().equals(ours.result())
        || (theirs.name().startsWith(UNKNOWN) && theirs.result().startsWith("0x"));
  }

  private static boolean varies(Attempt attempt) {
    return VARYING.contains(attempt.call().name());
  }

  private ExerciseTrace strace(String program, Path plan) throws IOException {
    Path file = home.resolve("strace");
    Run.of("strace", "-f", "-o", file.toString(), program, plan.toString()).succeeded();
    return parse(file);
  }

  private ExerciseTrace rastro(String program, Path plan) throws IOException {
    Path file = home.resolve("rastro");
    Run.rastro("trace", "-f", "-o", file.toString(), "--", program, plan.toString()).succeeded();
    return parse(file);
  }

  private static ExerciseTrace parse(Path file) throws IOException {
    return ExerciseTrace.parse(Files.readString(file, StandardCharsets.ISO_8859_1));
  }

  private static String told(Called theirs, Called ours) {
    return "\n  strace: "
        + theirs.call()
        + " = "
        + theirs.result()
        + "\n  rastro: "
        + ours.call()
        + " = "
        + ours.result();
  }

  private static void report(int compared, List<String> differences) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d lines compared, %d identical, %d differ"
            .formatted(compared, compared - differences.size(), differences.size()));
    lines.add("");
    differences.forEach(difference -> lines.addAll(Arrays.asList(difference.split("\n", -1))));
    Files.write(REPORT, lines, StandardCharsets.ISO_8859_1);
  }
}
