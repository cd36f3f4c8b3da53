package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where classic tracepoints have their numbers. A bare system has not mounted it. */
public final class Tracefs {
  private static final String PLACE = "/sys/kernel/tracing";

  private Tracefs() {}

  public static void mount() throws Exception {
    if (!Files.exists(Path.of(PLACE, "events"))) {
      Process mount =
          new ProcessBuilder("mount", "-t", "tracefs", "tracefs", PLACE).inheritIO().start();
      assertEquals(0, mount.waitFor());
    }
  }
}
