package dev.rastro.client.printing;

import java.io.FilterOutputStream;
import java.io.IOException;

/** A shell command that reads the lines; closing waits until it has read them all and ended. */
final class PipedCommand extends FilterOutputStream {
  private final Process shell;

  private PipedCommand(Process shell) {
    super(shell.getOutputStream());
    this.shell = shell;
  }

  /** Started as the user who runs us, with our standard output and error. */
  static PipedCommand start(String command) throws IOException {
    return new PipedCommand(
        new ProcessBuilder("/bin/sh", "-c", command)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
  }

  @Override
  public void close() throws IOException {
    super.close();
    try {
      int unused = shell.waitFor(); // how it ended is the user's affair
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
