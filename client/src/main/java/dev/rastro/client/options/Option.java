package dev.rastro.client.options;

import java.util.List;

/**
 * One option.
 *
 * @param key what it is told by: its letter, else its first long name
 * @param letter 0 when it has none
 * @param longNames without dashes
 * @param label of its argument; empty when it takes none
 * @param group of the help page
 * @param own whether it is rastro's, not strace's
 */
public record Option(
    String key,
    char letter,
    List<String> longNames,
    Argument argument,
    String label,
    String description,
    String group,
    boolean own) {

  /** Whether an argument follows. */
  public enum Argument {
    NONE,
    REQUIRED,
    /** Only after the long name and an equals sign. */
    OPTIONAL
  }
}
