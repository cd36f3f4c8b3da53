// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.aggregate.Query;
import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.aggregate.Window;
import dev.rastro.daemon.drain.Drain;
import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.session.BadFilter;
import dev.rastro.daemon.session.Order;
import dev.rastro.daemon.session.Regrouping;
import dev.rastro.daemon.session.SessionLimits;
import dev.rastro.daemon.session.Sessions;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.Form;
import dev.rastro.v1.SummaryBy;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.WatchSummaryRequest;
import dev.rastro.v1.WatchSummaryResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Streams of sums: those that are open, and the beginning of new ones. */
final class SummaryWatches {
  private static final long DEFAULT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long SHORTEST_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final SyscallTable table;
  private final Orders orders;
  private final SummaryAnswer summaries;
  private final Drain drain;
  private final Sessions sessions;
  private final Threads threads;
  private final Set<SummaryStream> streams = ConcurrentHashMap.newKeySet();

  SummaryWatches(
      SyscallTable table,
      Orders orders,
      SummaryAnswer summaries,
      Drain drain,
      Sessions sessions,
      Threads threads) {
    this.table = table;
    this.orders = orders;
    this.summaries = summaries;
    this.drain = drain;
    this.sessions = sessions;
    this.threads = threads;
  }

  /** To be called in the RPC's method. */
  void begin(
      WatchSummaryRequest request,
      Caller caller,
      ServerCallStreamObserver<WatchSummaryResponse> out)
      throws BadFilter, CaptureException {
    if (!request.hasTarget()) {
      SummaryAnswer.refuseUnlessEvery(caller);
    }
    boolean byCommand = request.getBy() == SummaryBy.SUMMARY_BY_COMMAND;
    Query query =
        new Query(
            SummaryAnswer.by(request.getBy()), Set.of(), summaries.slots(request.getFilter()));
    SummaryRows rows = new SummaryRows(table, SummaryAnswer.fractions(request.getQuantilesList()));
    long intervalNanos = interval(request.getIntervalNanos());
    if (!request.hasTarget() && request.getEndWithTarget()) {
      throw new BadFilter("end_with_target", "it needs a target");
    }
    if (streams.size() >= SessionLimits.MAX_SUMMARY_STREAMS) {
      throw exhausted();
    }
    SummaryStream stream =
        new SummaryStream(
            out,
            new SummaryFrames(rows),
            intervalNanos,
            request.getEndWithTarget(),
            sessions,
            threads,
            streams::remove);
    if (request.hasTarget()) {
      Order order = order(request, caller);
      streams.add(stream);
      stream.start(
          sessions.open(order, stream),
          session -> grouped(session.summary(query, Window.WHOLE), byCommand),
          session ->
              WatchSummaryResponse.newBuilder()
                  .setStarted(Beginning.of(session, table, drain.degradations(), false))
                  .build());
    } else {
      streams.add(stream);
      stream.start(() -> grouped(drain.summary(query), byCommand));
    }
  }

  /** Ends all; each is told why. */
  void stop() {
    streams.forEach(SummaryStream::stop);
  }

  private Order order(WatchSummaryRequest request, Caller caller) throws BadFilter {
    return orders.trace(
        TraceRequest.newBuilder()
            .setTarget(request.getTarget())
            .setFilter(request.getFilter())
            .setForm(Form.FORM_COUNT)
            .build(),
        caller);
  }

  private static CompletableFuture<Snapshot> grouped(
      CompletableFuture<Snapshot> sums, boolean byCommand) {
    return byCommand ? sums.thenApply(Regrouping::byCommand) : sums;
  }

  private static long interval(long nanos) throws BadFilter {
    if (nanos == 0) {
      return DEFAULT_INTERVAL_NANOS;
    }
    if (nanos < SHORTEST_INTERVAL_NANOS || nanos > LONGEST_INTERVAL_NANOS) {
      throw new BadFilter(
          "interval_nanos",
          "%s nanoseconds, give from %d to %d"
              .formatted(
                  Long.toUnsignedString(nanos), SHORTEST_INTERVAL_NANOS, LONGEST_INTERVAL_NANOS));
    }
    return nanos;
  }

  private static CaptureException exhausted() {
    return new CaptureException(
        CaptureException.Reason.EXHAUSTED,
        "streams of sums: all %d are open".formatted(SessionLimits.MAX_SUMMARY_STREAMS),
        "close one");
  }
}
