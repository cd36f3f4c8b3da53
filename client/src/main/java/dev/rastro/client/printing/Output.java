package dev.rastro.client.printing;

import dev.rastro.client.failure.ClientFailure;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

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
  public static Output open(Optional<String> file) {
    if (file.isEmpty()) {
      return new Output(System.err, System.err, "standard error");
    }
    try {
      return new Output(new FileOutputStream(file.get()), System.err, file.get());
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
