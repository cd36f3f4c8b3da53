package dev.rastro.client.commands;

import dev.rastro.client.failure.ClientFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code -P} and {@code -e trace-fds=}: calls that touch any of these paths or descriptors.
 *
 * @param asked paths as they were given
 * @param paths the same, and what they resolve to
 */
record TouchOptions(List<String> asked, Set<String> paths, BitSet descriptors) {
  /** More descriptors than a process may have. */
  private static final int DESCRIPTORS_MAX = 1 << 20;

  static final TouchOptions NONE = new TouchOptions(List.of(), Set.of(), new BitSet());

  static TouchOptions of(List<String> asked, List<String> descriptorLists) {
    Set<String> paths = new LinkedHashSet<>();
    for (String path : asked) {
      paths.add(path);
      paths.add(resolved(path));
    }
    BitSet descriptors = new BitSet();
    for (String list : descriptorLists) {
      for (String number : list.split(",", -1)) {
        descriptors.set(descriptor(number));
      }
    }
    return new TouchOptions(List.copyOf(asked), paths, descriptors);
  }

  private static int descriptor(String text) {
    int number = CommonOptions.number("-e trace-fds=", text);
    if (number >= DESCRIPTORS_MAX) {
      throw ClientFailure.usage("-e trace-fds=: " + text + " is no descriptor");
    }
    return number;
  }

  boolean any() {
    return !paths.isEmpty() || !descriptors.isEmpty();
  }

  /** What strace says of paths that are links or relative. */
  List<String> notices() {
    List<String> notices = new ArrayList<>();
    for (String path : asked) {
      if (!resolved(path).equals(path)) {
        notices.add("Requested path \"" + path + "\" resolved into \"" + resolved(path) + "\"");
      }
    }
    return notices;
  }

  private static String resolved(String path) {
    try {
      return Path.of(path).toRealPath().toString();
    } catch (IOException notThere) {
      return path; // it may come to be
    }
  }
}
