// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.rpc;

import dev.rastro.daemon.drain.Drain;
import dev.rastro.daemon.host.Descriptors;
import dev.rastro.daemon.host.Host;
import dev.rastro.daemon.inflight.InFlight;
import dev.rastro.daemon.inflight.InFlightCalls;
import dev.rastro.daemon.inflight.Releaser;
import dev.rastro.daemon.session.BadFilter;
import dev.rastro.daemon.session.SessionLimits;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.table.Waits;
import dev.rastro.v1.Descriptor;
import dev.rastro.v1.Event;
import dev.rastro.v1.FutexWord;
import dev.rastro.v1.ListInFlightRequest;
import dev.rastro.v1.ListInFlightResponse;
import dev.rastro.v1.WaitCycle;
import dev.rastro.v1.WaitKind;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Where threads are stuck. Reads {@code /proc} on the executor. */
final class InFlightAnswer {
  static final long MAX_LONGER_THAN_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final SyscallTable table;
  private final InFlightCalls calls;
  private final Executor executor;
  private final ScheduledExecutorService timer;
  private final String bootId = Host.bootId();

  InFlightAnswer(
      SyscallTable table, Drain drain, Executor executor, ScheduledExecutorService timer) {
    this.table = table;
    this.calls = new InFlightCalls(table, drain.entryTimes());
    this.executor = executor;
    this.timer = timer;
  }

  /** Somebody begins to watch these: from here on it is known how long they sleep at least. */
  void note(List<Integer> pids) {
    if (!pids.isEmpty()) {
      executor.execute(() -> calls.note(pids, 0));
    }
  }

  CompletableFuture<ListInFlightResponse> answer(ListInFlightRequest request) throws BadFilter {
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
        .thenApplyAsync(unused -> message(calls.look(pids, longerThan)), executor);
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

  private ListInFlightResponse message(InFlightCalls.Answer answer) {
    EventDecoder decoder = new EventDecoder(table, SessionLimits.DEFAULT_STRING_BYTES, false, true);
    ListInFlightResponse.Builder message =
        ListInFlightResponse.newBuilder().setThreadsLeftOut(answer.leftOut()).setBootId(bootId);
    answer.calls().forEach(call -> message.addCalls(call(call, decoder)));
    answer.related().forEach(call -> message.addRelated(call(call, decoder)));
    answer
        .cycles()
        .forEach(
            cycle ->
                message.addCycles(
                    WaitCycle.newBuilder().addAllTids(cycle.tids()).setSentence(cycle.sentence())));
    return message.build();
  }

  private static dev.rastro.v1.InFlight call(InFlight call, EventDecoder decoder) {
    Event decoded = decoder.blockedCall(call.record());
    dev.rastro.v1.InFlight.Builder message =
        dev.rastro.v1.InFlight.newBuilder()
            .setProcess(Wire.key(call.process()))
            .setTid(call.call().tid())
            .setComm(call.comm())
            .setCall(decoded.getCall())
            .setLine(decoded.getLine())
            .setAgeNanos(call.age().nanos())
            .setAgeExact(call.age().exact())
            .setSentence(call.sentence())
            .setTimed(call.waiting().timed())
            .setOnlyReleasers(call.waiting().closed());
    call.waiting().kind().ifPresent(kind -> message.setKind(kind(kind)));
    call.waiting().descriptors().forEach(one -> message.addDescriptors(descriptor(one)));
    call.waiting()
        .futex()
        .ifPresent(
            word ->
                message.setFutex(
                    FutexWord.newBuilder()
                        .setAddress(word.address())
                        .setValue(word.value())
                        .setExpected(word.expected())));
    call.waiting().releasers().forEach(one -> message.addReleasers(releaser(one)));
    return message.build();
  }

  private static Descriptor descriptor(Descriptors.Descriptor one) {
    Descriptor.Builder message =
        Descriptor.newBuilder().setNumber(one.number()).setTarget(one.target());
    one.socket()
        .ifPresent(
            socket ->
                message
                    .setProtocol(socket.protocol())
                    .setLocal(socket.local())
                    .setRemote(socket.remote()));
    return message.build();
  }

  private static dev.rastro.v1.Releaser releaser(Releaser one) {
    return dev.rastro.v1.Releaser.newBuilder()
        .setPid(one.pid())
        .setTid(one.tid())
        .setName(one.name())
        .setRole(one.role())
        .build();
  }

  private static WaitKind kind(Waits.Kind kind) {
    return switch (kind) {
      case INPUT -> WaitKind.WAIT_KIND_INPUT;
      case OUTPUT -> WaitKind.WAIT_KIND_OUTPUT;
      case ACCEPT -> WaitKind.WAIT_KIND_ACCEPT;
      case CONNECT -> WaitKind.WAIT_KIND_CONNECT;
      case DESCRIPTORS, SETS, EPOLL -> WaitKind.WAIT_KIND_DESCRIPTORS;
      case COMPLETION -> WaitKind.WAIT_KIND_COMPLETION;
      case FUTEX -> WaitKind.WAIT_KIND_FUTEX;
      case CHILD, CHILD_BY -> WaitKind.WAIT_KIND_CHILD;
      case SLEEP -> WaitKind.WAIT_KIND_SLEEP;
      case SIGNAL -> WaitKind.WAIT_KIND_SIGNAL;
      case FILE_LOCK, LOCK -> WaitKind.WAIT_KIND_LOCK;
      case MESSAGE -> WaitKind.WAIT_KIND_MESSAGE;
      case DISK -> WaitKind.WAIT_KIND_DISK;
      case OPEN -> WaitKind.WAIT_KIND_OPEN;
    };
  }
}
