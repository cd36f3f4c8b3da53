package dev.rastro.client.commands;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.syscalls.text.DescriptorChoice;
import java.util.List;

/** {@code -y}, {@code -yy} and {@code --decode-fds=}: what is shown of descriptors. */
final class DescriptorOptions {

  private DescriptorOptions() {}

  /** As {@code -y} given so often. */
  static DescriptorChoice ofLetter(int count) {
    return switch (count) {
      case 0 -> DescriptorChoice.NONE;
      case 1 -> DescriptorChoice.PATHS;
      default -> DescriptorChoice.ALL;
    };
  }

  /** As {@code path,socket,dev,pidfd}, {@code all} or {@code none}. */
  static DescriptorChoice ofList(String list) {
    DescriptorChoice choice = DescriptorChoice.NONE;
    for (String name : List.of(list.split(",", -1))) {
      choice = choice.and(ofName(name));
    }
    return choice;
  }

  private static DescriptorChoice ofName(String name) {
    return switch (name) {
      case "all" -> DescriptorChoice.ALL;
      case "none" -> DescriptorChoice.NONE;
      case "path" -> DescriptorChoice.PATHS;
      case "socket" -> new DescriptorChoice(false, true, false, false);
      case "dev" -> new DescriptorChoice(false, false, true, false);
      case "pidfd" -> new DescriptorChoice(false, false, false, true);
      default ->
          throw ClientFailure.usage(
              "--decode-fds: '" + name + "' is none of path, socket, dev, pidfd, all, none");
    };
  }
}
