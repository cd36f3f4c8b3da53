package dev.rastro.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A difference that is known and has a reason; a row of accepted.txt. */
record Accepted(Pattern line, String reason) {

  /** Rows are {@code PATTERN :: REASON}. */
  static List<Accepted> read() {
    Path file = Tree.ROOT.resolve("deploy/src/test/resources/dev/rastro/endtoend/accepted.txt");
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(" :: ", 2))
          .map(parts -> new Accepted(Pattern.compile(parts[0].trim()), parts[1].trim()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Why this difference may be; the pattern is looked for in "STRACE'S LINE => RASTRO'S LINE". */
  static Optional<String> reason(List<Accepted> all, Comparison.Difference difference) {
    String both = difference.strace() + " => " + difference.rastro();
    return all.stream()
        .filter(each -> each.line().matcher(both).find())
        .map(Accepted::reason)
        .findFirst();
  }
}
