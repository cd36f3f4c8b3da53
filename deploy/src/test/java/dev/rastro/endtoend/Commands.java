package dev.rastro.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Real commands whose calls are the same at every run, and the folder that they work in, laid anew
 * for each. Pipelines pass so little that a pipe never fills, so that no read depends on who came
 * first.
 */
final class Commands {
  /** Of all files, as some commands print it. */
  private static final FileTime LAID = FileTime.from(Instant.parse("2020-02-02T02:02:02Z"));

  private Commands() {}

  static List<List<String>> all() {
    return Stream.of(
            "ls -l .",
            "ls -laR /etc/apt",
            "cat letters",
            "cp letters copy",
            "mv letters moved",
            "rm letters",
            "mkdir -p one/two/three",
            "rmdir empty",
            "touch fresh",
            "ln -s letters link",
            "stat -c %s-%a letters",
            "wc letters",
            "sort letters",
            "head -n 3 letters",
            "tail -n 3 letters",
            "cut -c 1-2 letters",
            "uniq -c letters",
            "sha256sum letters",
            "dd if=/dev/zero of=zeros bs=1024 count=16 status=none",
            "du -s .",
            "chmod 600 letters",
            "id -u",
            "uname -a",
            "hostname",
            "env -i /usr/bin/env",
            "find . -name *.txt",
            "grep -r gamma .",
            "sed -n 2p letters",
            "awk {print($1)} letters",
            "diff letters other.txt",
            "cmp letters no-such-file",
            "tar cf all.tar letters tree",
            "gzip -k letters",
            "git hash-object letters",
            "git diff --no-index letters other.txt",
            "perl -e print(2*21)",
            "bash -c exit",
            Tree.python() + " -c print(sum(range(10)))",
            "xargs -a letters -n 2 echo",
            "nice -n 5 true",
            "@sh -c 'for i in 1 2 3; do /bin/true; done'",
            "@sh -c 'echo some words | cat | wc -c'",
            "@sh -c 'tar cf - tree | tar tf -'",
            "@sh -c 'x=$(head -n 1 letters); echo $x; exit 7'",
            "@sh -c 'cat no-such-file || ls no-such-folder'")
        .map(Commands::words)
        .toList();
  }

  /** Lays the folder anew. */
  static Path prepare(Path folder) {
    try {
      if (Files.exists(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
      Files.createDirectories(folder.resolve("tree/branch"));
      Files.createDirectories(folder.resolve("empty"));
      Files.writeString(folder.resolve("letters"), "alpha 1\nbeta 2\nbeta 2\ngamma 3\ndelta 4\n");
      Files.writeString(folder.resolve("other.txt"), "alpha 1\nbeta 2\nepsilon 5\n");
      Files.writeString(folder.resolve("tree/branch/leaf.txt"), "green\n");
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.toList()) {
          Files.setLastModifiedTime(file, LAID);
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Words between blanks; {@code @sh -c '...'} keeps what is quoted whole. */
  private static List<String> words(String line) {
    if (line.startsWith("@")) {
      int quote = line.indexOf('\'');
      return List.of("sh", "-c", line.substring(quote + 1, line.length() - 1));
    }
    return List.of(line.split(" "));
  }
}
