// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.kernel;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How long threads have slept at least, out of {@code /proc/PID/sched} (CONFIG_SCHED_DEBUG): since
 * when each has not run is told there by the clock of the CPU that it ran on. Such clocks differ
 * from each other, and stand still while the machine beneath does something else; so the one of the
 * same CPU is read, from a thread that goes there, and what comes out is a lower bound. Any thread.
 */
public final class SleepClocks {
  private static final String NOT_RUN_SINCE = "se.exec_start";

  /** Field of /proc/PID/stat behind the name, counted from the state: see proc(5). */
  private static final int LAST_CPU = 36;

  private static final double NANOS_PER_MILLI = 1e6;

  /** Room for a mask of 8,192 CPUs. */
  private static final int MASK_BYTES = 1024;

  /** Of the calling thread. */
  private static final int SELF = 0;

  private record Sleep(int tid, long sinceNanos) {}

  private SleepClocks() {}

  /** By thread; those are missing of which nothing can be told. */
  public static Map<Integer, Long> atLeastNanos(Collection<SleepingCall> calls) {
    Map<Integer, List<Sleep>> byCpu = new HashMap<>();
    for (SleepingCall call : calls) {
      Path task = Path.of("/proc/" + call.tgid() + "/task/" + call.tid());
      Optional<Long> since = clock(task);
      Optional<Integer> cpu = lastCpu(task);
      if (since.isPresent() && cpu.isPresent()) {
        byCpu
            .computeIfAbsent(cpu.get(), unused -> new ArrayList<>())
            .add(new Sleep(call.tid(), since.get()));
      }
    }
    Map<Integer, Long> bounds = new HashMap<>();
    if (!byCpu.isEmpty()) {
      // A thread of its own, as it may not be let back to where it was.
      Thread traveller = new Thread(() -> visit(byCpu, bounds), "sleep-clocks");
      traveller.setDaemon(true);
      traveller.start();
      join(traveller);
    }
    return bounds;
  }

  /** CPUs that this process may not run on are left out. */
  private static void visit(Map<Integer, List<Sleep>> byCpu, Map<Integer, Long> bounds) {
    try (Memory mask = new Memory(MASK_BYTES)) {
      byCpu.forEach(
          (cpu, sleeps) -> {
            if (cpu >= MASK_BYTES * Byte.SIZE) {
              return;
            }
            mask.clear();
            mask.setByte(cpu / Byte.SIZE, (byte) (1 << cpu % Byte.SIZE));
            if (Libc.sched_setaffinity(SELF, MASK_BYTES, mask) == 0) {
              clock(Path.of("/proc/thread-self"))
                  .ifPresent(now -> sleeps.forEach(sleep -> note(sleep, now, bounds)));
            }
          });
    }
  }

  private static void note(Sleep sleep, long nowNanos, Map<Integer, Long> bounds) {
    if (nowNanos > sleep.sinceNanos()) {
      bounds.put(sleep.tid(), nowNanos - sleep.sinceNanos());
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** {@code se.exec_start : 820406.732881}: milliseconds. */
  private static Optional<Long> clock(Path task) {
    return text(task.resolve("sched"))
        .flatMap(text -> text.lines().filter(line -> line.startsWith(NOT_RUN_SINCE)).findFirst())
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .map(millis -> (long) (Double.parseDouble(millis) * NANOS_PER_MILLI));
  }

  private static Optional<Integer> lastCpu(Path task) {
    return text(task.resolve("stat"))
        .map(stat -> stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1))
        .map(fields -> Integer.valueOf(fields[LAST_CPU]));
  }

  private static Optional<String> text(Path file) {
    try {
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
    } catch (IOException goneOrNotTold) {
      return Optional.empty();
    }
  }
}
