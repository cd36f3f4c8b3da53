package dev.rastro.syscalls.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code syscalls/generate/reference} runs this with {@code -Dreference.write=true}. */
final class ReferencePageTest {
  private static final Path PAGE = Path.of("../docs/syscalls.md");

  @Test
  void thePageIsWhatTheTableSays() throws IOException {
    String page = ReferencePage.text();
    if (Boolean.getBoolean("reference.write")) {
      Files.writeString(PAGE, page);
    }
    assertEquals(
        page, Files.readString(PAGE), "docs/syscalls.md is stale; run syscalls/generate/reference");
  }
}
