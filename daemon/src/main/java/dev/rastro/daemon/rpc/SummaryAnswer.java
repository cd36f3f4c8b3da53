package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.aggregate.Query;
import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.aggregate.Window;
import dev.rastro.daemon.drain.Drain;
import dev.rastro.daemon.session.BadFilter;
import dev.rastro.daemon.session.Regrouping;
import dev.rastro.daemon.session.Sessions;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.Filter;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.Outcome;
import dev.rastro.v1.SummaryBy;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Sums out of the kernel's own counters. */
final class SummaryAnswer {

  private static final int MAX_QUANTILES = 16;
  private static final double P99 = 0.99;

  private final SyscallTable table;
  private final Orders orders;
  private final Drain drain;
  private final Sessions sessions;

  SummaryAnswer(SyscallTable table, Orders orders, Drain drain, Sessions sessions) {
    this.table = table;
    this.orders = orders;
    this.drain = drain;
    this.sessions = sessions;
  }

  CompletableFuture<GetSummaryResponse> answer(GetSummaryRequest request, Caller caller)
      throws BadFilter {
    if (request.getSessionId().isEmpty()) {
      refuseUnlessEvery(caller);
    }
    if (request.getKeepSnapshot() && !caller.figures().isEvery()) {
      throw Failures.denied(
          "FORBIDDEN", "not permitted: keeping snapshots", "role viewer", "ask for sums alone");
    }
    Query query =
        new Query(
            by(request.getBy()),
            new HashSet<>(request.getPidsList()),
            Orders.users("users", request.getUsersList()),
            slots(request.getFilter()));
    Window window = window(request);
    SummaryRows rows = new SummaryRows(table, fractions(request.getQuantilesList()));
    Comparator<Snapshot.Row> order = order(request, rows);
    long top = Integer.toUnsignedLong(request.getTop());
    if (!request.getKeepSnapshot()) {
      return sums(request, caller, query, window)
          .thenApply(sums -> message(sums, rows, order, top).build());
    }
    return drain
        .keep()
        .thenCompose(
            name ->
                sums(request, caller, query, new Window(window.lastNanos(), window.from(), name))
                    .thenApply(
                        sums -> message(sums, rows, order, top).setSnapshotId(name).build()));
  }

  /** The daemon's whole memory is of everybody's processes, and the kept moments are all its. */
  static void refuseUnlessEvery(Caller caller) {
    if (!caller.figures().isEvery()) {
      throw Failures.denied(
          "FORBIDDEN",
          "not permitted: sums of all that the daemon has counted",
          "role viewer",
          "name a session of yours: rastro summary -p PID counts in one");
    }
  }

  private CompletableFuture<Snapshot> sums(
      GetSummaryRequest request, Caller caller, Query query, Window window) {
    CompletableFuture<Snapshot> counted = counted(request, caller, query, window);
    return request.getBy() == SummaryBy.SUMMARY_BY_COMMAND
        ? counted.thenApply(Regrouping::byCommand)
        : counted;
  }

  private CompletableFuture<Snapshot> counted(
      GetSummaryRequest request, Caller caller, Query query, Window window) {
    return request.getSessionId().isEmpty()
        ? drain.summary(query, window)
        : sessions
            .summary(request.getSessionId(), caller, query, window)
            .orElseThrow(
                () ->
                    Failures.notFound(
                        "NO_SUCH_SESSION",
                        "session_id: %s: no such session".formatted(request.getSessionId()),
                        "the id is in a stream's first message; sums are kept for a few"
                            + " sessions after their end"));
  }

  private static Window window(GetSummaryRequest request) throws BadFilter {
    long last = Orders.recent("last_nanos", request.getLastNanos());
    if (last > 0 && !request.getFromSnapshot().isEmpty()) {
      throw new BadFilter("last_nanos", "it excludes from_snapshot");
    }
    if (!request.getToSnapshot().isEmpty() && (last > 0 || request.getKeepSnapshot())) {
      throw new BadFilter("to_snapshot", "it excludes last_nanos and keep_snapshot");
    }
    return new Window(last, request.getFromSnapshot(), request.getToSnapshot());
  }

  static Query.By by(SummaryBy by) throws BadFilter {
    return switch (by) {
      case SUMMARY_BY_UNSPECIFIED, SUMMARY_BY_SYSCALL -> Query.By.SYSCALL;
      case SUMMARY_BY_PROCESS, SUMMARY_BY_COMMAND -> Query.By.PROCESS;
      case SUMMARY_BY_BOTH -> Query.By.BOTH;
      case UNRECOGNIZED ->
          throw new BadFilter("by", "the value is not known to this daemon; it may be too old");
    };
  }

  /** Empty for all. */
  BitSet slots(Filter filter) throws BadFilter {
    if (filter.getOutcomeValue() != Outcome.OUTCOME_UNSPECIFIED_VALUE) {
      throw new BadFilter(
          "filter.outcome", "sums are of all calls; errors are told apart in each row");
    }
    if (filter.getErrnosCount() > 0 || filter.getMinDurationNanos() != 0) {
      throw new BadFilter(
          filter.getErrnosCount() > 0 ? "filter.errnos" : "filter.min_duration_nanos",
          "sums are of all calls; errors and durations are told apart in each row");
    }
    if (filter.getSignalsCount() > 0) {
      throw new BadFilter("filter.signals", "signals are not summed up");
    }
    if (filter.getSyscallsCount() == 0 && filter.getDenySyscallsCount() == 0) {
      return new BitSet();
    }
    BitSet slots = orders.slots(filter);
    if (slots.isEmpty()) {
      throw new BadFilter("filter", "it leaves no syscall");
    }
    return slots;
  }

  static List<Double> fractions(List<Double> wanted) throws BadFilter {
    if (wanted.size() > MAX_QUANTILES) {
      throw new BadFilter(
          "quantiles", "%d, at most %d are told".formatted(wanted.size(), MAX_QUANTILES));
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!(wanted.get(i) > 0 && wanted.get(i) <= 1)) {
        throw new BadFilter(
            "quantiles[%d]".formatted(i),
            wanted.get(i) + ": give a fraction above 0 and not above 1, as 0.99");
      }
    }
    return wanted.isEmpty() ? SummaryRows.STANDARD_FRACTIONS : wanted;
  }

  /** Ties are broken by time, so that the order is the same at each asking. */
  private static Comparator<Snapshot.Row> order(GetSummaryRequest request, SummaryRows rows)
      throws BadFilter {
    Comparator<Snapshot.Row> byTime =
        Comparator.comparingLong(Snapshot.Row::totalNanos)
            .thenComparingLong(Snapshot.Row::calls)
            .reversed()
            .thenComparingInt(Snapshot.Row::slot)
            .thenComparingInt(row -> row.process().pid());
    Comparator<Snapshot.Row> first =
        switch (request.getSort()) {
          case SUMMARY_SORT_UNSPECIFIED, SUMMARY_SORT_TIME -> byTime;
          case SUMMARY_SORT_CALLS -> Comparator.comparingLong(Snapshot.Row::calls).reversed();
          case SUMMARY_SORT_ERRORS -> Comparator.comparingLong(Snapshot.Row::errors).reversed();
          case SUMMARY_SORT_MAX -> Comparator.comparingLong(Snapshot.Row::maxNanos).reversed();
          case SUMMARY_SORT_P99 -> Comparator.comparingLong(SummaryAnswer::p99).reversed();
          case SUMMARY_SORT_NAME ->
              Comparator.<Snapshot.Row, String>comparing(row -> rows.name(row.slot()))
                  .thenComparing(Snapshot.Row::comm);
          case SUMMARY_SORT_PID -> Comparator.comparingInt(row -> row.process().pid());
          case UNRECOGNIZED ->
              throw new BadFilter(
                  "sort",
                  "%d is not known to this daemon; it may be too old"
                      .formatted(request.getSortValue()));
        };
    return first.thenComparing(byTime);
  }

  private static long p99(Snapshot.Row row) {
    return row.histogram().quantileNanos(P99);
  }

  private static GetSummaryResponse.Builder message(
      Snapshot sums, SummaryRows rows, Comparator<Snapshot.Row> order, long top) {
    GetSummaryResponse.Builder answer =
        GetSummaryResponse.newBuilder()
            .setComplete(sums.complete())
            .addAllIncompleteBecause(sums.incompleteBecause())
            .setWindowNanos(sums.windowNanos());
    long shown = top == 0 ? sums.rows().size() : Math.min(top, sums.rows().size());
    sums.rows().stream().sorted(order).limit(shown).forEach(row -> answer.addRows(rows.row(row)));
    Regrouping.total(sums).ifPresent(total -> answer.setTotal(rows.row(total)));
    return answer.setRowsLeftOut((int) (sums.rows().size() - shown));
  }
}
