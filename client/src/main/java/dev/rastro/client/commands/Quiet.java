package dev.rastro.client.commands;

import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What need not be told. */
enum Quiet {
  ATTACH,
  EXIT,
  PATH_RESOLUTION,
  PERSONALITY,
  THREAD_EXECVE;

  private static final Map<String, Quiet> NAMES =
      Map.of(
          "attach", ATTACH,
          "exit", EXIT,
          "path-resolution", PATH_RESOLUTION,
          "personality", PERSONALITY,
          "thread-execve", THREAD_EXECVE,
          "superseded", THREAD_EXECVE);

  static Optional<Quiet> parse(String name) {
    return Optional.ofNullable(NAMES.get(name));
  }

  /** {@code -q}, {@code -qq}, {@code -qqq}. */
  static Set<Quiet> level(int level) {
    return switch (Math.min(level, 3)) {
      case 0 -> EnumSet.noneOf(Quiet.class);
      case 1 -> EnumSet.of(ATTACH, PERSONALITY);
      case 2 -> EnumSet.of(ATTACH, PERSONALITY, EXIT);
      default -> EnumSet.allOf(Quiet.class);
    };
  }
}
