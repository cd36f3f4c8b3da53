package dev.rastro.client.commands;

import dev.rastro.v1.Filter;
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

  static TouchOptions of(List<String> asked, BitSet descriptors) {
    Set<String> paths = new LinkedHashSet<>();
    for (String path : asked) {
      paths.add(path);
      paths.add(resolved(path));
    }
    return new TouchOptions(List.copyOf(asked), paths, descriptors);
  }

  boolean any() {
    return !paths.isEmpty() || !descriptors.isEmpty();
  }

  /** As the daemon understands it. */
  Filter filter() {
    Filter.Builder filter = Filter.newBuilder().addAllPaths(paths);
    for (int first = descriptors.nextSetBit(0);
        first >= 0;
        first = descriptors.nextSetBit(descriptors.nextClearBit(first))) {
      filter.addDescriptors(first + "-" + (descriptors.nextClearBit(first) - 1));
    }
    return filter.build();
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
