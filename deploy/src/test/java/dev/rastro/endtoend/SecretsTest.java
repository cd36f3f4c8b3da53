// SPDX-License-Identifier: Apache-2.0
package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets are in no trace and no log, unless somebody who may asks for them. */
@Tag("kernel")
@Tag("once")
final class SecretsTest {
  private static final String CANARY = "Xk9-canary-7";

  @TempDir Path folder;

  private Path secret() throws IOException {
    return Files.writeString(folder.resolve("server.pem"), CANARY);
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file);
  }

  @Test
  void theUsualOnesAreInNoTraceAndNoLog() throws IOException {
    Path text = folder.resolve("text");
    Path json = folder.resolve("json");
    String script = "dd if=%1$s of=%1$s.pem; true --password %2$s".formatted(secret(), CANARY);
    // The shell is given the secret in a variable, so that the command line here has none.
    String indirect = "exec sh -c \"$API_TOKEN_SCRIPT\"";
    try (Daemon daemon = Daemon.start(folder, "--log-level=debug")) {
      for (Path trace : new Path[] {text, json}) {
        daemon
            .rastro(
                "trace",
                "-f",
                "-v",
                "-s",
                "4096",
                "--output=" + (trace.equals(json) ? "json" : "text"),
                "-o",
                trace.toString(),
                "--",
                "sh",
                "-c",
                indirect)
            .with("API_TOKEN_SCRIPT", script)
            .succeeded();
        assertFalse(read(trace).contains(CANARY), () -> "in " + trace);
      }
      assertTrue(read(text).contains("API_TOKEN_SCRIPT=\"<redacted>"), () -> text.toString());
      assertTrue(read(text).contains("--password \"<redacted>"));
      assertTrue(read(json).contains("CAPTURE_REDACTED"));
      assertFalse(daemon.stop().err().contains(CANARY));
    }
  }

  @Test
  void aDaemonOfOnesOwnShowsThemWhenAsked() throws IOException {
    String file = secret().toString();
    Path trace = folder.resolve("trace");
    String[] words = {
      "trace", "-e", "trace=read", "-o", trace.toString(), "head", "-c", "99", file
    };
    Run.rastro(words).succeeded();
    assertFalse(read(trace).contains(CANARY));
    assertTrue(read(trace).contains("<redacted>"));
    String[] shown = {
      "trace",
      "--show-secrets",
      "-e",
      "trace=read",
      "-o",
      trace.toString(),
      "head",
      "-c",
      "99",
      file
    };
    Run.rastro(shown).succeeded();
    assertTrue(read(trace).contains(CANARY));
    try (Daemon daemon = Daemon.start(folder)) {
      Run.Outcome refused = daemon.rastro("trace", "--show-secrets", "true").outcome();
      assertEquals(2, refused.status(), refused.told());
    }
  }
}
