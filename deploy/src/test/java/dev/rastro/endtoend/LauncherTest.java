package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ./rastro} in a tree of its own, whose {@code mvnw} writes down that it was run and lays an
 * image that prints its arguments. What is tested is when the launcher builds and what it hands on,
 * not the build.
 */
final class LauncherTest {
  private static final String MVNW =
      """
      #!/bin/sh
      echo built >>builds
      if [ -e broken ]; then
        echo "[ERROR] cannot compile"
        exit 1
      fi
      mkdir -p deploy/target/image/bin
      cat >deploy/target/image/bin/rastro <<'END'
      #!/bin/sh
      pwd
      printf '<%s>\\n' "$@"
      END
      chmod +x deploy/target/image/bin/rastro
      """;

  private static final List<String> SCRIPTS =
      List.of(
          "rastro",
          "deploy/build",
          "deploy/fresh.sh",
          "deploy/setup",
          "deploy/src/main/sh/java.sh");

  @TempDir Path tree;
  @TempDir Path elsewhere;

  @BeforeEach
  void plant() throws IOException {
    for (String script : SCRIPTS) {
      Files.createDirectories(tree.resolve(script).getParent());
      Files.copy(Tree.ROOT.resolve(script), tree.resolve(script));
    }
    for (String source :
        List.of("pom.xml", "client/pom.xml", "client/src/main/A.java", "client/src/test/T.java")) {
      Files.createDirectories(tree.resolve(source).getParent());
      Files.createFile(tree.resolve(source));
    }
    Files.createDirectory(tree.resolve(".mvn"));
    Files.writeString(tree.resolve("mvnw"), MVNW);
    assertTrue(tree.resolve("mvnw").toFile().setExecutable(true));
  }

  @Test
  void buildsOnceAndThenWhenASourceHasChanged() throws IOException {
    launcher("--help").succeeded();
    launcher("--help").succeeded();
    assertEquals(1, builds());
    change("client/src/test/T.java");
    launcher("--help").succeeded();
    assertEquals(1, builds(), "a test is no part of the image");
    change("client/src/main/A.java");
    launcher("--help").succeeded();
    assertEquals(2, builds());
    Files.delete(tree.resolve("client/src/main/A.java"));
    change("client/src/main");
    launcher("--help").succeeded();
    assertEquals(3, builds());
  }

  @Test
  void buildsOnceForRunsAtTheSameTime() throws IOException {
    List<Run.Running> runs = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        runs.add(launcher("--help").start());
      }
      for (Run.Running run : runs) {
        assertEquals(0, run.outcome().status(), () -> run.out() + run.err());
      }
    } finally {
      runs.forEach(Run.Running::close);
    }
    assertEquals(1, builds());
  }

  @Test
  void handsTheArgumentsAndTheFolderOnAsTheyAre() {
    Run.Outcome outcome =
        launcher("trace", "--", "echo", "two  words", "", "*", "--help", "-o")
            .in(elsewhere)
            .succeeded();
    assertEquals(
        elsewhere + "\n<trace>\n<-->\n<echo>\n<two  words>\n<>\n<*>\n<--help>\n<-o>\n",
        outcome.out());
  }

  @Test
  void saysNothingOnStdoutWhileItBuilds() {
    assertEquals("/\n<status>\n", launcher("status").succeeded().out());
  }

  @Test
  void isFoundThroughASymlink() throws IOException {
    Path link = Files.createSymbolicLink(elsewhere.resolve("r"), tree.resolve("rastro"));
    assertEquals("/\n<ps>\n", Run.of(link.toString(), "ps").succeeded().out());
  }

  @Test
  void showsWhatFailedAndBuildsAgainTheNextTime() throws IOException {
    Path broken = Files.createFile(tree.resolve("broken"));
    Run.Outcome outcome = launcher("ps").outcome();
    assertNotEquals(0, outcome.status());
    assertTrue(outcome.err().contains("cannot compile"), outcome.told());
    assertTrue(outcome.err().contains("build.log"), outcome.told());
    Files.delete(broken);
    launcher("ps").succeeded();
    assertEquals(2, builds());
  }

  private Run launcher(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(tree.resolve("rastro").toString());
    command.addAll(List.of(arguments));
    return Run.of(command);
  }

  /** Newer than the build, whatever the clock of the file system can tell apart. */
  private void change(String path) throws IOException {
    Files.setLastModifiedTime(tree.resolve(path), FileTime.from(Instant.now().plusMillis(1)));
  }

  private long builds() throws IOException {
    try (Stream<String> lines = Files.lines(tree.resolve("builds"))) {
      return lines.count();
    }
  }
}
