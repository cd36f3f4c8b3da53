// SPDX-License-Identifier: Apache-2.0
package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rastro diff} on saved summaries and on commands that it runs. */
@Tag("kernel")
final class DiffTest {
  private static final String OLD = "getppid for 1..1000; rmdir '/no/such/file'";
  private static final String NEW = "getppid for 1..1500; chdir '/no/such/file'";

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
  void savedSummariesAreComparedAndConditionsDecide() throws IOException {
    Path before = saved("before", OLD);
    Path after = saved("after", NEW);
    Run.Outcome outcome = daemon.rastro("diff", before.toString(), after.toString()).succeeded();
    assertTrue(outcome.out().contains("new calls: chdir (1)\n"), outcome::told);
    assertTrue(outcome.out().contains("gone calls: rmdir (1)\n"), outcome::told);
    assertTrue(outcome.out().contains("new errors: chdir ENOENT (1)\n"), outcome::told);
    assertTrue(outcome.out().contains("1000  \u00e2\u0086\u0092 1500 "), outcome::told);
    assertStatus(4, "calls>10%", before, after);
    assertStatus(0, "getppid:calls>60%", before, after);
    assertStatus(4, "p99>100x,new-error", before, after);
    assertStatus(0, "new-call,gone-call,new-error,gone-error,calls>0%", before, before);
    assertStatus(2, "call>10%", before, after);
  }

  @Test
  void twoCommandsAreRunInTurnWithoutAShell() {
    Run.Outcome outcome =
        daemon
            .rastro(
                "diff",
                "--runs",
                "2",
                "-e",
                "getppid,chdir,rmdir",
                "--output",
                "json",
                "--fail-if",
                "chdir:calls>1x",
                "--",
                "perl",
                "-e",
                OLD + "; print qq($$ )",
                ":::",
                "perl",
                "-e",
                NEW + "; print qq($$ ); exit 3")
            .outcome();
    assertEquals(4, outcome.status(), outcome::told);
    String json = outcome.out().substring(outcome.out().indexOf('{'));
    assertEquals(4, outcome.out().substring(0, outcome.out().indexOf('{')).split(" ").length);
    assertTrue(json.contains("\"syscall\":\"getppid\""), outcome::told);
    assertTrue(json.contains("\"calls\":2000,") && json.contains("\"calls\":3000,"), outcome::told);
    assertTrue(outcome.err().contains("exit status 3"), outcome::told);
    assertTrue(
        outcome.err().contains("--fail-if chdir:calls>1x: chdir: 2, before 0"), outcome::told);
    assertFalse(outcome.err().contains("Exception"), outcome::told);
  }

  @Test
  void aSavedSideAndACommand() throws IOException {
    Path before = saved("before", OLD);
    Run.Outcome same =
        daemon
            .rastro(
                "diff",
                "--min-calls",
                "5000",
                "-e",
                "getppid",
                before.toString(),
                "--",
                "perl",
                "-e",
                "getppid for 1..1000")
            .succeeded();
    assertTrue(same.out().contains("gone calls: rmdir (1)\n"), same::told);
    assertFalse(same.out().contains("getppid"), same::told);
  }

  @Test
  void whatCannotBeComparedIsSaid() throws IOException {
    Path byProcess = folder.resolve("processes.json");
    Files.writeString(
        byProcess,
        daemon
            .rastro("summary", "--by", "process", "--output", "json", "--", "true")
            .succeeded()
            .out());
    Run.Outcome outcome =
        daemon.rastro("diff", byProcess.toString(), byProcess.toString()).outcome();
    assertEquals(1, outcome.status(), outcome::told);
    assertTrue(outcome.err().contains("no summary by system call"), outcome::told);
    assertEquals(1, daemon.rastro("diff", "/no/such", "/no/such").outcome().status());
    assertEquals(2, daemon.rastro("diff", "one").outcome().status());
  }

  private Path saved(String name, String script) throws IOException {
    Path file = folder.resolve(name + ".json");
    Run.Outcome outcome =
        daemon
            .rastro(
                "summary",
                "-e",
                "getppid,chdir,rmdir",
                "--output",
                "json",
                "--",
                "perl",
                "-e",
                script)
            .succeeded();
    Files.writeString(file, outcome.out());
    return file;
  }

  private static void assertStatus(int status, String condition, Path before, Path after) {
    Run.Outcome outcome =
        daemon
            .rastro("diff", "--fail-if", condition, before.toString(), after.toString())
            .outcome();
    assertEquals(status, outcome.status(), outcome::told);
  }
}
