package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.access.PeerLimits;
import dev.rastro.daemon.access.Peers;
import dev.rastro.daemon.access.Sight;
import dev.rastro.daemon.drain.Drain;
import dev.rastro.daemon.drain.DrainStatus;
import dev.rastro.daemon.host.Host;
import dev.rastro.daemon.kernel.CaptureOptions;
import dev.rastro.daemon.kernel.LossCause;
import dev.rastro.daemon.session.Loss;
import dev.rastro.daemon.session.Session;
import dev.rastro.daemon.session.SessionLimits;
import dev.rastro.daemon.session.Sessions;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.Cost;
import dev.rastro.v1.Degradation;
import dev.rastro.v1.GetStatusResponse;
import dev.rastro.v1.Ledger;
import dev.rastro.v1.Limit;
import dev.rastro.v1.Program;
import dev.rastro.v1.Ring;
import dev.rastro.v1.SessionStatus;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What the daemon is, what is attached, what it costs and what it has lost. */
final class StatusAnswer {

  private final SyscallTable table;
  private final Drain drain;
  private final Sessions sessions;
  private final Peers peers;
  private final String version;

  StatusAnswer(SyscallTable table, Drain drain, Sessions sessions, Peers peers, String version) {
    this.table = table;
    this.drain = drain;
    this.sessions = sessions;
    this.peers = peers;
    this.version = version;
  }

  CompletableFuture<GetStatusResponse> answer(Caller caller) {
    return drain.status().thenApply(now -> message(now, caller));
  }

  private GetStatusResponse message(DrainStatus now, Caller caller) {
    List<Session> open = sessions.all();
    GetStatusResponse.Builder answer =
        GetStatusResponse.newBuilder()
            .setVersion(version)
            .setHostname(Host.name())
            .setKernelRelease(Host.kernelRelease())
            .setArchitecture(Wire.architecture(Architecture.current()))
            .setBootId(Host.bootId())
            .setAttached(now.attached())
            .setRing(ring(now))
            .setLedger(ledger(now))
            .setCost(cost(now))
            .setTableEtag(table.etag())
            .addAllCapabilities(Host.capabilities())
            .setCaller(caller(caller));
    now.programs()
        .forEach(
            program ->
                answer.addPrograms(
                    Program.newBuilder()
                        .setName(program.name())
                        .setAttachType(program.attachType())
                        .setMissedRuns(program.missedRuns())));
    drain
        .degradations()
        .forEach(
            lack -> answer.addDegradations(degradation(lack.what(), lack.cause(), lack.remedy())));
    tooSmallRing(now).ifPresent(answer::addDegradations);
    open.stream()
        .filter(session -> caller.owns(session.order().caller()))
        .forEach(session -> answer.addSessions(session(session, caller)));
    addLimits(answer, now, open);
    addLimits(answer, caller);
    return answer.build();
  }

  private static Degradation degradation(String what, String cause, String remedy) {
    return Degradation.newBuilder().setWhat(what).setCause(cause).setRemedy(remedy).build();
  }

  /** What has been lost for want of room in the ring is told with what would help. */
  private static Optional<Degradation> tooSmallRing(DrainStatus now) {
    long lost = now.lost().getOrDefault(LossCause.RING, 0L);
    if (lost == 0) {
      return Optional.empty();
    }
    long twice = 2 * now.ringCapacityBytes();
    String remedy =
        twice > CaptureOptions.LARGEST_RING_BYTES
            ? "trace fewer system calls: the ring is as large as it can be"
            : "start rastrod with --ring-bytes %dK, or trace fewer system calls"
                .formatted(twice >> 10);
    return Optional.of(
        degradation(
            "%,d events since the start".formatted(lost),
            "the ring buffer of %,d KiB was full".formatted(now.ringCapacityBytes() >> 10),
            remedy));
  }

  private static dev.rastro.v1.Caller caller(Caller caller) {
    dev.rastro.v1.Caller.Builder message =
        dev.rastro.v1.Caller.newBuilder()
            .setName(caller.name())
            .setFiguresOf(caller.figures().words())
            .setAllOf(caller.full().words());
    caller.role().map(Wire::role).ifPresent(message::setRole);
    return message.build();
  }

  private void addLimits(GetStatusResponse.Builder answer, Caller caller) {
    if (!caller.isAdmin()) {
      Peers.Use use = peers.use(caller);
      answer.addLimits(limit("your sessions", PeerLimits.MAX_SESSIONS, use.sessions(), "sessions"));
      answer.addLimits(
          limit("your connections", PeerLimits.MAX_CONNECTIONS, use.connections(), "connections"));
      answer.addLimits(limit("your calls", PeerLimits.MAX_CALLS, use.calls(), "calls"));
    }
  }

  private static Ring ring(DrainStatus now) {
    return Ring.newBuilder()
        .setCapacityBytes(now.ringCapacityBytes())
        .setUsedBytes(now.ringUsedBytes())
        .setPeakBytes(now.ringPeakBytes())
        .setRecords(now.records())
        .build();
  }

  /**
   * Of the daemon since its start, those of sessions that have ended among them. What the queues
   * lost is added to what the kernel lost.
   */
  private Ledger ledger(DrainStatus now) {
    dev.rastro.daemon.session.Ledger all = sessions.ledger();
    Ledger.Builder ledger =
        Ledger.newBuilder()
            .setObserved(all.observed())
            .setDelivered(all.delivered())
            .setFiltered(all.filtered())
            .setQueued(all.queued())
            .addAllFilteredBy(Wire.filters(all));
    // Of the kernel's causes, those that take events took them from each session that was to see
    // them, as what is observed is the sum of what each observed.
    EnumMap<Loss, Long> lost = new EnumMap<>(Loss.class);
    now.lost()
        .forEach(
            (cause, count) ->
                Loss.of(cause)
                    .filter(loss -> !loss.takesEvents())
                    .ifPresent(loss -> lost.put(loss, count)));
    all.lost()
        .forEach(
            (loss, count) -> {
              if (loss.takesEvents()) {
                lost.put(loss, count);
              }
            });
    lost.forEach(
        (loss, count) -> {
          if (count > 0) {
            ledger.addLost(Wire.count(loss, count));
          }
        });
    return ledger.build();
  }

  private static SessionStatus session(Session session, Caller caller) {
    return SessionStatus.newBuilder()
        .setSessionId(session.id())
        .setAgeNanos(session.ageNanos())
        .setForm(Wire.form(session.order().form()))
        .setTarget(Orders.words(session.order().wish().target()))
        .setLedger(Wire.ledger(session.ledger()))
        .setQueuedBytes(session.queuedBytes())
        .setPeer(session.order().caller().name())
        .setYours(session.order().caller().key().equals(caller.key()))
        .setFiguresOnly(session.order().sight() == Sight.FIGURES)
        .build();
  }

  private static void addLimits(
      GetStatusResponse.Builder answer, DrainStatus now, List<Session> open) {
    now.limits()
        .forEach(
            usage ->
                answer.addLimits(limit(usage.name(), usage.limit(), usage.inUse(), usage.unit())));
    long queued = open.stream().mapToLong(Session::queuedBytes).sum();
    long queues = open.stream().mapToLong(session -> session.order().terms().queueBytes()).sum();
    answer.addLimits(
        limit("queues", Math.min(queues, SessionLimits.TOTAL_QUEUE_BYTES), queued, "bytes"));
    answer.addLimits(
        limit(
            "heap",
            Runtime.getRuntime().maxMemory(),
            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
            "bytes"));
  }

  private static Limit limit(String name, long value, long inUse, String unit) {
    return Limit.newBuilder().setName(name).setValue(value).setInUse(inUse).setUnit(unit).build();
  }

  private static Cost cost(DrainStatus now) {
    Cost.Builder cost =
        Cost.newBuilder()
            .setUptimeNanos(
                TimeUnit.MILLISECONDS.toNanos(ManagementFactory.getRuntimeMXBean().getUptime()))
            .setResidentBytes(Host.residentBytes())
            .setHeapUsedBytes(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed())
            .setKernelMapBytes(now.kernelMapBytes());
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      cost.setCpuNanos(system.getProcessCpuTime());
    }
    return cost.build();
  }
}
