package dev.rastro.bench.tool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A command that is run to its end, its output thrown away. */
public final class Cli {
  private Cli() {}

  /** How long it took, from its start to its end. */
  public static double millisOf(List<String> command) {
    return millisOf(command, Map.of());
  }

  public static double millisOf(List<String> command, Map<String, String> environment) {
    long began = System.nanoTime();
    await(start(command, environment));
    return (System.nanoTime() - began) / 1e6;
  }

  public static Process start(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void await(Process process) {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The programs under test need time to pass. */
  public static void pass(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
