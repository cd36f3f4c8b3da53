// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.inflight;

import dev.rastro.daemon.host.Descriptors;
import dev.rastro.daemon.host.FileLocks;
import dev.rastro.daemon.host.HostProcesses;
import dev.rastro.daemon.kernel.ProcFs;
import dev.rastro.daemon.kernel.UnixPeers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One look at the machine: what several waits ask for is read once, when it is first asked for. One
 * thread.
 */
final class Look {
  private final HostProcesses host;
  final Descriptors descriptors = new Descriptors();
  private final Map<String, List<Descriptors.Holder>> holders = new HashMap<>();
  private Optional<List<Integer>> pids = Optional.empty();
  private Optional<Map<Long, Long>> unixPeers = Optional.empty();
  private Optional<Map<Integer, Set<Integer>>> lockHolders = Optional.empty();
  private Optional<Map<Integer, List<ProcFs.Entry>>> children = Optional.empty();

  Look(HostProcesses host) {
    this.host = host;
  }

  List<Integer> pids() {
    if (pids.isEmpty()) {
      pids = Optional.of(host.pids());
    }
    return pids.get();
  }

  /** Who has these files open; one pass for all that are not known yet. */
  void findHolders(Set<String> targets) {
    Set<String> unknown =
        targets.stream().filter(target -> !holders.containsKey(target)).collect(Collectors.toSet());
    unknown.forEach(target -> holders.put(target, List.of()));
    holders.putAll(descriptors.holders(unknown, pids()));
  }

  /** Of a file that {@link #findHolders} was asked about. */
  List<Descriptors.Holder> holdersOf(String target) {
    return holders.getOrDefault(target, List.of());
  }

  /** The link of the socket at the other end; empty when it is not on this machine. */
  Optional<String> peerTarget(Descriptors.Descriptor end) {
    if (end.socket().isEmpty()) {
      return Optional.empty();
    }
    var socket = end.socket().get();
    if (socket.protocol().equals("unix")) {
      if (unixPeers.isEmpty()) {
        unixPeers = Optional.of(UnixPeers.byInode());
      }
      return Optional.ofNullable(unixPeers.get().get(socket.inode()))
          .map(Descriptors::socketTarget);
    }
    return descriptors
        .sockets(end.pid())
        .flatMap(sockets -> sockets.peerOf(socket))
        .map(peer -> Descriptors.socketTarget(peer.inode()));
  }

  /** Processes that hold a file lock that this one waits for. */
  Set<Integer> lockHolders(int waiter) {
    if (lockHolders.isEmpty()) {
      lockHolders = Optional.of(FileLocks.holdersByWaiter());
    }
    return lockHolders.get().getOrDefault(waiter, Set.of());
  }

  /** Children that have not ended. */
  List<ProcFs.Entry> children(int pid) {
    if (children.isEmpty()) {
      children =
          Optional.of(
              pids().stream()
                  .map(ProcFs::find)
                  .flatMap(Optional::stream)
                  .filter(entry -> !entry.ended())
                  .collect(Collectors.groupingBy(ProcFs.Entry::parentPid)));
    }
    return children.get().getOrDefault(pid, List.of());
  }

  String name(int pid) {
    return ProcFs.find(pid).map(ProcFs.Entry::comm).orElse("?");
  }
}
