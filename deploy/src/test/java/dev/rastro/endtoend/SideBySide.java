package dev.rastro.endtoend;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The same command under strace and under Rastro, in the same surroundings. */
final class SideBySide implements AutoCloseable {
  private final Path home;
  private final Daemon daemon;

  /** How the command ended, and what was written of it. */
  record Traced(Run.Outcome outcome, Path file) {}

  private SideBySide(Path home, Daemon daemon) {
    this.home = home;
    this.daemon = daemon;
  }

  static SideBySide start(Path home) {
    return new SideBySide(home, Daemon.start(home));
  }

  /**
   * Runs it alone: neither of the two is then the first to read a file into the page cache or to
   * write one in $HOME.
   */
  void warmUp(List<String> command) {
    outcome(Run.of(command));
  }

  Traced strace(List<String> options, List<String> command) {
    Path file = home.resolve("strace");
    List<String> words = new ArrayList<>(List.of("strace"));
    words.addAll(options);
    words.addAll(List.of("-o", file.toString()));
    words.addAll(command);
    return new Traced(outcome(Run.of(words)), file);
  }

  Traced rastro(List<String> options, List<String> command) {
    Path file = home.resolve("rastro");
    List<String> words = new ArrayList<>(options);
    words.addAll(List.of("-o", file.toString(), "--"));
    words.addAll(command);
    return new Traced(outcome(daemon.rastro("trace", words.toArray(String[]::new))), file);
  }

  private Run.Outcome outcome(Run run) {
    return run.in(Commands.prepare(home.resolve("work"))).with("HOME", home.toString()).outcome();
  }

  @Override
  public void close() {
    daemon.close();
  }
}
