package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The names of constants in the table, and the kernel's headers on this system. */
@Tag("once")
final class ConstantsTest {

  @Test
  void theTableKnowsWhatTheInstalledHeadersKnow() {
    String script = Tree.ROOT.resolve("syscalls/generate/constants").toString();
    String told = Run.of("/usr/bin/python3", script, "--installed").succeeded().out();
    assertTrue(
        told.lines()
            .anyMatch(line -> line.matches("\\d+ names are newer than the installed headers .*")),
        told);
  }
}
