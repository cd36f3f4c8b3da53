// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.printing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The flags of clone(2) in plain words. */
final class CloneWords {
  private static final Map<String, String> SHARED = new LinkedHashMap<>();
  private static final Map<String, String> OWN = new LinkedHashMap<>();

  static {
    SHARED.put("CLONE_VM", "memory");
    SHARED.put("CLONE_FILES", "descriptors");
    SHARED.put("CLONE_FS", "working folder");
    SHARED.put("CLONE_SIGHAND", "signal handlers");
    OWN.put("CLONE_NEWUSER", "users");
    OWN.put("CLONE_NEWPID", "process ids");
    OWN.put("CLONE_NEWNET", "network");
    OWN.put("CLONE_NEWNS", "mounts");
    OWN.put("CLONE_NEWUTS", "host name");
    OWN.put("CLONE_NEWIPC", "ipc");
    OWN.put("CLONE_NEWCGROUP", "cgroup root");
    OWN.put("CLONE_NEWTIME", "clocks");
  }

  private CloneWords() {}

  /** {@code shares memory and descriptors; own network}; empty for a plain fork. */
  static String of(List<String> flags) {
    List<String> parts = new ArrayList<>();
    List<String> shared = chosen(SHARED, flags);
    if (!shared.isEmpty()) {
      parts.add("shares " + joined(shared));
    }
    List<String> own = chosen(OWN, flags);
    if (!own.isEmpty()) {
      parts.add("own " + joined(own));
    }
    return String.join("; ", parts);
  }

  private static List<String> chosen(Map<String, String> words, List<String> flags) {
    return words.entrySet().stream()
        .filter(word -> flags.contains(word.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static String joined(List<String> words) {
    int last = words.size() - 1;
    return last == 0
        ? words.get(0)
        : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
  }
}
