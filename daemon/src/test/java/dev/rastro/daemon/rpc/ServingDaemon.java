package dev.rastro.daemon.rpc;

import dev.rastro.bpf.CaptureObject;
import dev.rastro.daemon.access.AccessRules;
import dev.rastro.daemon.access.Peers;
import dev.rastro.daemon.access.Role;
import dev.rastro.daemon.access.Yama;
import dev.rastro.daemon.detail.Secrets;
import dev.rastro.daemon.drain.Drain;
import dev.rastro.daemon.kernel.Capture;
import dev.rastro.daemon.kernel.CaptureOptions;
import dev.rastro.daemon.session.Sessions;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.util.Map;
import java.util.OptionalInt;

/** The daemon from the drain up, in this process, with another patience. */
final class ServingDaemon implements AutoCloseable {
  static final AccessRules RULES =
      new AccessRules(
          0, OptionalInt.empty(), Role.TRACER, false, Role.VIEWER, Map.of(), Yama.ofThisMachine());

  private final Drain drain;
  private final Threads threads = Threads.start();
  private final Peers peers = new Peers();
  private final Sessions sessions;
  private final RpcServer server;

  ServingDaemon(Listening where, AccessRules rules, Patience patience) throws Exception {
    SyscallTable table = SyscallTable.load(Architecture.current());
    drain =
        Drain.start(
            Capture.open(CaptureObject.read(), CaptureOptions.defaults().withRingBytes(1 << 20)),
            table);
    sessions = new Sessions(drain, table, Secrets.USUAL, peers);
    TracerService service =
        new TracerService(table, drain, sessions, Secrets.USUAL, peers, "test", threads);
    server = RpcServer.start(service, threads, peers, rules, where, patience);
  }

  RpcServer server() {
    return server;
  }

  Sessions sessions() {
    return sessions;
  }

  Peers peers() {
    return peers;
  }

  @Override
  public void close() {
    server.close();
    drain.close();
    threads.close();
  }
}
