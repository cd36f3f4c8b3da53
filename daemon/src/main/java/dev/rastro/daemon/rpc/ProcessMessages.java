// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.rpc;

import dev.rastro.daemon.aggregate.Figures;
import dev.rastro.daemon.aggregate.ProgramExits;
import dev.rastro.daemon.aggregate.WatchedProcess;
import dev.rastro.daemon.host.Host;
import dev.rastro.daemon.host.ProcessFacts;
import dev.rastro.daemon.kernel.ProcessKey;
import dev.rastro.daemon.kernel.ProcessLoad;
import dev.rastro.v1.Memory;
import dev.rastro.v1.Process;
import dev.rastro.v1.State;
import dev.rastro.v1.Times;
import dev.rastro.v1.WaitKind;
import dev.rastro.v1.WaitTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One row of the status table after the other. */
final class ProcessMessages {
  private static final double SECOND_NANOS = 1e9;

  private final long bootUnixSeconds = Host.bootUnixSeconds();

  /**
   * What {@code /proc} says.
   *
   * @param full with words of the program and names of files
   */
  Process.Builder present(ProcessFacts facts, boolean full) {
    return Process.newBuilder()
        .setKey(Wire.key(new ProcessKey(facts.pid(), facts.startTicks() * ProcessFacts.TICK_NANOS)))
        .setParentPid(facts.parentPid())
        .setNamespacePid(facts.namespacePid())
        .setUser(facts.user())
        .setUid(facts.uid())
        .setName(facts.name())
        .setCommandLine(full ? facts.commandLine() : "")
        .setState(state(facts.state()))
        .setMemory(memory(facts.memory()))
        .addAllListening(
            facts.listening().stream().filter(where -> full || !isPath(where)).toList())
        .setThreads(facts.threads())
        .setKernelThread(facts.kernelThread())
        .setStartUnixSeconds(startUnixSeconds(facts.startTicks() * ProcessFacts.TICK_NANOS));
  }

  private static boolean isPath(String listening) {
    return listening.startsWith("unix:");
  }

  /** One that is no more, as the daemon remembers it. */
  Process.Builder gone(WatchedProcess known) {
    Process.Builder process =
        Process.newBuilder()
            .setKey(Wire.key(known.key()))
            .setParentPid(known.parentPid())
            .setUid(known.uid())
            .setName(known.comm())
            .setState(State.STATE_TERMINATED)
            .setStartUnixSeconds(startUnixSeconds(known.key().startNanos()));
    known
        .exitStatus()
        .ifPresent(status -> process.setExitStatus(status).setExitText(WaitStatus.text(status)));
    return process;
  }

  /** What the scheduler says, which knows more than one letter. */
  static void addLoad(Process.Builder process, ProcessLoad load) {
    process.setState(state(load.state()));
    if (load.state() != ProcessLoad.State.ENDED) {
      process.setTimes(
          Times.newBuilder()
              .setRunningNanos(load.runningNanos())
              .setReadyNanos(load.readyNanos())
              .setWaitingNanos(load.waitingNanos()));
    }
  }

  /**
   * What was counted.
   *
   * @param unfinished time inside calls that have not returned, by what they wait for
   */
  static void addFigures(
      Process.Builder process,
      WatchedProcess known,
      long recentNanos,
      Map<WaitKind, Long> unfinished) {
    Figures figures = known.figures();
    double seconds = Math.max(1, recentNanos) / SECOND_NANOS;
    process
        .setKey(Wire.key(known.key()))
        .setCounted(true)
        .setCalls(known.calls())
        .setErrors(known.errors())
        .setCallsPerSecond(known.recentCalls() / seconds)
        .setErrorsPerSecond(known.recentErrors() / seconds)
        .setFailures(figures.failures())
        .setAccepted(figures.accepted())
        .setThunderingHerd(figures.idleWakeups())
        .setClosedByPeer(figures.endsOfStream() + figures.resets())
        .setSendFailures(figures.sendFailures())
        .addAllWaits(waits(figures, unfinished));
    if (known.calls() > 0) {
      // There may be more failures than calls where the kernel's counters were full.
      process.setSuccessShare(Math.max(0, 1 - (double) figures.failures() / known.calls()));
    }
  }

  private static List<WaitTime> waits(Figures figures, Map<WaitKind, Long> unfinished) {
    Map<WaitKind, WaitTime.Builder> sums = new EnumMap<>(WaitKind.class);
    figures
        .waits()
        .forEach(
            (kind, waited) -> {
              WaitTime.Builder sum = sum(sums, Wire.waitKind(kind));
              sum.setCalls(sum.getCalls() + waited.calls());
              sum.setNanos(sum.getNanos() + waited.nanos());
            });
    unfinished.forEach(
        (kind, nanos) -> {
          WaitTime.Builder sum = sum(sums, kind);
          sum.setNanos(sum.getNanos() + nanos);
        });
    return sums.values().stream()
        .sorted(Comparator.comparingLong(WaitTime.Builder::getNanos).reversed())
        .map(WaitTime.Builder::build)
        .toList();
  }

  private static WaitTime.Builder sum(Map<WaitKind, WaitTime.Builder> sums, WaitKind kind) {
    return sums.computeIfAbsent(kind, unused -> WaitTime.newBuilder().setKind(kind));
  }

  /** Of all users together. */
  static List<dev.rastro.v1.ProgramExits> exits(Collection<ProgramExits> exits) {
    Map<ProgramExits, Long> sums =
        exits.stream()
            .collect(
                Collectors.groupingBy(
                    exit -> new ProgramExits(exit.program(), 0, exit.status(), 0),
                    HashMap::new,
                    Collectors.summingLong(ProgramExits::count)));
    return sums.entrySet().stream()
        .map(
            sum ->
                dev.rastro.v1.ProgramExits.newBuilder()
                    .setProgram(sum.getKey().program())
                    .setStatus(sum.getKey().status())
                    .setText(WaitStatus.text(sum.getKey().status()))
                    .setCount(sum.getValue())
                    .build())
        .sorted(
            Comparator.comparing(dev.rastro.v1.ProgramExits::getProgram)
                .thenComparing(dev.rastro.v1.ProgramExits::getStatus))
        .toList();
  }

  private long startUnixSeconds(long startNanos) {
    return startNanos == 0 ? 0 : bootUnixSeconds + TimeUnit.NANOSECONDS.toSeconds(startNanos);
  }

  private static Memory memory(ProcessFacts.Memory memory) {
    return Memory.newBuilder()
        .setResidentBytes(memory.residentBytes())
        .setCodeBytes(memory.codeBytes())
        .setDataBytes(memory.dataBytes())
        .setStackBytes(memory.stackBytes())
        .setVirtualBytes(memory.virtualBytes())
        .setHeapBytes(memory.heapBytes())
        .build();
  }

  private static State state(ProcessLoad.State state) {
    return switch (state) {
      case RUNNING -> State.STATE_RUNNING;
      case READY -> State.STATE_READY;
      case NEW -> State.STATE_NEW;
      case DISK -> State.STATE_DISK;
      case WAITING -> State.STATE_WAITING;
      case STOPPED -> State.STATE_STOPPED;
      case IDLE -> State.STATE_IDLE;
      case ENDED -> State.STATE_ZOMBIE;
    };
  }

  private static State state(char letter) {
    return switch (letter) {
      case 'R' -> State.STATE_RUNNING;
      case 'S' -> State.STATE_WAITING;
      case 'D' -> State.STATE_DISK;
      case 'T', 't' -> State.STATE_STOPPED;
      case 'Z' -> State.STATE_ZOMBIE;
      case 'I' -> State.STATE_IDLE;
      case 'X' -> State.STATE_TERMINATED;
      default -> State.STATE_UNSPECIFIED;
    };
  }
}
