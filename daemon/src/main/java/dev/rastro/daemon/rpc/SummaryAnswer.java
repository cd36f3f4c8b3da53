package dev.rastro.daemon.rpc;

import dev.rastro.daemon.aggregate.Histogram;
import dev.rastro.daemon.aggregate.Query;
import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.aggregate.Window;
import dev.rastro.daemon.drain.Drain;
import dev.rastro.daemon.kernel.ProcessKey;
import dev.rastro.daemon.session.BadFilter;
import dev.rastro.daemon.session.Regrouping;
import dev.rastro.daemon.session.Sessions;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.Errnos;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.Bucket;
import dev.rastro.v1.ErrorCount;
import dev.rastro.v1.Filter;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.Outcome;
import dev.rastro.v1.Quantile;
import dev.rastro.v1.SummaryBy;
import dev.rastro.v1.SummaryRow;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Sums out of the kernel's own counters. */
final class SummaryAnswer {

  private static final double[] FRACTIONS = {0.5, 0.9, 0.99, 0.999};

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

  CompletableFuture<GetSummaryResponse> answer(GetSummaryRequest request) throws BadFilter {
    Query query = new Query(by(request), new HashSet<>(request.getPidsList()), slots(request));
    Window window = window(request);
    if (!request.getKeepSnapshot()) {
      return sums(request, query, window).thenApply(sums -> message(request, sums).build());
    }
    return drain
        .keep()
        .thenCompose(
            name ->
                sums(request, query, new Window(window.lastNanos(), window.from(), name))
                    .thenApply(sums -> message(request, sums).setSnapshotId(name).build()));
  }

  private CompletableFuture<Snapshot> sums(GetSummaryRequest request, Query query, Window window) {
    return request.getSessionId().isEmpty()
        ? drain.summary(query, window)
        : sessions
            .summary(request.getSessionId(), query, window)
            .orElseThrow(
                () ->
                    Failures.notFound(
                        "NO_SUCH_SESSION",
                        "session_id: %s: no such session".formatted(request.getSessionId()),
                        "the id is in a stream's first message; sums are kept for a few"
                            + " sessions after their end"));
  }

  private static Window window(GetSummaryRequest request) throws BadFilter {
    long last = request.getLastNanos();
    if (last < 0 || last > Window.LONGEST_NANOS) {
      throw new BadFilter(
          "last_nanos",
          "%s nanoseconds, at most %d are kept"
              .formatted(Long.toUnsignedString(last), Window.LONGEST_NANOS));
    }
    if (last > 0 && !request.getFromSnapshot().isEmpty()) {
      throw new BadFilter("last_nanos", "it excludes from_snapshot");
    }
    if (!request.getToSnapshot().isEmpty() && (last > 0 || request.getKeepSnapshot())) {
      throw new BadFilter("to_snapshot", "it excludes last_nanos and keep_snapshot");
    }
    return new Window(last, request.getFromSnapshot(), request.getToSnapshot());
  }

  private static Query.By by(GetSummaryRequest request) throws BadFilter {
    return switch (request.getBy()) {
      case SUMMARY_BY_UNSPECIFIED, SUMMARY_BY_SYSCALL -> Query.By.SYSCALL;
      case SUMMARY_BY_PROCESS, SUMMARY_BY_COMMAND -> Query.By.PROCESS;
      case SUMMARY_BY_BOTH -> Query.By.BOTH;
      case UNRECOGNIZED ->
          throw new BadFilter(
              "by",
              "%d is not known to this daemon; it may be too old".formatted(request.getByValue()));
    };
  }

  /** Empty for all. */
  private BitSet slots(GetSummaryRequest request) throws BadFilter {
    Filter filter = request.getFilter();
    if (filter.getOutcomeValue() != Outcome.OUTCOME_UNSPECIFIED_VALUE) {
      throw new BadFilter(
          "filter.outcome", "sums are of all calls; errors are told apart in each row");
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

  private GetSummaryResponse.Builder message(GetSummaryRequest request, Snapshot counted) {
    Snapshot sums =
        request.getBy() == SummaryBy.SUMMARY_BY_COMMAND ? Regrouping.byCommand(counted) : counted;
    GetSummaryResponse.Builder answer =
        GetSummaryResponse.newBuilder()
            .setComplete(sums.complete())
            .addAllIncompleteBecause(sums.incompleteBecause())
            .setWindowNanos(sums.windowNanos());
    sums.rows().forEach(row -> answer.addRows(row(row)));
    return answer;
  }

  private SummaryRow row(Snapshot.Row row) {
    SummaryRow.Builder message =
        SummaryRow.newBuilder()
            .setComm(row.comm())
            .setCalls(row.calls())
            .setErrors(row.errors())
            .setTotalNanos(row.totalNanos())
            .setMinNanos(row.timed() == 0 ? 0 : row.minNanos())
            .setMaxNanos(row.maxNanos())
            .setTimedCalls(row.timed());
    if (!row.process().equals(ProcessKey.NONE)) {
      message.setProcess(Wire.key(row.process()));
    }
    if (row.slot() != Snapshot.Row.NO_SLOT) {
      nameSyscall(message, row.slot());
    }
    row.errorsByErrno().entrySet().stream()
        .sorted(Map.Entry.<Integer, Long>comparingByValue().reversed())
        .forEach(
            error ->
                message.addErrorsByErrno(
                    ErrorCount.newBuilder()
                        .setName(Errnos.name(error.getKey()))
                        .setNumber(error.getKey())
                        .setCount(error.getValue())));
    addDurations(message, row.histogram());
    return message.build();
  }

  private void nameSyscall(SummaryRow.Builder message, int slot) {
    switch (slot) {
      case RecordLayout.SLOT_UNKNOWN -> message.setSyscall("(number past the table)");
      case RecordLayout.SLOT_FOREIGN -> message.setSyscall("(32-bit or x32 call)");
      default ->
          message
              .setNumber(slot)
              .setSyscall(
                  table.find(slot).map(Syscall::name).orElse("syscall_0x%x".formatted(slot)));
    }
  }

  private static void addDurations(SummaryRow.Builder message, Histogram histogram) {
    if (histogram.total() == 0) {
      return;
    }
    for (double fraction : FRACTIONS) {
      message.addQuantiles(
          Quantile.newBuilder().setFraction(fraction).setNanos(histogram.quantileNanos(fraction)));
    }
    for (int bucket = 0; bucket < Histogram.BUCKETS; bucket++) {
      if (histogram.count(bucket) > 0) {
        message
            .getHistogramBuilder()
            .addBuckets(
                Bucket.newBuilder()
                    .setBelowNanos(Histogram.belowNanos(bucket))
                    .setCount(histogram.count(bucket)));
      }
    }
  }
}
