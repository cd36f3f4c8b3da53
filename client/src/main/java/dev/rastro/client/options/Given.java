package dev.rastro.client.options;

import java.util.Optional;

/**
 * An option as it was given.
 *
 * @param name as the user wrote it, for messages: {@code -s}, {@code --string-limit}
 */
public record Given(Option option, String name, Optional<String> argument) {

  public String key() {
    return option.key();
  }

  /** Of an option that requires one. */
  public String text() {
    return argument.orElseThrow();
  }

  public boolean isLong() {
    return name.startsWith("--");
  }
}
