// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.rpc;

import dev.rastro.daemon.detail.Reduction;
import dev.rastro.daemon.host.Descriptors;
import dev.rastro.daemon.inflight.InFlight;
import dev.rastro.daemon.inflight.Releaser;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.v1.Descriptor;
import dev.rastro.v1.Event;
import dev.rastro.v1.FutexWord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Calls in flight as one client may see them. One thread. */
final class InFlightMessages {
  private final EventDecoder decoder;
  private final Reduction hiding;
  private final Reduction most;
  private final boolean words;

  /**
   * @param hiding what is secret for everybody
   * @param most what is left for this client
   * @param words whether it may see the names of files and what stands in memory
   */
  InFlightMessages(EventDecoder decoder, Reduction hiding, Reduction most, boolean words) {
    this.decoder = decoder;
    this.hiding = hiding;
    this.most = most;
    this.words = words;
  }

  dev.rastro.v1.InFlight of(InFlight call) {
    Event decoded = decoder.blockedCall(reduced(reduced(call.record(), hiding), most));
    dev.rastro.v1.InFlight.Builder message =
        dev.rastro.v1.InFlight.newBuilder()
            .setProcess(Wire.key(call.process()))
            .setTid(call.call().tid())
            .setComm(call.comm())
            .setCall(decoded.getCall())
            .setLine(decoded.getLine())
            .setAgeNanos(call.age().nanos())
            .setAgeExact(call.age().exact())
            .setSentence(words ? call.sentence() : call.plainSentence(decoded.getCall().getName()))
            .setTimed(call.waiting().timed())
            .setOnlyReleasers(call.waiting().closed());
    call.waiting().kind().ifPresent(kind -> message.setKind(Wire.waitKind(kind)));
    call.waiting().descriptors().forEach(one -> message.addDescriptors(descriptor(one)));
    call.waiting()
        .futex()
        .filter(word -> words)
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

  private Descriptor descriptor(Descriptors.Descriptor one) {
    Descriptor.Builder message = Descriptor.newBuilder().setNumber(one.number());
    if (words || !one.target().startsWith("/")) {
      message.setTarget(one.target());
    }
    one.socket()
        .ifPresent(
            socket -> {
              message.setProtocol(socket.protocol());
              // The addresses of the others are no files' names.
              if (words || !socket.protocol().equals("unix")) {
                message.setLocal(socket.local()).setRemote(socket.remote());
              }
            });
    return message.build();
  }

  private ByteBuffer reduced(ByteBuffer record, Reduction reduction) {
    RecordReader reader = new RecordReader().wrap(record, 0, record.remaining());
    byte[] copy = new byte[record.remaining()];
    int length = reduction.copy(reader, copy, 0);
    return ByteBuffer.wrap(copy, 0, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static dev.rastro.v1.Releaser releaser(Releaser one) {
    return dev.rastro.v1.Releaser.newBuilder()
        .setPid(one.pid())
        .setTid(one.tid())
        .setName(one.name())
        .setRole(one.role())
        .build();
  }
}
