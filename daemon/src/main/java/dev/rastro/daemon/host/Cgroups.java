package dev.rastro.daemon.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** The v2 hierarchy of cgroups. A cgroup's id is the inode number of its directory. Any thread. */
public final class Cgroups {
  /** Directories that are looked at in one search. */
  private static final int MAX_DIRECTORIES = 65_536;

  // fields of a line of /proc/self/mountinfo, see proc(5); the type follows a lone hyphen
  private static final int MOUNT_POINT = 4;

  private final Path root;

  private Cgroups(Path root) {
    this.root = root;
  }

  /** Empty when no such hierarchy is mounted. */
  public static Optional<Cgroups> open() {
    return ProcFiles.read(Path.of("/proc/self/mountinfo"))
        .flatMap(
            mounts ->
                mounts
                    .lines()
                    .filter(line -> line.contains(" - cgroup2 "))
                    .map(line -> Path.of(line.split(" ", -1)[MOUNT_POINT].replace("\\040", " ")))
                    .filter(Files::isDirectory)
                    .findFirst())
        .map(Cgroups::new);
  }

  /** Where it is mounted. */
  public Path root() {
    return root;
  }

  /**
   * The id of one cgroup; empty when there is none.
   *
   * @param path from the root of the hierarchy, with or without a leading slash
   */
  public OptionalLong id(String path) {
    Path directory = root.resolve("./" + path).normalize();
    return directory.startsWith(root) ? inode(directory) : OptionalLong.empty();
  }

  /** The ids of all cgroups whose last name is like this. */
  public List<Long> named(Predicate<String> name) {
    List<Long> found = new ArrayList<>();
    Deque<Path> waiting = new ArrayDeque<>();
    waiting.add(root);
    for (int i = 0; i < MAX_DIRECTORIES && !waiting.isEmpty(); i++) {
      Path directory = waiting.poll();
      if (name.test(directory.getFileName().toString())) {
        inode(directory).ifPresent(found::add);
        continue;
      }
      try (DirectoryStream<Path> below = Files.newDirectoryStream(directory, Files::isDirectory)) {
        below.forEach(waiting::add);
      } catch (IOException gone) {
        // What was below it is gone, too.
      }
    }
    return found;
  }

  private static OptionalLong inode(Path directory) {
    try {
      return OptionalLong.of((Long) Files.getAttribute(directory, "unix:ino"));
    } catch (IOException gone) {
      return OptionalLong.empty();
    }
  }
}
