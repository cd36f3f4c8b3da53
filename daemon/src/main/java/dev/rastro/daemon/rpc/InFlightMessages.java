// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.Sight;
import dev.rastro.daemon.detail.Reduction;
import dev.rastro.daemon.host.Descriptors;
import dev.rastro.daemon.inflight.InFlight;
import dev.rastro.daemon.inflight.Releaser;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.v1.Call;
import dev.rastro.v1.Descriptor;
import dev.rastro.v1.Event;
import dev.rastro.v1.FutexWord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Calls in flight as one client may see them. One thread. */
final class InFlightMessages {
  private final EventDecoder decoder;
  private final Reduction hiding;
  private final Reduction figures;
  private final SightOf sight;
  private final Set<Integer> shown = new HashSet<>();

  /**
   * @param hiding takes out what is secret for everybody
   * @param figures takes out all that is more than figures
   * @param sight of the client
   */
  InFlightMessages(EventDecoder decoder, Reduction hiding, Reduction figures, SightOf sight) {
    this.decoder = decoder;
    this.hiding = hiding;
    this.figures = figures;
    this.sight = sight;
  }

  /** Empty when its process may not be seen. */
  Optional<dev.rastro.v1.InFlight> of(InFlight call) {
    Sight seen = sight.of(call.process().pid());
    if (seen == Sight.NOTHING) {
      return Optional.empty();
    }
    shown.add(call.call().tid());
    dev.rastro.v1.InFlight.Builder message = figures(call);
    if (seen == Sight.FULL) {
      addArguments(message, call);
    }
    call.waiting().releasers().stream()
        .filter(one -> !sight.isHidden(one.pid()))
        .forEach(one -> message.addReleasers(releaser(one, seen)));
    return Optional.of(message.build());
  }

  boolean haveShown(List<Integer> tids) {
    return shown.containsAll(tids);
  }

  /** Names and times; nothing that the process works on, not even by number. */
  private dev.rastro.v1.InFlight.Builder figures(InFlight call) {
    ByteBuffer record = reduced(call.record(), figures);
    Call bare = decoder.blockedCall(record).getCall().toBuilder().clearArguments().build();
    dev.rastro.v1.InFlight.Builder message =
        dev.rastro.v1.InFlight.newBuilder()
            .setProcess(Wire.key(call.process()))
            .setTid(call.call().tid())
            .setComm(call.comm())
            .setCall(bare)
            .setLine(bare.getName() + "(...)")
            .setAgeNanos(call.age().nanos())
            .setAgeExact(call.age().exact())
            .setSentence(call.plainSentence(bare.getName()))
            .setTimed(call.waiting().timed())
            .setOnlyReleasers(call.waiting().closed());
    call.waiting().kind().ifPresent(kind -> message.setKind(Wire.waitKind(kind)));
    return message;
  }

  private void addArguments(dev.rastro.v1.InFlight.Builder message, InFlight call) {
    Event decoded = decoder.blockedCall(reduced(call.record(), hiding));
    message.setCall(decoded.getCall()).setLine(decoded.getLine()).setSentence(call.sentence());
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

  private ByteBuffer reduced(ByteBuffer record, Reduction reduction) {
    RecordReader reader = new RecordReader().wrap(record, 0, record.remaining());
    ByteBuffer copy = ByteBuffer.allocate(record.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    return copy.limit(reduction.copy(reader, copy, 0));
  }

  private static dev.rastro.v1.Releaser releaser(Releaser one, Sight seen) {
    return dev.rastro.v1.Releaser.newBuilder()
        .setPid(one.pid())
        .setTid(one.tid())
        .setName(one.name())
        .setRole(seen == Sight.FULL ? one.role() : "")
        .build();
  }
}
