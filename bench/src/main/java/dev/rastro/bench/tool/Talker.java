package dev.rastro.bench.tool;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A program that answers each line with a line. Ends with its stdin. */
final class Talker implements AutoCloseable {
  private final List<String> command;
  private final Process process;
  private final BufferedWriter in;
  private final BufferedReader out;

  Talker(List<String> command) {
    this.command = command;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    in = process.outputWriter();
    out = process.inputReader();
  }

  String hear() {
    try {
      String line = out.readLine();
      if (line == null) {
        throw new IllegalStateException(String.join(" ", command) + ": ended unexpectedly");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void say(String line) {
    try {
      in.write(line);
      in.newLine();
      in.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String ask(String line) {
    say(line);
    return hear();
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    try {
      in.close();
      process.waitFor();
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
