package dev.rastro.client.commands;

import dev.rastro.client.printing.Output;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** Which tasks {@code -p} has attached, and the messages about it. */
final class Attachment {
  private final TraceArguments arguments;
  private final Output output;
  private final boolean sameHost;

  /**
   * @param sameHost whether the daemon's process numbers are also ours
   */
  Attachment(TraceArguments arguments, Output output, boolean sameHost) {
    this.arguments = arguments;
    this.output = output;
    this.sameHost = sameHost;
  }

  /** Tells of each, and returns all their tasks. */
  Set<Integer> attached() {
    Set<Integer> tasks = new TreeSet<>();
    for (int pid : arguments.pids()) {
      Set<Integer> threads = arguments.follow() && sameHost ? threads(pid) : Set.of();
      tasks.add(pid);
      tasks.addAll(threads);
      if (!arguments.quietly(Quiet.ATTACH)) {
        String with = threads.size() > 1 ? " with " + threads.size() + " threads" : "";
        output.message("Process " + pid + " attached" + with);
      }
    }
    return tasks;
  }

  /** Tells that these go on without us. */
  void detached(Set<Integer> tasks) {
    if (!arguments.quietly(Quiet.ATTACH)) {
      new TreeSet<>(tasks).forEach(task -> output.message("Process " + task + " detached"));
    }
  }

  private static Set<Integer> threads(int pid) {
    Set<Integer> threads = new TreeSet<>();
    Path tasks = Path.of("/proc", Integer.toString(pid), "task");
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(tasks)) {
      for (Path entry : entries) {
        threads.add(Integer.parseInt(entry.getFileName().toString()));
      }
    } catch (IOException ended) {
      threads.clear(); // its exit is told by the records
    }
    return threads;
  }
}
