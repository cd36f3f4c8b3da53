package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The daemon as a process of its own, in a folder of its own, that serves when this is there. */
record Rastrod(Process process, Path folder) implements AutoCloseable {
  static Rastrod start(Path folder, String... options) throws IOException {
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>(java());
    command.addAll(
        List.of("dev.rastro.daemon.Main", "--announce", "--socket", socket(folder).toString()));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectError(log(folder).toFile()).start();
    Rastrod daemon = new Rastrod(process, folder);
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    assertEquals("rastrod ready " + socket(folder), out.readLine(), daemon::log);
    return daemon;
  }

  /** A Java with this class path, as the launcher starts it. */
  static List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        "-Xmx128m",
        "-XX:MaxDirectMemorySize=160m",
        "-cp",
        System.getProperty("java.class.path"));
  }

  Path socket() {
    return socket(folder);
  }

  private static Path socket(Path folder) {
    return folder.resolve("rastrod.sock");
  }

  private static Path log(Path folder) {
    return folder.resolve("log");
  }

  /** All that it has logged. */
  String log() {
    try {
      return Files.readString(log(folder));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  void awaitLog(String text) throws InterruptedException {
    await("a log with " + text, () -> log().contains(text), this::log);
  }

  /** The number behind {@code port="} in the line that has the text. */
  int port(String line) {
    String found = log().lines().filter(l -> l.contains(line)).findFirst().orElseThrow();
    return Integer.parseInt(found.replaceFirst(".*port=\"?(\\d+).*", "$1"));
  }

  long descriptors() throws IOException {
    try (var entries = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
      return entries.count();
    }
  }

  void signal(String name) throws Exception {
    assertEquals(
        0, new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor());
  }

  static void await(
      String what, BooleanSupplier condition, java.util.function.Supplier<String> complaint)
      throws InterruptedException {
    long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(what + ": not in time; " + complaint.get());
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
