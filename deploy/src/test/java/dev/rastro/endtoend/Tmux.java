// SPDX-License-Identifier: Apache-2.0
package dev.rastro.endtoend;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A real terminal, without anyone in front of it: a tmux of our own with one pane. */
record Tmux(String name) implements AutoCloseable {

  /** Runs a shell script in a terminal of 80 columns and 24 rows. */
  static Tmux start(String script) {
    Tmux tmux = new Tmux("rastro-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
    Run.Outcome unused =
        tmux.run("-f", "/dev/null", "-u", "new-session", "-d", "-x", "80", "-y", "24", script);
    return tmux;
  }

  private Run.Outcome run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("tmux", "-L", name));
    command.addAll(List.of(arguments));
    return Run.of(command).succeeded();
  }

  /** Names of keys as tmux has them: {@code Down}, {@code Enter}, {@code q}. */
  void press(String... keys) {
    List<String> arguments = new ArrayList<>(List.of("send-keys"));
    arguments.addAll(List.of(keys));
    Run.Outcome unused = run(arguments.toArray(String[]::new));
  }

  void resize(int columns, int rows) {
    Run.Outcome unused =
        run("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
  }

  /** The lines that are seen, without blanks at their ends. */
  List<String> lines() {
    return run("capture-pane", "-p").out().lines().toList();
  }

  /** With the sequences that make colours. */
  String raw() {
    return run("capture-pane", "-p", "-e").out();
  }

  /** Waits until the screen shows it; returns the lines that did. */
  List<String> await(String what, Predicate<List<String>> shows) {
    List<String> seen = new ArrayList<>();
    Deadline.await(
        what + "\n" + name,
        () -> {
          seen.clear();
          seen.addAll(lines());
          return shows.test(seen);
        });
    return seen;
  }

  List<String> awaitText(String text) {
    return await(text, lines -> lines.stream().anyMatch(line -> line.contains(text)));
  }

  @Override
  public void close() {
    Run.Outcome unused = Run.of("tmux", "-L", name, "kill-server").outcome();
  }
}
