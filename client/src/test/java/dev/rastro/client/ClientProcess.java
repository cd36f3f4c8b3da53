package dev.rastro.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The client as users run it: a process of its own. */
record ClientProcess(int status, String out, String err) {
  /** From this version on Java warns of JNA, on standard error, unless told not to. */
  private static final int WARNS_OF_NATIVE_ACCESS = 24;

  private static final int DEADLINE_SECONDS = 300;

  static ClientProcess run(Path directory, String... arguments)
      throws IOException, InterruptedException {
    return run(directory, List.of(), arguments);
  }

  /**
   * @param wrapper what starts the client: a shell with a script, or nothing
   */
  static ClientProcess run(Path directory, List<String> wrapper, String... arguments)
      throws IOException, InterruptedException {
    Path out = directory.resolve("stdout");
    Path err = directory.resolve("stderr");
    Process process =
        new ProcessBuilder(command(wrapper, arguments))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    process.getOutputStream().close();
    return await(process, out, err);
  }

  static List<String> command(List<String> wrapper, String... arguments) {
    List<String> command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= WARNS_OF_NATIVE_ACCESS) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.rastro.client.Main"));
    command.addAll(List.of(arguments));
    return command;
  }

  static ClientProcess await(Process process, Path out, Path err)
      throws IOException, InterruptedException {
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError("the client hangs; it has said: " + text(out) + text(err));
    }
    return new ClientProcess(process.exitValue(), text(out), text(err));
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
