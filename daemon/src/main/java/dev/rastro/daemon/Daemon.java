package dev.rastro.daemon;

import dev.rastro.bpf.CaptureObject;
import dev.rastro.daemon.config.Settings;
import dev.rastro.daemon.drain.Drain;
import dev.rastro.daemon.kernel.Capture;
import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.rpc.RpcServer;
import dev.rastro.daemon.rpc.TracerService;
import dev.rastro.daemon.session.Sessions;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.io.IOException;
import java.util.OptionalInt;
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
   * Loads the capture and serves. Nothing is attached until somebody watches.
   *
   * @throws CaptureException when the kernel refuses
   * @throws IOException when the socket cannot be served
   */
  static Daemon start(Settings settings) throws CaptureException, IOException {
    SyscallTable table = SyscallTable.load(Architecture.current());
    Drain drain = Drain.start(Capture.open(CaptureObject.read(), settings.capture()), table);
    ExecutorService calls = Executors.newFixedThreadPool(CALL_THREADS, named("rastrod-call-"));
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(named("rastrod-timer-"));
    TracerService service =
        new TracerService(table, drain, new Sessions(drain), Version.text(), calls, timer);
    try {
      RpcServer server =
          RpcServer.start(service, calls, settings.socket(), settings.loopbackPort());
      return new Daemon(drain, calls, timer, server);
    } catch (IOException e) {
      timer.shutdownNow();
      calls.shutdownNow();
      drain.close();
      throw e;
    }
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
