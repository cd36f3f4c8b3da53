package dev.rastro.daemon.rpc;

import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.syscalls.table.Errnos;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.Process;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How a server's workers fare, told by the errors of their calls. */
final class ServerFigures {

  private static final List<String> ACCEPTING = List.of("accept", "accept4");
  private static final List<String> SENDING =
      List.of(
          "write",
          "writev",
          "pwrite64",
          "pwritev",
          "pwritev2",
          "sendto",
          "sendmsg",
          "sendmmsg",
          "sendfile",
          "splice");
  private static final List<String> RECEIVING =
      List.of("read", "readv", "recvfrom", "recvmsg", "recvmmsg", "connect");

  private static final Set<String> BY_PEER = Set.of("ECONNRESET", "EPIPE");

  /** Not failures: the call is to be made again. */
  private static final Set<String> NOT_YET = Set.of("EAGAIN", "EINTR");

  private final BitSet accepting;
  private final BitSet sending;
  private final BitSet receiving;

  ServerFigures(SyscallTable table) {
    this.accepting = numbers(table, ACCEPTING);
    this.sending = numbers(table, SENDING);
    this.receiving = numbers(table, RECEIVING);
  }

  /** A name that this architecture lacks counts for nothing. */
  private static BitSet numbers(SyscallTable table, List<String> names) {
    BitSet numbers = new BitSet();
    for (String name : names) {
      table.find(name).map(Syscall::number).ifPresent(numbers::set);
    }
    return numbers;
  }

  /** The syscalls that matter here. */
  BitSet slots() {
    BitSet all = (BitSet) accepting.clone();
    all.or(sending);
    all.or(receiving);
    return all;
  }

  /**
   * @param rows of one process, one for each syscall
   */
  void add(Process.Builder process, List<Snapshot.Row> rows) {
    long accepted = 0;
    long herd = 0;
    long byPeer = 0;
    long failed = 0;
    for (Snapshot.Row row : rows) {
      boolean accepts = accepting.get(row.slot());
      accepted += accepts ? row.calls() - row.errors() : 0;
      for (Map.Entry<Integer, Long> error : row.errorsByErrno().entrySet()) {
        String name = Errnos.name(error.getKey());
        if (accepts) {
          herd += name.equals("EAGAIN") ? error.getValue() : 0;
        } else if (BY_PEER.contains(name)) {
          byPeer += error.getValue();
        } else if (sending.get(row.slot()) && !NOT_YET.contains(name)) {
          failed += error.getValue();
        }
      }
    }
    process
        .setAccepted(accepted)
        .setThunderingHerd(herd)
        .setClosedByPeer(byPeer)
        .setSendFailures(failed);
  }
}
