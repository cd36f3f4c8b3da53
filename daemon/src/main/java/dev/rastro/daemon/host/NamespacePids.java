package dev.rastro.daemon.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Processes by the numbers that they have in their own pid namespaces. Reads /proc; any thread. */
public final class NamespacePids {
  private static final Path PROC = Path.of("/proc");
  private static final String NUMBERS = "NSpid:";

  private NamespacePids() {}

  /**
   * The host's numbers of the processes that go by this number in their innermost namespace.
   *
   * @param namespace its inode number; 0 for any
   */
  public static List<Integer> find(int pid, long namespace) {
    List<Integer> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : entries) {
        if (innermost(process) == pid && (namespace == 0 || namespace(process) == namespace)) {
          found.add(Integer.valueOf(process.getFileName().toString()));
        }
      }
    } catch (IOException e) {
      return List.of();
    }
    return found;
  }

  private static int innermost(Path process) {
    return ProcFiles.read(process.resolve("status"))
        .flatMap(status -> status.lines().filter(line -> line.startsWith(NUMBERS)).findFirst())
        .map(line -> line.substring(line.lastIndexOf('\t') + 1).strip())
        .map(Integer::valueOf)
        .orElse(0);
  }

  /** Out of {@code pid:[4026531836]}; 0 when the process is gone. */
  private static long namespace(Path process) {
    return ProcFiles.link(process.resolve("ns/pid"))
        .map(link -> Long.valueOf(link.substring(link.indexOf('[') + 1, link.length() - 1)))
        .orElse(0L);
  }
}
