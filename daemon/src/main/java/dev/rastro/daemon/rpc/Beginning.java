package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.access.Sight;
import dev.rastro.daemon.drain.Wish;
import dev.rastro.daemon.host.Host;
import dev.rastro.daemon.kernel.Degradation;
import dev.rastro.daemon.session.Order;
import dev.rastro.daemon.session.Screen;
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
            .setRealtimeOffsetNanos(Host.realtimeOffsetNanos())
            .setDetail(Wire.detail(session.order().terms().detail()))
            .setHidesSecrets(session.hidesSecrets());
    addFilters(started, wish);
    addFilters(started, session.order().screen());
    degradations.forEach(
        lack ->
            started.addNotices("%s (%s); %s".formatted(lack.what(), lack.cause(), lack.remedy())));
    session.order().names().map(Order.Names::missing).orElse(List.of()).stream()
        .map(name -> name + ": does not run; watched from its start")
        .forEach(started::addNotices);
    addBounds(started, session.order());
    session.processes().forEach(key -> started.addProcesses(Wire.key(key)));
    return started.build();
  }

  private static void addFilters(Started.Builder started, Screen screen) {
    if (screen.maxDurationNanos() > 0) {
      started.addDaemonFilters("max_duration: %d ns".formatted(screen.maxDurationNanos()));
    }
    if (!screen.paths().isEmpty()) {
      started.addDaemonFilters("paths: %d chosen".formatted(screen.paths().size()));
    }
    if (!screen.descriptors().isEmpty()) {
      started.addDaemonFilters(
          "descriptors: %d chosen".formatted(screen.descriptors().cardinality()));
    }
    if (!screen.texts().isEmpty()) {
      started.addDaemonFilters("texts: %d chosen".formatted(screen.texts().size()));
    }
  }

  /** What this caller does not get to see, and why. */
  private static void addBounds(Started.Builder started, Order order) {
    Caller caller = order.caller();
    if (order.sight() == Sight.FIGURES && order.form() != Order.Form.COUNT) {
      started.addNotices(
          "names, errors and durations alone are shown: you may see all of %s"
              .formatted(caller.full().words()));
    }
    if (order.wish().target().isOpen() && !order.wish().target().reach().isEvery()) {
      started.addNotices("only %s are shown".formatted(order.wish().target().reach().words()));
    }
  }

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
