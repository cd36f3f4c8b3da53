package dev.rastro.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A rastrod of our own on a socket in a temporary folder. */
record Daemon(Run.Running running, Path socket) implements AutoCloseable {

  static Daemon start(Path folder, String... options) {
    Path socket = folder.resolve("rastrod.sock");
    List<String> command =
        new ArrayList<>(List.of(Tree.rastrod(), "--announce", "--socket", socket.toString()));
    command.addAll(List.of(options));
    Run.Running running = Run.of(command).start();
    Daemon daemon = new Daemon(running, socket);
    running.awaitOut("rastrod ready");
    return daemon;
  }

  /** {@code rastro COMMAND --socket ... ARGUMENTS}. */
  Run rastro(String command, String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = command;
    all[1] = "--socket";
    all[2] = socket.toString();
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return Run.rastro(all);
  }

  long pid() {
    return running.pid();
  }

  /** What the kernel says that this process holds: "prog_id 7", "map_id 12", "link_id 3". */
  Set<String> kernelObjects() {
    Set<String> objects = new TreeSet<>();
    try (Stream<Path> infos = Files.list(Path.of("/proc/" + pid() + "/fdinfo"))) {
      for (Path info : infos.toList()) {
        readIfThere(info)
            .lines()
            .filter(line -> line.matches("(prog_id|map_id|link_id):.*"))
            .forEach(line -> objects.add(line.replaceAll(":\\s*", " ")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return objects;
  }

  long descriptors() {
    return entries("fd");
  }

  long threads() {
    return entries("task");
  }

  private long entries(String folder) {
    try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid() + "/" + folder))) {
      return entries.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A descriptor may be closed while we look. */
  private static String readIfThere(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  /** Asks it to end, and waits until it has. */
  Run.Outcome stop() {
    running.process().destroy();
    return running.outcome();
  }

  @Override
  public void close() {
    if (running.process().isAlive()) {
      stop();
    }
    running.close();
  }
}
