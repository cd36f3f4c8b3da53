// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.aggregate;

import dev.rastro.syscalls.table.Errnos;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.table.Waits;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What calls wait for by their slots, and what errors mean for whoever makes them. Immutable. */
final class CallKinds {
  /** The other end has gone. */
  private static final String[] BY_PEER = {"ECONNRESET", "EPIPE"};

  /** Not failures: the call is to be made again. */
  private static final String[] NOT_YET = {
    "EAGAIN",
    "EINTR",
    "EINPROGRESS",
    "EALREADY",
    "ERESTARTSYS",
    "ERESTARTNOINTR",
    "ERESTARTNOHAND",
    "ERESTART_RESTARTBLOCK"
  };

  private final Map<Integer, Waits.Kind> bySlot = new HashMap<>();
  private final BitSet byPeer = errnos(BY_PEER);
  private final BitSet notYet = errnos(NOT_YET);

  CallKinds(SyscallTable table) {
    Waits waits = Waits.load();
    for (Syscall call : table.all()) {
      waits.find(call.name()).ifPresent(wait -> bySlot.put(call.number(), wait.kind()));
    }
  }

  /** Empty where the call is not known to wait for anything. */
  Optional<Waits.Kind> kind(int slot) {
    return Optional.ofNullable(bySlot.get(slot));
  }

  boolean is(int slot, Waits.Kind kind) {
    return bySlot.get(slot) == kind;
  }

  boolean isByPeer(int errno) {
    return byPeer.get(errno);
  }

  boolean isFailure(int errno) {
    return !notYet.get(errno);
  }

  private static BitSet errnos(String[] names) {
    BitSet numbers = new BitSet();
    for (String name : names) {
      numbers.set(Errnos.parse(name).orElseThrow());
    }
    return numbers;
  }
}
