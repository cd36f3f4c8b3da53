// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.rpc;

import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.detail.Reduction;
import dev.rastro.daemon.detail.Secrets;
import dev.rastro.daemon.host.Host;
import dev.rastro.daemon.inflight.InFlightCalls;
import dev.rastro.daemon.session.BadFilter;
import dev.rastro.daemon.session.SessionLimits;
import dev.rastro.syscalls.plan.Pieces;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.ListInFlightRequest;
import dev.rastro.v1.ListInFlightResponse;
import dev.rastro.v1.WaitCycle;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Where threads are stuck. Reads {@code /proc} on the executor. */
final class InFlightAnswer {
  static final long MAX_LONGER_THAN_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final SyscallTable table;
  private final Secrets secrets;
  private final Pieces pieces;
  private final InFlightCalls calls;
  private final Executor executor;
  private final ScheduledExecutorService timer;
  private final String bootId = Host.bootId();

  InFlightAnswer(
      SyscallTable table,
      Secrets secrets,
      InFlightCalls calls,
      Executor executor,
      ScheduledExecutorService timer) {
    this.table = table;
    this.secrets = secrets;
    this.pieces = new Pieces(table);
    this.calls = calls;
    this.executor = executor;
    this.timer = timer;
  }

  /** Somebody begins to watch these: from here on it is known how long they sleep at least. */
  void note(List<Integer> pids) {
    if (!pids.isEmpty()) {
      executor.execute(() -> calls.note(pids, 0));
    }
  }

  /**
   * @param most the most that the peer may see of a call
   */
  CompletableFuture<ListInFlightResponse> answer(ListInFlightRequest request, Detail most)
      throws BadFilter {
    long longerThan = request.getLongerThanNanos();
    if (longerThan < 0 || longerThan > MAX_LONGER_THAN_NANOS) {
      throw new BadFilter(
          "longer_than_nanos",
          "%s, at most %d (a minute) can be waited for"
              .formatted(Long.toUnsignedString(longerThan), MAX_LONGER_THAN_NANOS));
    }
    List<Integer> pids = Orders.ids("pids", request.getPidsList()).stream().toList();
    for (int pid : pids) {
      if (!calls.exists(pid)) {
        throw Failures.notFound(
            "NO_SUCH_PROCESS",
            "no process %d".formatted(pid),
            "rastro ps lists those that there are");
      }
    }
    return CompletableFuture.supplyAsync(() -> calls.note(pids, longerThan), executor)
        .thenCompose(tooEarly -> tooEarly ? after(longerThan) : after(0))
        .thenApplyAsync(unused -> message(calls.look(pids, longerThan), most), executor);
  }

  private CompletableFuture<Void> after(long nanos) {
    CompletableFuture<Void> passed = new CompletableFuture<>();
    if (nanos == 0) {
      passed.complete(null);
      return passed;
    }
    var unused = timer.schedule(() -> passed.complete(null), nanos, TimeUnit.NANOSECONDS);
    return passed;
  }

  private ListInFlightResponse message(InFlightCalls.Answer answer, Detail most) {
    InFlightMessages messages =
        new InFlightMessages(
            new EventDecoder(table, SessionLimits.DEFAULT_STRING_BYTES, false, true),
            Reduction.hiding(secrets, pieces),
            Reduction.to(most, pieces),
            !most.isLessThan(Detail.NO_BUFFERS));
    ListInFlightResponse.Builder message =
        ListInFlightResponse.newBuilder().setThreadsLeftOut(answer.leftOut()).setBootId(bootId);
    answer.calls().forEach(call -> message.addCalls(messages.of(call)));
    answer.related().forEach(call -> message.addRelated(messages.of(call)));
    answer
        .cycles()
        .forEach(
            cycle ->
                message.addCycles(
                    WaitCycle.newBuilder().addAllTids(cycle.tids()).setSentence(cycle.sentence())));
    return message.build();
  }
}
