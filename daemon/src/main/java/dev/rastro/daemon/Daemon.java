package dev.rastro.daemon;

import dev.rastro.bpf.CaptureObject;
import dev.rastro.daemon.config.Settings;
import dev.rastro.daemon.drain.Drain;
import dev.rastro.daemon.drain.Pulse;
import dev.rastro.daemon.kernel.Capture;
import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.kernel.SelfTest;
import dev.rastro.daemon.rpc.RpcServer;
import dev.rastro.daemon.rpc.StandingTargets;
import dev.rastro.daemon.rpc.TracerService;
import dev.rastro.daemon.session.BadFilter;
import dev.rastro.daemon.session.Sessions;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The whole daemon, wired: capture, drain, sessions, service, server. */
final class Daemon implements AutoCloseable {

  /** Streams and answers share them; none blocks but on reads of {@code /proc}. */
  private static final int CALL_THREADS =
      Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));

  private static final long STOP_MILLIS = 300;

  private final Drain drain;
  private final ExecutorService calls;
  private final ScheduledExecutorService timer;
  private final RpcServer server;

  private Daemon(
      Drain drain, ExecutorService calls, ScheduledExecutorService timer, RpcServer server) {
    this.drain = drain;
    this.calls = calls;
    this.timer = timer;
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
    ExecutorService calls = Executors.newFixedThreadPool(CALL_THREADS, named("rastrod-call-"));
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(named("rastrod-timer-"));
    Sessions sessions = new Sessions(drain, table, settings.secrets());
    TracerService service =
        new TracerService(table, drain, sessions, settings.secrets(), Version.text(), calls, timer);
    try {
      countAlways(settings, table, sessions);
      RpcServer server =
          RpcServer.start(service, calls, settings.socket(), settings.loopbackPort());
      return new Daemon(drain, calls, timer, server);
    } catch (IOException | CaptureException e) {
      timer.shutdownNow();
      calls.shutdownNow();
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
    Capture capture = Capture.open(CaptureObject.read(), settings.capture());
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

  /** Waits until {@link #close} has ended the server. */
  void awaitEnd() throws InterruptedException {
    server.awaitEnd();
  }

  /** Tells all streams, detaches, frees. Within about two seconds. */
  @Override
  public void close() {
    server.close();
    drain.close();
    timer.shutdownNow();
    calls.shutdown();
    try {
      if (!calls.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
        calls.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger next = new AtomicInteger(1);
    return task -> {
      Thread thread = new Thread(task, prefix + next.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }
}
