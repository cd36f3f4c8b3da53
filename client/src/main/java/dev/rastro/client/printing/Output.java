package dev.rastro.client.printing;

import dev.rastro.client.failure.ClientFailure;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Where lines go: a file, or standard error as strace does. Messages about tracing itself always go
 * to standard error; where both are the same, their order is kept. One thread.
 */
public final class Output implements AutoCloseable {
  private final OutputStream lines;
  private final OutputStream messages;
  private final String name;

  public Output(OutputStream lines, OutputStream messages, String name) {
    this.lines = lines;
    this.messages = messages;
    this.name = name;
  }

  /**
   * @throws ClientFailure when the file cannot be written
   */
  public static Output open(Destination destination) {
    if (destination.file().isEmpty()) {
      return new Output(System.err, System.err, "standard error");
    }
    String file = destination.file().get();
    try {
      OutputStream lines;
      if (destination.isCommand()) {
        lines = PipedCommand.start(file.substring(1));
      } else if (destination.separate()) {
        lines = new SeparateFiles(file, destination.append());
      } else {
        lines = new FileOutputStream(file, destination.append());
      }
      return new Output(lines, System.err, file);
    } catch (IOException refused) {
      throw ClientFailure.failed("cannot write -o " + refused.getMessage());
    }
  }

  /** Whether messages appear among the lines. */
  public boolean shared() {
    return lines == messages;
  }

  /** Writes through at once: whoever follows the file sees whole lines. */
  public void write(byte[] bytes, int length) {
    try {
      lines.write(bytes, 0, length);
      lines.flush();
    } catch (IOException full) {
      throw ClientFailure.failed("cannot write to " + name + ": " + full.getMessage());
    }
  }

  /** A task's lines, into its own file if each has one. */
  public void write(int tid, byte[] bytes, int length) {
    if (!(lines instanceof SeparateFiles files)) {
      write(bytes, length);
      return;
    }
    try {
      files.of(tid).write(bytes, 0, length);
    } catch (IOException full) {
      throw ClientFailure.failed("cannot write to " + name + "." + tid + ": " + full.getMessage());
    }
  }

  public void write(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(bytes, bytes.length);
  }

  public void message(String text) {
    try {
      messages.write(("rastro: " + text + "\n").getBytes(StandardCharsets.UTF_8));
      messages.flush();
    } catch (IOException nobodyListens) {
      throw ClientFailure.failed("cannot write to standard error: " + nobodyListens.getMessage());
    }
  }

  @Override
  public void close() {
    if (shared()) {
      return;
    }
    try {
      lines.close();
    } catch (IOException full) {
      throw ClientFailure.failed("cannot write to " + name + ": " + full.getMessage());
    }
  }
}
