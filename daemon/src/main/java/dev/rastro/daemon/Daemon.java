package dev.rastro.daemon;

import dev.rastro.daemon.access.Peers;
import dev.rastro.daemon.config.Settings;
import dev.rastro.daemon.drain.Drain;
import dev.rastro.daemon.drain.Pulse;
import dev.rastro.daemon.kernel.Capture;
import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.kernel.SelfTest;
import dev.rastro.daemon.rpc.RpcServer;
import dev.rastro.daemon.rpc.StandingTargets;
import dev.rastro.daemon.rpc.Threads;
import dev.rastro.daemon.rpc.TracerService;
import dev.rastro.daemon.session.BadFilter;
import dev.rastro.daemon.session.Sessions;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;

/** The whole daemon, wired: capture, drain, sessions, service, server. */
final class Daemon implements AutoCloseable {

  private final Settings settings;
  private final Drain drain;
  private final Threads threads;
  private final RpcServer server;

  private Daemon(Settings settings, Drain drain, Threads threads, RpcServer server) {
    this.settings = settings;
    this.drain = drain;
    this.threads = threads;
    this.server = server;
  }

  /**
   * Loads the capture, proves that it sees, and serves. Nothing is attached until somebody watches.
   *
   * @param pulse what the drain shows that it goes round with
   * @throws CaptureException when the kernel refuses
   * @throws IOException when the socket cannot be served
   */
  static Daemon start(Settings settings, Pulse pulse) throws CaptureException, IOException {
    SyscallTable table = SyscallTable.load(Architecture.current());
    Drain drain = Drain.start(capture(settings, table), table, pulse);
    Threads threads = Threads.start();
    Peers peers = new Peers();
    Sessions sessions = new Sessions(drain, table, settings.secrets(), peers);
    TracerService service =
        new TracerService(
            table, drain, sessions, settings.secrets(), peers, Version.text(), threads);
    try {
      countAlways(settings, table, sessions);
      RpcServer server =
          RpcServer.start(
              service, threads, peers, Serving.rules(settings), Serving.where(settings));
      return new Daemon(settings, drain, threads, server);
    } catch (IOException | CaptureException e) {
      threads.close();
      drain.close();
      throw e;
    }
  }

  private static void countAlways(Settings settings, SyscallTable table, Sessions sessions)
      throws CaptureException, IOException {
    try {
      StandingTargets.count(settings.standingTargets(), table, sessions).join();
    } catch (BadFilter bad) {
      throw new IOException(bad.getMessage(), bad);
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof CaptureException refused) {
        throw refused;
      }
      throw failed;
    }
  }

  /** The daemon of one client is tested by that client's trace, which follows at once. */
  private static Capture capture(Settings settings, SyscallTable table) throws CaptureException {
    Capture capture = Capture.open(settings.capture());
    if (!settings.exitWithStdin()) {
      try {
        SelfTest.run(capture, table.find("getppid").orElseThrow().number());
      } catch (CaptureException | RuntimeException e) {
        capture.close();
        throw e;
      }
    }
    return capture;
  }

  OptionalInt loopbackPort() {
    return server.loopbackPort();
  }

  OptionalInt tlsPort() {
    return server.tlsPort();
  }

  /** What of later settings can change while it runs. */
  void change(Settings later) throws IOException {
    server.setRules(Serving.rules(settings.withTlsRoles(later.tlsRoles())));
  }

  /** Waits until {@link #close} has ended the server. */
  void awaitEnd() throws InterruptedException {
    server.awaitEnd();
  }

  /** Tells all streams, detaches, frees. Within about two seconds. */
  @Override
  public void close() {
    server.close();
    drain.close();
    threads.close();
  }
}
