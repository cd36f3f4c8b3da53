package dev.rastro.daemon.drain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A cgroup of the v2 hierarchy for a test. */
public final class Cgroup {
  private Cgroup() {}

  /** Makes one below the root. */
  public static Path make(String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      if (line.contains(" - cgroup2 ")) {
        return Files.createDirectory(Path.of(line.split(" ", -1)[4]).resolve(name));
      }
    }
    throw new AssertionError("no cgroup v2 hierarchy is mounted");
  }
}
