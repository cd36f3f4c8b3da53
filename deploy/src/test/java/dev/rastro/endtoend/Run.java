package dev.rastro.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command and how to start it. Immutable; each {@code with} gives another one. Output goes
 * through files, so that no amount of it blocks the command.
 */
record Run(List<String> command, Path directory, Map<String, String> environment) {

  static Run of(String... command) {
    return of(Arrays.asList(command));
  }

  static Run of(List<String> command) {
    Map<String, String> environment = new HashMap<>();
    environment.put("LC_ALL", "C");
    environment.put("TZ", "UTC");
    environment.put("PYTHONHASHSEED", "0");
    // The image's launchers take the JVM that runs these tests.
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    return new Run(List.copyOf(command), Path.of("/"), environment);
  }

  /** {@code rastro} with these arguments. */
  static Run rastro(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Tree.rastro());
    command.addAll(Arrays.asList(arguments));
    return of(command);
  }

  Run in(Path folder) {
    return new Run(command, folder, environment);
  }

  Run with(String name, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(name, value);
    return new Run(command, directory, changed);
  }

  /** Runs it to its end. */
  Outcome outcome() {
    try (Running running = start()) {
      return running.outcome();
    }
  }

  /** Runs it to its end, which must be a success. */
  Outcome succeeded() {
    Outcome outcome = outcome();
    if (outcome.status() != 0) {
      throw new AssertionError(outcome.told());
    }
    return outcome;
  }

  /** Starts it. */
  Running start() {
    try {
      Path out = Files.createTempFile("rastro-test", ".out");
      Path err = Files.createTempFile("rastro-test", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      // What one test run has in its environment must not decide what another prints. By the last
      // of these ./verify finds what a test has left running.
      builder.environment().keySet().retainAll(List.of("PATH", "HOME", "RASTRO_TESTS"));
      builder.environment().put("PWD", directory.toString());
      builder.environment().putAll(environment);
      return new Running(this, builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a command left: its exit status (128 + signal if killed) and what it printed. */
  record Outcome(Run run, int status, String out, String err) {
    String told() {
      return String.join(" ", run.command())
          + "\nexit status "
          + status
          + "\n--- stdout\n"
          + out
          + "\n--- stderr\n"
          + err;
    }
  }

  /** A command that has been started; closing kills it if it still runs. */
  record Running(Run run, Process process, Path outFile, Path errFile) implements AutoCloseable {
    long pid() {
      return process.pid();
    }

    String out() {
      return read(outFile);
    }

    String err() {
      return read(errFile);
    }

    /** Waits until stdout has {@code text}; fails if the command ends before. */
    void awaitOut(String text) {
      Deadline.await(
          "\"" + text + "\" in the output of " + String.join(" ", run.command()),
          () -> {
            if (out().contains(text)) {
              return true;
            }
            if (!process.isAlive() && !out().contains(text)) {
              throw new AssertionError("ended without \"" + text + "\"\n" + out() + err());
            }
            return false;
          });
    }

    void signal(String name) {
      Run.of("kill", "-" + name, Long.toString(pid())).succeeded();
    }

    Outcome outcome() {
      try {
        if (!process.waitFor(Deadline.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          process.waitFor();
          throw new AssertionError(
              "still running after " + Deadline.PATIENCE.toSeconds() + " s:\n" + ended().told());
        }
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
      return ended();
    }

    private Outcome ended() {
      return new Outcome(run, process.exitValue(), out(), err());
    }

    private static String read(Path file) {
      try {
        return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      process.destroyForcibly();
      try {
        process.waitFor();
        Files.deleteIfExists(outFile);
        Files.deleteIfExists(errFile);
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
