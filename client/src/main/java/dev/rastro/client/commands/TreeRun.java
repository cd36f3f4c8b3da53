// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.commands;

import dev.rastro.client.connection.Connection;
import dev.rastro.client.connection.TraceStream;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import dev.rastro.client.launch.Command;
import dev.rastro.client.launch.OwnProcess;
import dev.rastro.client.printing.Output;
import dev.rastro.client.printing.TreePrinter;
import dev.rastro.v1.Ended;
import dev.rastro.v1.Filter;
import dev.rastro.v1.ListProcessesRequest;
import dev.rastro.v1.Process;
import dev.rastro.v1.ProcessKey;
import dev.rastro.v1.Started;
import dev.rastro.v1.State;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One tree that is shown as it grows. */
final class TreeRun {
  private static final String NOTHING = "none";

  /** How often the processes that are there already are looked for. */
  private static final int LOOKS = 3;

  /** They start nothing any more, and the daemon watches none of them. */
  private static final Set<State> ENDED = Set.of(State.STATE_TERMINATED, State.STATE_ZOMBIE);

  private final TreeCommand.Arguments arguments;
  private final Connection connection;
  private final Output output;
  private final Interruption interruption;
  private final TreePrinter printer;

  /** Those that are there when it begins. */
  private List<Process> present = List.of();

  TreeRun(
      TreeCommand.Arguments arguments,
      Connection connection,
      Output output,
      Interruption interruption) {
    this.arguments = arguments;
    this.connection = connection;
    this.output = output;
    this.interruption = interruption;
    this.printer = new TreePrinter(output, arguments.json(), arguments.threads());
  }

  /** Blocks until all of the tree have ended or somebody interrupts. */
  Outcome run(Optional<Command> command) {
    try (TraceStream stream = begin();
        EndGuard guard = EndGuard.of(stream::cancel)) {
      interruption.onStop(stream::cancel);
      if (stream.isCancelled()) {
        return Outcome.interrupted(interruption.signal());
      }
      present.forEach(printer::present);
      Optional<RunningCommand> running = Optional.empty();
      if (command.isPresent() && interruption.mayStart()) {
        running = Optional.of(RunningCommand.start(command.get(), interruption));
        printer.root(running.get().pid());
        guard.watch(running.get());
      }
      Optional<Ended> ended = print(stream, guard);
      printer.finish();
      if (guard.gaveUp()) {
        output.message(EndGuard.message());
      }
      return outcome(running, ended);
    }
  }

  /**
   * What those that are named have started before is watched, too. Whatever comes while that is
   * found out is found by looking again; where they start others all the time, that has an end.
   */
  private TraceStream begin() {
    List<Process> watched = family();
    for (int attempt = 1; true; attempt++) {
      TraceStream stream;
      Started started;
      try {
        stream = connection.trace(request(watched));
        started = stream.started();
      } catch (ClientFailure failure) {
        // Who has ended since it was listed cannot be watched, and need not be.
        List<Process> left = stillThere(watched);
        if (left.size() == watched.size()) {
          throw failure;
        }
        watched = left;
        continue;
      }
      List<Process> before = watched;
      present = family();
      List<Process> missed = new ArrayList<>(present);
      missed.removeIf(
          one -> before.stream().anyMatch(known -> known.getKey().equals(one.getKey())));
      if (missed.isEmpty() || attempt == LOOKS) {
        started.getNoticesList().forEach(output::message);
        if (!missed.isEmpty()) {
          output.message(
              missed.size() + " processes began meanwhile; what they start may be missing");
        }
        return stream;
      }
      stream.close();
      watched = present;
    }
  }

  private List<Process> stillThere(List<Process> listed) {
    Set<ProcessKey> now = family().stream().map(Process::getKey).collect(Collectors.toSet());
    return listed.stream().filter(one -> now.contains(one.getKey())).toList();
  }

  /** Those that are named, and their descendants; parents first. */
  private List<Process> family() {
    if (arguments.pids().isEmpty()) {
      return List.of();
    }
    List<Process> alive =
        connection.processes(ListProcessesRequest.getDefaultInstance()).getProcessesList().stream()
            .filter(one -> !ENDED.contains(one.getState()))
            .sorted(Comparator.comparingLong(one -> one.getKey().getStartTimeNanos()))
            .toList();
    Map<Integer, List<Process>> children =
        alive.stream().collect(Collectors.groupingBy(Process::getParentPid));
    Set<Process> family =
        alive.stream()
            .filter(one -> arguments.pids().contains(one.getKey().getPid()))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    // Starts are told to the hundredth of a second, so their order is not that of descent.
    Deque<Process> rest = new ArrayDeque<>(family);
    while (!rest.isEmpty()) {
      for (Process child : children.getOrDefault(rest.removeFirst().getKey().getPid(), List.of())) {
        if (family.add(child)) {
          rest.addLast(child);
        }
      }
    }
    return List.copyOf(family);
  }

  /** Forks, execs and exits, and not one call. */
  private TraceRequest request(List<Process> family) {
    Target.Builder target = Target.newBuilder().addAllPids(arguments.pids()).setFollowForks(true);
    family.stream()
        .map(one -> one.getKey().getPid())
        .filter(pid -> !arguments.pids().contains(pid))
        .forEach(target::addPids);
    if (!arguments.command().isEmpty()) {
      target.addChildrenOf(OwnProcess.pid());
    }
    return TraceRequest.newBuilder()
        .setTarget(target)
        .setFilter(Filter.newBuilder().addSyscalls(NOTHING).addSignals(NOTHING))
        .setWithLifecycle(true)
        .setEndWithTarget(true)
        .build();
  }

  /** Empty when it was interrupted. */
  private Optional<Ended> print(TraceStream stream, EndGuard guard) {
    Optional<TraceResponse> next = stream.next();
    while (next.isPresent()) {
      TraceResponse message = next.get();
      switch (message.getMessageCase()) {
        case EVENTS -> message.getEvents().getEventsList().forEach(printer::event);
        case GAP -> printer.gap(message.getGap());
        case ENDED -> {
          return Optional.of(message.getEnded());
        }
        case STARTED, PACKED, PROGRESS, DETAIL, COUNTS, MESSAGE_NOT_SET -> {}
      }
      if (!message.hasProgress() || message.getProgress().getProcesses() > 0) {
        guard.waiting();
      }
      next = stream.next();
    }
    if (!stream.isCancelled()) {
      throw new ClientFailure(ExitStatus.UNAVAILABLE, "the daemon broke the stream off");
    }
    return Optional.empty();
  }

  private Outcome outcome(Optional<RunningCommand> running, Optional<Ended> ended) {
    if (running.isPresent()) {
      return Outcome.of(running.get().await());
    }
    if (ended.isEmpty()) {
      return interruption.signal() == 0 ? Outcome.OK : Outcome.interrupted(interruption.signal());
    }
    if (ended.get().getReason() == Ended.Reason.REASON_DAEMON_STOPPING) {
      throw new ClientFailure(
          ExitStatus.UNAVAILABLE, "the tree is not complete: the daemon is stopping");
    }
    return Outcome.OK;
  }
}
