package dev.rastro.daemon.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads files of {@code /proc}. A process may end between two reads, so that a file which cannot be
 * read is an empty answer and no error.
 */
final class ProcFiles {

  /** Of one file: enough for /proc/net/tcp with some 100,000 sockets. */
  private static final int MAX_FILE_BYTES = 16 << 20;

  private ProcFiles() {}

  static Optional<String> read(Path file) {
    return read(file, MAX_FILE_BYTES);
  }

  static Optional<String> read(Path file, int limitBytes) {
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(new String(in.readNBytes(limitBytes), StandardCharsets.UTF_8));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** Where a link of {@code /proc} points to, as text: most such targets are no paths. */
  static Optional<String> link(Path link) {
    try {
      return Optional.of(Files.readSymbolicLink(link).toString());
    } catch (IOException gone) {
      return Optional.empty();
    }
  }
}
