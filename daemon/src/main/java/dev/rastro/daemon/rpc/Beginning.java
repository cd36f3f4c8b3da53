package dev.rastro.daemon.rpc;

import dev.rastro.daemon.drain.Wish;
import dev.rastro.daemon.host.Host;
import dev.rastro.daemon.kernel.Degradation;
import dev.rastro.daemon.session.Order;
import dev.rastro.daemon.session.Session;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.Started;
import java.util.List;
import java.util.Locale;

/** A stream's first message: who is watched, and who filters what. */
final class Beginning {

  private Beginning() {}

  static Started of(
      Session session, SyscallTable table, List<Degradation> degradations, boolean resumed) {
    Wish wish = session.order().wish();
    Started.Builder started =
        Started.newBuilder()
            .setSessionId(session.id())
            .setResumed(resumed)
            .setArchitecture(Wire.architecture(table.architecture()))
            .setBootId(Host.bootId())
            .setTableEtag(table.etag())
            .setRealtimeOffsetNanos(Host.realtimeOffsetNanos());
    addFilters(started, wish);
    degradations.forEach(
        lack ->
            started.addNotices("%s (%s); %s".formatted(lack.what(), lack.cause(), lack.remedy())));
    session.order().names().map(Order.Names::missing).orElse(List.of()).stream()
        .map(name -> name + ": does not run; watched from its start")
        .forEach(started::addNotices);
    session.processes().forEach(key -> started.addProcesses(Wire.key(key)));
    return started.build();
  }

  /** All of a filter is the kernel's work so far; the daemon takes nothing away. */
  private static void addFilters(Started.Builder started, Wish wish) {
    started.addKernelFilters("target: " + Orders.words(wish.target()));
    int slots = wish.slots().cardinality();
    if (slots < RecordLayout.SYSCALL_SLOTS) {
      started.addKernelFilters("syscalls: %d chosen".formatted(slots));
    }
    if (wish.outcome() != Wish.Outcome.ANY) {
      started.addKernelFilters("outcome: " + wish.outcome().name().toLowerCase(Locale.ROOT));
    }
    if (!wish.errnos().isEmpty()) {
      started.addKernelFilters("errno: %d chosen".formatted(wish.errnos().cardinality()));
    }
    if (wish.minDurationNanos() > 0) {
      started.addKernelFilters("min_duration: %d ns".formatted(wish.minDurationNanos()));
    }
    int signals = wish.signals().cardinality();
    if (signals < RecordLayout.SIGNALS - 1) {
      started.addKernelFilters("signals: %d chosen".formatted(signals));
    }
  }
}
