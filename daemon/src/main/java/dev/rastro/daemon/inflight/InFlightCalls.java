// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.inflight;

import dev.rastro.daemon.host.Descriptors;
import dev.rastro.daemon.host.HostProcesses;
import dev.rastro.daemon.host.ProcessMemory;
import dev.rastro.daemon.kernel.EntryTimes;
import dev.rastro.daemon.kernel.ProcFs;
import dev.rastro.daemon.kernel.ProcessKey;
import dev.rastro.daemon.kernel.SleepClocks;
import dev.rastro.daemon.kernel.SleepingCall;
import dev.rastro.syscalls.plan.CaptureLimits;
import dev.rastro.syscalls.plan.LiveCapture;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.table.Waits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Looks where threads are stuck. Stops nobody: what a thread does while it is looked at is seen as
 * it was, or not at all. Blocks on reads of {@code /proc}; any thread.
 */
public final class InFlightCalls {
  /** Threads of one look. */
  public static final int MAX_THREADS = 65_536;

  /** How far chains of waits are followed beyond the processes that were asked for. */
  static final int MAX_CHAIN = 16;

  private final SyscallTable table;
  private final EntryTimes entryTimes;
  private final LiveCapture capture;
  private final Waits waits = Waits.load();
  private final HostProcesses host = new HostProcesses();
  private final Sightings sightings = new Sightings();
  private final int self = ProcFs.self();

  /**
   * What was found.
   *
   * @param calls of those who were asked for, longest first
   * @param related threads of processes that hold what one of the calls waits for
   * @param cycles threads that wait for each other and can never go on
   * @param leftOut threads beyond {@link #MAX_THREADS}
   */
  public record Answer(
      List<InFlight> calls, List<InFlight> related, List<WaitCycle> cycles, int leftOut) {}

  /** How long a thread has been inside a call that waits for something. */
  public record Unfinished(int pid, Waits.Kind kind, long nanos) {}

  /** Calls that have not returned and whose entry was seen. */
  public List<Unfinished> unfinished(Collection<Integer> pids) {
    List<Asleep> found = new ArrayList<>();
    int unused = asleep(pids, found);
    return found.stream()
        .filter(one -> one.age().exact())
        .flatMap(
            one ->
                wait(one).stream()
                    .map(wait -> new Unfinished(one.call().tgid(), wait.kind(), one.age().nanos())))
        .toList();
  }

  /** A thread before it is known what it waits for. */
  private record Asleep(SleepingCall call, Optional<Syscall> row, Age age, long now) {
    String name() {
      return row.map(Syscall::name).orElse("syscall_0x%x".formatted(call.number()));
    }

    Asleep sleepingAtLeast(long nanos) {
      return age.nanos() >= nanos ? this : new Asleep(call, row, new Age(nanos, age.exact()), now);
    }
  }

  public InFlightCalls(SyscallTable table, EntryTimes entryTimes) {
    this.table = table;
    this.entryTimes = entryTimes;
    this.capture = new LiveCapture(table, CaptureLimits.DEFAULT);
  }

  public boolean exists(int pid) {
    return host.exists(pid);
  }

  /**
   * Remembers who sleeps where now, so that a later look knows how long at least.
   *
   * @param pids empty for all
   * @return whether there are calls of which it is not known whether they last so long
   */
  public boolean note(Collection<Integer> pids, long longerThanNanos) {
    List<Asleep> found = new ArrayList<>();
    int unused = asleep(pids.isEmpty() ? everybody() : pids, found);
    return found.stream()
        .anyMatch(one -> !one.age().exact() && one.age().nanos() < longerThanNanos);
  }

  /**
   * @param pids empty for all but the daemon
   * @param longerThanNanos only calls that are known to last so long
   */
  public Answer look(Collection<Integer> pids, long longerThanNanos) {
    Look look = new Look(host);
    WaitReasons reasons = new WaitReasons(look);
    Map<Integer, List<Integer>> threads = new HashMap<>();
    List<InFlight> asked = new ArrayList<>();
    Collection<Integer> wanted = pids.isEmpty() ? everybody() : pids;
    int leftOut = examine(wanted, look, reasons, threads, asked);
    List<InFlight> related = new ArrayList<>();
    List<InFlight> latest = asked;
    for (int step = 0; step < MAX_CHAIN && !latest.isEmpty(); step++) {
      Set<Integer> further = new HashSet<>();
      latest.forEach(
          call -> call.waiting().releasers().forEach(releaser -> further.add(releaser.pid())));
      further.removeAll(threads.keySet());
      latest = new ArrayList<>();
      leftOut += examine(further, look, reasons, threads, latest);
      related.addAll(latest);
    }
    List<InFlight> all = new ArrayList<>(asked);
    all.addAll(related);
    List<WaitCycle> cycles = Deadlocks.among(all, threads);
    asked.removeIf(call -> call.age().nanos() < longerThanNanos);
    asked.sort(Comparator.comparingLong((InFlight call) -> call.age().nanos()).reversed());
    return new Answer(asked, related, cycles, leftOut);
  }

  /** All processes but the daemon. */
  public List<Integer> everybody() {
    return host.pids().stream().filter(pid -> pid != self).toList();
  }

  /** Returns how many threads were left out. */
  private int examine(
      Collection<Integer> pids,
      Look look,
      WaitReasons reasons,
      Map<Integer, List<Integer>> threads,
      List<InFlight> into) {
    List<Asleep> found = new ArrayList<>();
    pids.forEach(pid -> threads.put(pid, SleepingCall.threads(pid)));
    int leftOut = asleep(pids, found);
    Set<String> targets = new HashSet<>();
    found.forEach(one -> targets.addAll(reasons.targets(one.call(), wait(one))));
    look.findHolders(targets);
    Map<Integer, ProcessKey> keys = new LinkedHashMap<>();
    for (Asleep one : found) {
      ProcessKey key =
          keys.computeIfAbsent(
              one.call().tgid(),
              pid -> ProcFs.find(pid).map(ProcFs.Entry::key).orElse(new ProcessKey(pid, 0)));
      into.add(described(one, key, reasons.of(one.call(), wait(one))));
    }
    return leftOut;
  }

  private Optional<Waits.Wait> wait(Asleep one) {
    return one.row().flatMap(row -> waits.find(row.name()));
  }

  private InFlight described(Asleep one, ProcessKey key, Waiting waiting) {
    SleepingCall call = one.call();
    try (ProcessMemory memory = ProcessMemory.of(call.tgid())) {
      return new InFlight(
          key,
          WaitReasons.comm(call.tgid(), call.tid()),
          call,
          one.age(),
          capture.record(
              call.tgid(),
              call.tid(),
              call.number(),
              call.arguments(),
              one.now() - one.age().nanos(),
              one.age().exact(),
              memory,
              number -> Descriptors.path(call.tgid(), number)),
          waiting,
          Sentence.of(one.name(), one.age(), waiting));
    }
  }

  /** Returns how many threads were left out. */
  private int asleep(Collection<Integer> pids, List<Asleep> into) {
    int leftOut = 0;
    List<Asleep> found = new ArrayList<>();
    for (int pid : pids) {
      for (int tid : SleepingCall.threads(pid)) {
        if (found.size() >= MAX_THREADS) {
          leftOut++;
          continue;
        }
        Optional<Long> switches = ProcFs.voluntarySwitches(pid, tid);
        Optional<SleepingCall> call = SleepingCall.of(pid, tid);
        if (switches.isPresent() && call.isPresent()) {
          found.add(aged(call.get(), switches.get()));
        }
      }
    }
    into.addAll(withBounds(found));
    return leftOut;
  }

  private Asleep aged(SleepingCall call, long switches) {
    OptionalLong entry = entryTimes.of(call.tgid(), call.tid(), call.number());
    long now = System.nanoTime();
    long since = sightings.since(call, switches, now);
    Age age =
        entry.isPresent()
            ? new Age(Math.max(0, now - entry.getAsLong()), true)
            : new Age(now - since, false);
    return new Asleep(call, table.find(call.number()), age, now);
  }

  /** Where the entry was not seen, the scheduler may know of a longer sleep than we do. */
  private static List<Asleep> withBounds(List<Asleep> found) {
    Map<Integer, Long> bounds =
        SleepClocks.atLeastNanos(
            found.stream().filter(one -> !one.age().exact()).map(Asleep::call).toList());
    return found.stream()
        .map(one -> one.sleepingAtLeast(bounds.getOrDefault(one.call().tid(), 0L)))
        .toList();
  }
}
