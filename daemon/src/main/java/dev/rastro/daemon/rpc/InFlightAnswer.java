// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.access.Sight;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Where threads are stuck. Reads {@code /proc} on the threads for that. */
final class InFlightAnswer {
  static final long MAX_LONGER_THAN_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final SyscallTable table;
  private final Secrets secrets;
  private final Pieces pieces;
  private final InFlightCalls calls;
  private final Threads threads;
  private final String bootId = Host.bootId();

  InFlightAnswer(SyscallTable table, Secrets secrets, InFlightCalls calls, Threads threads) {
    this.table = table;
    this.secrets = secrets;
    this.pieces = new Pieces(table);
    this.calls = calls;
    this.threads = threads;
  }

  /** Somebody begins to watch these: from here on it is known how long they sleep at least. */
  void note(List<Integer> pids, Caller caller) {
    threads
        .looks()
        .execute(
            () -> {
              List<Integer> visible = visible(pids, caller);
              if (!visible.isEmpty()) {
                calls.note(visible, 0);
              }
            });
  }

  private static List<Integer> visible(List<Integer> pids, Caller caller) {
    return pids.stream().filter(pid -> caller.sight(pid) != Sight.NOTHING).toList();
  }

  CompletableFuture<ListInFlightResponse> answer(ListInFlightRequest request, Caller caller)
      throws BadFilter {
    long longerThan = request.getLongerThanNanos();
    if (longerThan < 0 || longerThan > MAX_LONGER_THAN_NANOS) {
      throw new BadFilter(
          "longer_than_nanos",
          "%s, at most %d (a minute) can be waited for"
              .formatted(Long.toUnsignedString(longerThan), MAX_LONGER_THAN_NANOS));
    }
    Set<Integer> named = Orders.ids("pids", request.getPidsList());
    return CompletableFuture.supplyAsync(() -> choose(named, caller), threads.looks())
        .thenCompose(
            chosen ->
                named.isEmpty() && chosen.isEmpty() && !caller.figures().isEvery()
                    ? CompletableFuture.completedFuture(nothing().build())
                    : answer(chosen, longerThan, caller));
  }

  /** Nobody stands for everybody. */
  private List<Integer> choose(Set<Integer> named, Caller caller) {
    for (int pid : named) {
      if (!calls.exists(pid)) {
        throw Failures.notFound(
            "NO_SUCH_PROCESS",
            "no process %d".formatted(pid),
            "rastro ps lists those that there are");
      }
      if (caller.sight(pid) == Sight.NOTHING) {
        throw Failures.notYours(pid, caller);
      }
    }
    return named.isEmpty() && !caller.figures().isEvery()
        ? visible(calls.everybody(), caller)
        : List.copyOf(named);
  }

  private CompletableFuture<ListInFlightResponse> answer(
      List<Integer> pids, long longerThan, Caller caller) {
    Executor looks = threads.looks();
    return CompletableFuture.supplyAsync(() -> calls.note(pids, longerThan), looks)
        .thenCompose(tooEarly -> tooEarly ? after(longerThan) : after(0))
        .thenApplyAsync(
            unused -> {
              SightOf sight = new SightOf(caller);
              pids.forEach(sight::of);
              InFlightCalls.Answer found = calls.look(pids, longerThan);
              sight.looked();
              return message(found, sight);
            },
            looks);
  }

  private CompletableFuture<Void> after(long nanos) {
    CompletableFuture<Void> passed = new CompletableFuture<>();
    if (nanos == 0) {
      passed.complete(null);
      return passed;
    }
    var unused = threads.timer().schedule(() -> passed.complete(null), nanos, TimeUnit.NANOSECONDS);
    return passed;
  }

  private ListInFlightResponse.Builder nothing() {
    return ListInFlightResponse.newBuilder().setBootId(bootId);
  }

  private ListInFlightResponse message(InFlightCalls.Answer answer, SightOf sight) {
    InFlightMessages messages =
        new InFlightMessages(
            new EventDecoder(table, SessionLimits.DEFAULT_STRING_BYTES, false, true),
            Reduction.hiding(secrets, pieces),
            Reduction.to(Detail.NO_ARGUMENTS, pieces),
            sight);
    ListInFlightResponse.Builder message = nothing().setThreadsLeftOut(answer.leftOut());
    answer.calls().forEach(call -> messages.of(call).ifPresent(message::addCalls));
    answer.related().forEach(call -> messages.of(call).ifPresent(message::addRelated));
    answer.cycles().stream()
        .filter(cycle -> messages.haveShown(cycle.tids()))
        .forEach(
            cycle ->
                message.addCycles(
                    WaitCycle.newBuilder().addAllTids(cycle.tids()).setSentence(cycle.sentence())));
    return message.build();
  }
}
