package dev.rastro.daemon.rpc;

import dev.rastro.daemon.aggregate.ProgramExits;
import dev.rastro.daemon.aggregate.Query;
import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.aggregate.WatchedProcess;
import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.detail.SecretWords;
import dev.rastro.daemon.detail.Secrets;
import dev.rastro.daemon.drain.Drain;
import dev.rastro.daemon.host.Host;
import dev.rastro.daemon.host.HostProcesses;
import dev.rastro.daemon.host.ProcessFacts;
import dev.rastro.daemon.kernel.ProcessKey;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.ListProcessesRequest;
import dev.rastro.v1.ListProcessesResponse;
import dev.rastro.v1.Memory;
import dev.rastro.v1.Process;
import dev.rastro.v1.State;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The status table: what {@code /proc} says of each process, beside what it was seen to do. */
final class ProcessesAnswer {

  private final Drain drain;
  private final Secrets secrets;
  private final BitSet network;
  private final ServerFigures figures;
  private final HostProcesses host = new HostProcesses();
  private final String bootId = Host.bootId();
  private final long bootUnixSeconds = Host.bootUnixSeconds();

  ProcessesAnswer(SyscallTable table, Secrets secrets, Drain drain) {
    this.drain = drain;
    this.secrets = secrets;
    this.figures = new ServerFigures(table);
    this.network = figures.slots();
  }

  /**
   * Reads {@code /proc} on the executor.
   *
   * @param most the most that the peer may see
   */
  CompletableFuture<ListProcessesResponse> answer(
      ListProcessesRequest request, Detail most, Executor executor) {
    Set<Integer> pids = new HashSet<>(request.getPidsList());
    CompletableFuture<Map<Integer, List<WatchedProcess>>> watched =
        drain
            .processes()
            .thenApply(
                all -> all.stream().collect(Collectors.groupingBy(process -> process.key().pid())));
    CompletableFuture<Map<ProcessKey, List<Snapshot.Row>>> calls =
        drain
            .summary(new Query(Query.By.BOTH, pids, network))
            .thenApply(
                sums -> sums.rows().stream().collect(Collectors.groupingBy(Snapshot.Row::process)));
    return watched
        .thenCombine(calls, Seen::new)
        .thenCombineAsync(
            drain.exits(),
            (seen, exits) -> shown(message(request, pids, seen, exits), most),
            executor);
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

  /** What the drain remembers: processes by pid, the rows of network calls by process. */
  private record Seen(
      Map<Integer, List<WatchedProcess>> processes, Map<ProcessKey, List<Snapshot.Row>> calls) {

    Optional<WatchedProcess> alive(ProcessFacts facts) {
      return processes.getOrDefault(facts.pid(), List.of()).stream()
          .filter(
              process ->
                  process.key().startNanos() == 0 || facts.startedAt(process.key().startNanos()))
          .findFirst();
    }
  }

  private ListProcessesResponse.Builder message(
      ListProcessesRequest request, Set<Integer> pids, Seen seen, List<ProgramExits> exits) {
    ListProcessesResponse.Builder answer = ListProcessesResponse.newBuilder().setBootId(bootId);
    Set<ProcessKey> shown = new HashSet<>();
    List<ProcessFacts> present;
    if (request.getTracedOnly()) {
      Set<Integer> traced = new HashSet<>(seen.processes().keySet());
      traced.removeIf(pid -> !pids.isEmpty() && !pids.contains(pid));
      present = host.of(traced);
    } else {
      present = pids.isEmpty() ? host.all() : host.of(pids);
    }
    for (ProcessFacts facts : present) {
      Optional<WatchedProcess> watched = seen.alive(facts);
      if (watched.isPresent() || !request.getTracedOnly()) {
        Process.Builder process = present(facts);
        watched.ifPresent(
            known -> {
              shown.add(known.key());
              addFigures(process, known, seen);
            });
        answer.addProcesses(process);
      }
    }
    seen.processes().values().stream()
        .flatMap(List::stream)
        .filter(known -> pids.isEmpty() || pids.contains(known.key().pid()))
        .filter(known -> !shown.contains(known.key()))
        .forEach(known -> answer.addProcesses(gone(known, seen)));
    exits.forEach(exit -> answer.addExits(exit(exit)));
    return answer;
  }

  private Process.Builder present(ProcessFacts facts) {
    ProcessFacts.Memory memory = facts.memory();
    return Process.newBuilder()
        .setKey(Wire.key(new ProcessKey(facts.pid(), facts.startTicks() * ProcessFacts.TICK_NANOS)))
        .setParentPid(facts.parentPid())
        .setNamespacePid(facts.namespacePid())
        .setUser(facts.user())
        .setUid(facts.uid())
        .setName(facts.name())
        .setCommandLine(facts.commandLine())
        .setState(state(facts.state()))
        .setMemory(
            Memory.newBuilder()
                .setResidentBytes(memory.residentBytes())
                .setCodeBytes(memory.codeBytes())
                .setDataBytes(memory.dataBytes())
                .setStackBytes(memory.stackBytes())
                .setVirtualBytes(memory.virtualBytes())
                .setHeapBytes(memory.heapBytes()))
        .addAllListening(facts.listening())
        .setThreads(facts.threads())
        .setStartUnixSeconds(startUnixSeconds(facts.startTicks() * ProcessFacts.TICK_NANOS));
  }

  private Process.Builder gone(WatchedProcess known, Seen seen) {
    Process.Builder process =
        Process.newBuilder()
            .setParentPid(known.parentPid())
            .setName(known.comm())
            .setState(State.STATE_TERMINATED)
            .setStartUnixSeconds(startUnixSeconds(known.key().startNanos()));
    addFigures(process, known, seen);
    return process;
  }

  private long startUnixSeconds(long startNanos) {
    return startNanos == 0 ? 0 : bootUnixSeconds + TimeUnit.NANOSECONDS.toSeconds(startNanos);
  }

  private void addFigures(Process.Builder process, WatchedProcess known, Seen seen) {
    process
        .setKey(Wire.key(known.key()))
        .setCalls(known.calls())
        .setErrors(known.errors())
        .setCounted(true);
    figures.add(process, seen.calls().getOrDefault(known.key(), List.of()));
  }

  private static dev.rastro.v1.ProgramExits exit(ProgramExits exit) {
    return dev.rastro.v1.ProgramExits.newBuilder()
        .setProgram(exit.program())
        .setStatus(exit.status())
        .setText(WaitStatus.text(exit.status()))
        .setCount(exit.count())
        .build();
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
