package dev.rastro.client.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of a machine that tell about it, below a root folder. */
final class MachineFiles {
  private final Path root;

  MachineFiles(Path root) {
    this.root = root;
  }

  /** Stripped; empty when there is none, or it may not be read. */
  Optional<String> text(String path) {
    try {
      byte[] bytes = Files.readAllBytes(root.resolve(path));
      return Optional.of(new String(bytes, StandardCharsets.ISO_8859_1).strip());
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  /** The group of the first match in a file. */
  Optional<String> match(String path, Pattern pattern) {
    return text(path)
        .flatMap(
            text -> {
              Matcher matcher = pattern.matcher(text);
              return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
            });
  }

  boolean exists(String path) {
    return Files.exists(root.resolve(path));
  }

  boolean isReadable(String path) {
    return Files.isReadable(root.resolve(path));
  }

  /** Where a link leads, as it is written. */
  Optional<String> link(String path) {
    try {
      return Optional.of(Files.readSymbolicLink(root.resolve(path)).toString());
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  /** The file itself behind the first that matches, links followed. */
  Optional<Path> find(String folder, String glob) {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(root.resolve(folder), glob)) {
      for (Path file : found) {
        return Optional.of(file.toRealPath());
      }
    } catch (IOException absent) {
      return Optional.empty();
    }
    return Optional.empty();
  }
}
