package dev.rastro.client.printing;

import java.util.Optional;

/**
 * Where lines are to go.
 *
 * @param file empty: standard error; with a leading {@code |} or {@code !} a shell command
 * @param separate each task's lines go to the file's name, a dot and the task's number
 */
public record Destination(Optional<String> file, boolean append, boolean separate) {
  public static final Destination STANDARD_ERROR = new Destination(Optional.empty(), false, false);

  public boolean isCommand() {
    return file.isPresent() && (file.get().startsWith("|") || file.get().startsWith("!"));
  }
}
