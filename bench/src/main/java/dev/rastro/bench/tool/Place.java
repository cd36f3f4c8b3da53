package dev.rastro.bench.tool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where things are on this machine, and on which processors they run. */
public final class Place {
  private static final Path ROOT =
      Path.of(System.getProperty("rastro.root", ".")).toAbsolutePath().normalize();

  /** The benchmark itself is kept away from the first, and does not see it. */
  private static final int CPUS = Integer.getInteger("rastro.cpus", 1);

  private Place() {}

  /** Processors of this machine that may be used. */
  public static int cpus() {
    return CPUS;
  }

  public static Path root() {
    return ROOT;
  }

  public static Path program(String name) {
    return ROOT.resolve("bench/target/programs").resolve(name);
  }

  public static Path image() {
    return ROOT.resolve("deploy/target/image");
  }

  public static String rastro() {
    return image().resolve("bin/rastro").toString();
  }

  /** The traced program has the first processor for itself, its watchers have the others. */
  public static List<String> onFirst(List<String> command) {
    return pinned("0", command);
  }

  public static List<String> onOthers(List<String> command) {
    return pinned(CPUS > 1 ? "1-" + (CPUS - 1) : "0", command);
  }

  /** Where nothing else is measured. */
  public static List<String> onAll(List<String> command) {
    return pinned("0-" + (CPUS - 1), command);
  }

  public static List<String> on(int cpu, List<String> command) {
    return pinned(Integer.toString(cpu), command);
  }

  private static List<String> pinned(String cpus, List<String> command) {
    List<String> whole = new ArrayList<>(List.of("taskset", "-c", cpus));
    whole.addAll(command);
    return whole;
  }

  /** Looks a command up in PATH. */
  public static boolean has(String command) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
  }

  public static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first line of a command's output; empty when it cannot be run. */
  public static Optional<String> firstLineOf(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return all.lines().findFirst();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
