// SPDX-License-Identifier: Apache-2.0
package dev.rastro.syscalls.table;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The rows of {@code waits.txt}: in which calls programs wait, and for what. Immutable. */
public final class Waits {

  /** For what. */
  public enum Kind {
    /** Data that somebody else has to send. */
    INPUT,
    /** Room for data, which somebody else has to take. */
    OUTPUT,
    ACCEPT,
    CONNECT,
    /** Any of the descriptors in an array of struct pollfd. */
    DESCRIPTORS,
    /** Any of the descriptors in three bit sets. */
    SETS,
    /** Any of those that an epoll descriptor watches. */
    EPOLL,
    COMPLETION,
    /** A word in memory that another thread changes. */
    FUTEX,
    /** One child or any, by its id. */
    CHILD,
    /** The same, where an argument before the id says what that is. */
    CHILD_BY,
    SLEEP,
    SIGNAL,
    FILE_LOCK,
    LOCK,
    MESSAGE,
    DISK,
    OPEN
  }

  /** How a call says when it ends by itself. */
  public enum Timeout {
    NEVER,
    ALWAYS,
    /** A number that is not negative. */
    NUMBER,
    /** A pointer that is not null. */
    POINTER
  }

  /** No such argument. */
  public static final int NO_ARGUMENT = -1;

  /**
   * One call.
   *
   * @param object the argument that says for which descriptor or child, or {@link #NO_ARGUMENT}
   * @param limit the argument that {@code timeout} speaks of, or {@link #NO_ARGUMENT}
   */
  public record Wait(String call, Kind kind, int object, Timeout timeout, int limit) {

    /** Whether a call with these registers ends by itself. */
    public boolean isTimed(List<Long> arguments) {
      return switch (timeout) {
        case NEVER -> false;
        case ALWAYS -> true;
        case NUMBER -> arguments.get(limit).intValue() >= 0;
        case POINTER -> arguments.get(limit) != 0;
      };
    }
  }

  private final Map<String, Wait> byCall = new HashMap<>();

  private Waits(DataFile file) {
    for (DataLine line : file.lines()) {
      Wait wait = parse(line);
      if (byCall.put(wait.call(), wait) != null) {
        throw line.error("a second line for " + wait.call());
      }
    }
  }

  public static Waits load() {
    return new Waits(DataFile.load("waits.txt"));
  }

  static Waits of(DataFile file) {
    return new Waits(file);
  }

  /** Empty when nothing is known to wait for in this call. */
  public Optional<Wait> find(String call) {
    return Optional.ofNullable(byCall.get(call));
  }

  private static Wait parse(DataLine line) {
    String[] words = line.words();
    if (words.length < 2) {
      throw line.error("expected: CALL KIND [fd=N | pid=N] [timeout=N | until=N | timed]");
    }
    int object = NO_ARGUMENT;
    int limit = NO_ARGUMENT;
    Timeout timeout = Timeout.NEVER;
    for (String word : List.of(words).subList(2, words.length)) {
      String[] parts = word.split("=", 2);
      switch (parts[0]) {
        case "fd", "pid" -> object = argument(line, parts);
        case "timeout" -> {
          timeout = Timeout.NUMBER;
          limit = argument(line, parts);
        }
        case "until" -> {
          timeout = Timeout.POINTER;
          limit = argument(line, parts);
        }
        case "timed" -> timeout = Timeout.ALWAYS;
        default -> throw line.error("neither fd, pid, timeout, until nor timed: \"" + word + '"');
      }
    }
    return new Wait(words[0], kind(line, words[1]), object, timeout, limit);
  }

  private static int argument(DataLine line, String[] parts) {
    if (parts.length != 2) {
      throw line.error("expected " + parts[0] + "=N");
    }
    return line.parseInt(parts[1]);
  }

  private static Kind kind(DataLine line, String word) {
    for (Kind kind : Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
        return kind;
      }
    }
    throw line.error("no kind of wait: \"" + word + '"');
  }
}
