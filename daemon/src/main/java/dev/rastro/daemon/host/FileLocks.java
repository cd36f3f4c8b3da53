// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.host;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who waits for whose file locks: {@code /proc/locks} (proc(5)). */
public final class FileLocks {
  private static final String BLOCKED = "->";

  private FileLocks() {}

  /** Processes that hold what each waiting process wants. */
  public static Map<Integer, Set<Integer>> holdersByWaiter() {
    return parse(ProcFiles.read(Path.of("/proc/locks")).orElse(""));
  }

  /**
   * {@code 1: POSIX ADVISORY WRITE 100 08:01:5 0 EOF}, {@code 1: -> POSIX ADVISORY WRITE 101 …}.
   */
  static Map<Integer, Set<Integer>> parse(String locks) {
    Map<String, Integer> holders = new HashMap<>();
    Map<Integer, Set<Integer>> waiters = new HashMap<>();
    locks
        .lines()
        .map(line -> line.strip().split("\\s+", -1))
        .filter(words -> words.length > 6)
        .forEach(
            words -> {
              boolean blocked = words[1].equals(BLOCKED);
              int pid = Integer.parseInt(words[blocked ? 5 : 4]);
              if (!blocked) {
                holders.put(words[0], pid);
              } else if (holders.containsKey(words[0]) && pid > 0) {
                waiters.computeIfAbsent(pid, unused -> new HashSet<>()).add(holders.get(words[0]));
              }
            });
    return waiters;
  }
}
