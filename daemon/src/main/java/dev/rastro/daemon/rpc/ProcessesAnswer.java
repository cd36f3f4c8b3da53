package dev.rastro.daemon.rpc;

import dev.rastro.daemon.aggregate.Roll;
import dev.rastro.daemon.aggregate.WatchedProcess;
import dev.rastro.daemon.detail.Detail;
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

  /**
   * Reads {@code /proc} on the executor.
   *
   * @param most the most that the peer may see
   */
  CompletableFuture<ListProcessesResponse> answer(
      ListProcessesRequest request, Detail most, Executor executor) throws BadFilter {
    long recentNanos = Orders.recent("rates_over_nanos", request.getRatesOverNanos());
    Wanted wanted =
        new Wanted(
            Orders.ids("pids", request.getPidsList()),
            Orders.users("users", request.getUsersList()),
            request.getTracedOnly());
    return drain
        .roll(recentNanos == 0 ? DEFAULT_RATES_NANOS : recentNanos)
        .thenApplyAsync(roll -> shown(message(wanted, roll), most), executor);
  }

  /** Without what is secret, and what the client may not see: words of programs, names of files. */
  private ListProcessesResponse shown(ListProcessesResponse.Builder answer, Detail most) {
    SecretWords words = new SecretWords(secrets);
    boolean all = !most.isLessThan(Detail.NO_BUFFERS);
    for (Process.Builder process : answer.getProcessesBuilderList()) {
      if (all) {
        process.setCommandLine(words.hide(process.getCommandLine()));
      } else {
        List<String> addresses =
            process.getListeningList().stream().filter(ProcessesAnswer::isNoFile).toList();
        process.clearCommandLine().clearListening().addAllListening(addresses);
      }
    }
    return answer.build();
  }

  private static boolean isNoFile(String address) {
    return !address.startsWith("unix:");
  }

  private ListProcessesResponse.Builder message(Wanted wanted, Roll roll) {
    ListProcessesResponse.Builder answer =
        ListProcessesResponse.newBuilder()
            .setBootId(bootId)
            .setRatesOverNanos(roll.recentNanos())
            .setForgotten(roll.forgotten());
    Map<Integer, List<WatchedProcess>> watched =
        roll.processes().stream().collect(Collectors.groupingBy(one -> one.key().pid()));
    Set<ProcessKey> shown = addPresent(answer, wanted, roll, watched);
    roll.processes().stream()
        .filter(known -> wanted.has(known.key().pid(), known.uid()))
        .filter(known -> !shown.contains(known.key()))
        .forEach(
            known -> {
              Process.Builder process = messages.gone(known);
              ProcessMessages.addFigures(process, known, roll.recentNanos(), Map.of());
              answer.addProcesses(process);
            });
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
      Roll roll,
      Map<Integer, List<WatchedProcess>> watched) {
    Map<Integer, ProcessLoad> loads = drain.tasks().byProcess();
    List<ProcessFacts> present = present(wanted, watched.keySet());
    Map<Integer, Map<WaitKind, Long>> unfinished =
        unfinished(present.stream().map(ProcessFacts::pid).filter(watched::containsKey).toList());
    Set<ProcessKey> shown = new HashSet<>();
    for (ProcessFacts facts : present) {
      Optional<WatchedProcess> known =
          watched.getOrDefault(facts.pid(), List.of()).stream()
              .filter(one -> facts.startedAt(one.key().startNanos()))
              .findFirst();
      known.ifPresent(one -> shown.add(one.key()));
      if (wanted.has(facts.pid(), facts.uid()) && (known.isPresent() || !wanted.tracedOnly())) {
        Process.Builder process = messages.present(facts);
        Optional.ofNullable(loads.get(facts.pid()))
            .ifPresent(load -> ProcessMessages.addLoad(process, load));
        known.ifPresent(
            one ->
                ProcessMessages.addFigures(
                    process,
                    one,
                    roll.recentNanos(),
                    unfinished.getOrDefault(facts.pid(), Map.of())));
        answer.addProcesses(process);
      }
    }
    return shown;
  }

  private List<ProcessFacts> present(Wanted wanted, Set<Integer> watched) {
    if (!wanted.tracedOnly()) {
      return wanted.pids().isEmpty() ? host.all() : host.of(wanted.pids());
    }
    Set<Integer> pids = new HashSet<>(watched);
    if (!wanted.pids().isEmpty()) {
      pids.retainAll(wanted.pids());
    }
    return host.of(pids);
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
