package dev.rastro.client.connection;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A daemon for one command, when none runs and we are root. It lives as long as the pipe that is
 * its standard input: even a killed client leaves nothing behind.
 */
final class PrivateDaemon implements AutoCloseable {
  /**
   * Set by the launcher script: an executable, or a file with one argument a line when it starts
   * with {@code @}.
   */
  private static final String COMMAND_PROPERTY = "rastro.daemon.command";

  /**
   * Not the service's /run/rastro: that belongs to another account, which could put its own socket
   * into the place of root's, and it goes when the service stops.
   */
  private static final Path DIRECTORY = Path.of("/run/rastro-private");

  /** It lives for one command, next to which it may not get a processor for a while. */
  private static final int RING_BYTES = 64 << 20;

  private static final Path SETSID = Path.of("/usr/bin/setsid");
  private static final String READY = "rastrod ready";
  private static final int STOP_TIMEOUT_SECONDS = 10;

  /** Of what it said, the last is what explains a failure. */
  private static final int KEPT_COMPLAINT_LINES = 40;

  private final Process process;
  private final Path socket;

  private PrivateDaemon(Process process, Path socket) {
    this.process = process;
    this.socket = socket;
  }

  /**
   * Blocks until it is ready.
   *
   * @throws ClientFailure with what it said when it fails to start
   */
  static PrivateDaemon start(boolean showSecrets) {
    Path socket = DIRECTORY.resolve("private-" + ProcessHandle.current().pid() + ".sock");
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      command.add(SETSID.toString()); // the terminal's ^C is for the traced command and for us
    }
    command.addAll(daemonCommand());
    command.addAll(List.of("--socket", socket.toString(), "--exit-with-stdin", "--announce"));
    command.addAll(List.of("--ring-bytes", Integer.toString(RING_BYTES)));
    if (showSecrets) {
      command.add("--no-usual-secrets");
    }
    Process process;
    try {
      Files.createDirectories(
          DIRECTORY,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      process = new ProcessBuilder(command).start();
    } catch (IOException refused) {
      throw failed(refused.getMessage());
    }
    Complaint complaint = Complaint.collect(process.getErrorStream());
    PrivateDaemon daemon = new PrivateDaemon(process, socket);
    if (!daemon.awaitReady()) {
      daemon.close();
      throw failed("it ended with status " + process.exitValue() + "\n" + complaint.text());
    }
    return daemon;
  }

  Path socket() {
    return socket;
  }

  private boolean awaitReady() {
    try {
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(READY)) {
          return true;
        }
      }
      return false;
    } catch (IOException gone) {
      return false;
    }
  }

  private static List<String> daemonCommand() {
    String command = System.getProperty(COMMAND_PROPERTY, "");
    if (command.isEmpty()) {
      throw new ClientFailure(
          ExitStatus.UNAVAILABLE,
          "no rastrod is running and none can be started: -D"
              + COMMAND_PROPERTY
              + " is not set; use the rastro script, or start rastrod (systemctl start rastrod)");
    }
    if (!command.startsWith("@")) {
      return List.of(command);
    }
    try {
      return Files.readAllLines(Path.of(command.substring(1))).stream()
          .filter(line -> !line.isBlank())
          .toList();
    } catch (IOException | UncheckedIOException unreadable) {
      throw failed("cannot read " + command.substring(1) + ": " + unreadable.getMessage());
    }
  }

  private static ClientFailure failed(String why) {
    return new ClientFailure(
        ExitStatus.UNAVAILABLE, "cannot start a private rastrod: " + why.stripTrailing());
  }

  /** Ends it and waits until it is gone. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException alreadyGone) {
      process.destroy();
    }
    try {
      if (!process.waitFor(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      Files.deleteIfExists(socket);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    } catch (IOException notOurs) {
      System.err.println("rastro: cannot remove " + socket + ": " + notOurs.getMessage());
    }
  }

  /** Its standard error: read always, so that it never blocks; shown only when it fails. */
  private static final class Complaint {
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;

    private Complaint(InputStream stream) {
      reader = new Thread(() -> read(stream), "rastrod-stderr");
      reader.setDaemon(true);
    }

    static Complaint collect(InputStream stream) {
      Complaint complaint = new Complaint(stream);
      complaint.reader.start();
      return complaint;
    }

    private void read(InputStream stream) {
      try (BufferedReader text =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        for (String line = text.readLine(); line != null; line = text.readLine()) {
          add(line);
        }
      } catch (IOException closed) {
        add("(" + closed.getMessage() + ")");
      }
    }

    private synchronized void add(String line) {
      if (lines.size() == KEPT_COMPLAINT_LINES) {
        lines.remove(0);
      }
      lines.add(line);
    }

    /** After the process has ended. */
    String text() {
      try {
        reader.join(TimeUnit.SECONDS.toMillis(STOP_TIMEOUT_SECONDS));
      } catch (InterruptedException hurried) {
        Thread.currentThread().interrupt();
      }
      synchronized (this) {
        return String.join("\n", lines);
      }
    }
  }
}
