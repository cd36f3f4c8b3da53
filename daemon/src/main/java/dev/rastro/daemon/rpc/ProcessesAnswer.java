package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.access.Sight;
import dev.rastro.daemon.aggregate.Roll;
import dev.rastro.daemon.aggregate.WatchedProcess;
import dev.rastro.daemon.detail.SecretWords;
import dev.rastro.daemon.detail.Secrets;
import dev.rastro.daemon.drain.Drain;
import dev.rastro.daemon.host.Host;
import dev.rastro.daemon.host.HostProcesses;
import dev.rastro.daemon.host.ProcessFacts;
import dev.rastro.daemon.inflight.InFlightCalls;
import dev.rastro.daemon.kernel.ProcessKey;
import dev.rastro.daemon.kernel.ProcessLoad;
import dev.rastro.daemon.session.BadFilter;
import dev.rastro.v1.ListProcessesRequest;
import dev.rastro.v1.ListProcessesResponse;
import dev.rastro.v1.Process;
import dev.rastro.v1.WaitKind;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The status table: what {@code /proc} and the scheduler say of each process, beside what it was
 * seen to do.
 */
final class ProcessesAnswer {
  static final long DEFAULT_RATES_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Drain drain;
  private final Secrets secrets;
  private final InFlightCalls inFlight;
  private final HostProcesses host = new HostProcesses();
  private final ProcessMessages messages = new ProcessMessages();
  private final String bootId = Host.bootId();

  ProcessesAnswer(Drain drain, Secrets secrets, InFlightCalls inFlight) {
    this.drain = drain;
    this.secrets = secrets;
    this.inFlight = inFlight;
  }

  /** Whose rows are shown. */
  private record Wanted(Set<Integer> pids, Set<Integer> uids, boolean tracedOnly) {
    boolean has(int pid, int uid) {
      return (pids.isEmpty() || pids.contains(pid)) && (uids.isEmpty() || uids.contains(uid));
    }
  }

  /** Reads {@code /proc} on the executor. */
  CompletableFuture<ListProcessesResponse> answer(
      ListProcessesRequest request, Caller caller, Executor executor) throws BadFilter {
    long recentNanos = Orders.recent("rates_over_nanos", request.getRatesOverNanos());
    Wanted wanted =
        new Wanted(
            Orders.ids("pids", request.getPidsList()),
            Orders.users("users", request.getUsersList()),
            request.getTracedOnly());
    for (int pid : wanted.pids()) {
      if (caller.sight(pid) == Sight.NOTHING && host.exists(pid)) {
        throw Failures.notYours(pid, caller);
      }
    }
    return drain
        .roll(recentNanos == 0 ? DEFAULT_RATES_NANOS : recentNanos)
        .thenApplyAsync(roll -> hiding(message(wanted, caller, roll)), executor);
  }

  /** Without what is secret for everybody. */
  private ListProcessesResponse hiding(ListProcessesResponse.Builder answer) {
    SecretWords words = new SecretWords(secrets);
    for (Process.Builder process : answer.getProcessesBuilderList()) {
      process.setCommandLine(words.hide(process.getCommandLine()));
    }
    return answer.build();
  }

  private ListProcessesResponse.Builder message(Wanted wanted, Caller caller, Roll roll) {
    ListProcessesResponse.Builder answer =
        ListProcessesResponse.newBuilder().setBootId(bootId).setRatesOverNanos(roll.recentNanos());
    Map<Integer, List<WatchedProcess>> watched =
        roll.processes().stream()
            .filter(one -> caller.figures().isEvery() || !one.withheld())
            .collect(Collectors.groupingBy(one -> one.key().pid()));
    Set<ProcessKey> shown = addPresent(answer, wanted, caller, watched, roll.recentNanos());
    if (!caller.figures().isEvery()) {
      // Whose those were that have ended is not known any more.
      return answer;
    }
    roll.processes().stream()
        .filter(known -> wanted.has(known.key().pid(), known.uid()))
        .filter(known -> !shown.contains(known.key()))
        .forEach(
            known -> {
              Process.Builder process = messages.gone(known);
              ProcessMessages.addFigures(process, known, roll.recentNanos(), Map.of());
              answer.addProcesses(process);
            });
    answer.setForgotten(roll.forgotten());
    answer.addAllExits(
        ProcessMessages.exits(
            roll.exits().stream()
                .filter(exit -> wanted.uids().isEmpty() || wanted.uids().contains(exit.uid()))
                .toList()));
    return answer;
  }

  /** Returns those of the watched that are there. */
  private Set<ProcessKey> addPresent(
      ListProcessesResponse.Builder answer,
      Wanted wanted,
      Caller caller,
      Map<Integer, List<WatchedProcess>> watched,
      long recentNanos) {
    Map<Integer, ProcessLoad> loads = drain.tasks().byProcess();
    List<ProcessFacts> present = host.of(candidates(wanted, caller, watched.keySet()));
    Map<Integer, Map<WaitKind, Long>> unfinished =
        unfinished(present.stream().map(ProcessFacts::pid).filter(watched::containsKey).toList());
    Set<ProcessKey> shown = new HashSet<>();
    for (ProcessFacts facts : present) {
      Optional<WatchedProcess> known =
          watched.getOrDefault(facts.pid(), List.of()).stream()
              .filter(one -> facts.startedAt(one.key().startNanos()))
              .findFirst();
      known.ifPresent(one -> shown.add(one.key()));
      Sight sight = caller.sight(facts.pid());
      if (sight != Sight.NOTHING
          && wanted.has(facts.pid(), facts.uid())
          && (known.isPresent() || !wanted.tracedOnly())) {
        Process.Builder process = messages.present(facts, sight == Sight.FULL);
        Optional.ofNullable(loads.get(facts.pid()))
            .ifPresent(load -> ProcessMessages.addLoad(process, load));
        known.ifPresent(
            one ->
                ProcessMessages.addFigures(
                    process, one, recentNanos, unfinished.getOrDefault(facts.pid(), Map.of())));
        answer.addProcesses(process);
      }
    }
    return shown;
  }

  private Collection<Integer> candidates(Wanted wanted, Caller caller, Set<Integer> watched) {
    Collection<Integer> all = wanted.pids().isEmpty() ? host.pids() : wanted.pids();
    return all.stream()
        .filter(pid -> !wanted.tracedOnly() || watched.contains(pid))
        .filter(pid -> caller.figures().isEvery() || caller.sight(pid) != Sight.NOTHING)
        .toList();
  }

  /** Time inside calls that have not returned, by process and what for. */
  private Map<Integer, Map<WaitKind, Long>> unfinished(List<Integer> pids) {
    Map<Integer, Map<WaitKind, Long>> sums = new HashMap<>();
    inFlight
        .unfinished(pids)
        .forEach(
            call ->
                sums.computeIfAbsent(call.pid(), unused -> new EnumMap<>(WaitKind.class))
                    .merge(Wire.waitKind(call.kind()), call.nanos(), Long::sum));
    return sums;
  }
}
