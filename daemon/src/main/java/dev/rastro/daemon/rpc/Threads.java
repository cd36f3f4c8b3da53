package dev.rastro.daemon.rpc;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * On which calls are answered.
 *
 * @param calls runs streams and answers; none of these blocks for longer than a task's names in
 *     {@code /proc} take
 * @param looks reads {@code /proc} of many tasks: whoever asks for all of it, again and again,
 *     keeps others from asking, and never a stream from being sent
 * @param timer starts what is due on the others
 */
public record Threads(ExecutorService calls, ExecutorService looks, ScheduledExecutorService timer)
    implements AutoCloseable {

  private static final int CALL_THREADS =
      Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));

  private static final int LOOK_THREADS = 2;
  private static final long STOP_MILLIS = 300;

  public static Threads start() {
    return new Threads(
        Executors.newFixedThreadPool(CALL_THREADS, named("rastrod-call-")),
        Executors.newFixedThreadPool(LOOK_THREADS, named("rastrod-look-")),
        Executors.newSingleThreadScheduledExecutor(named("rastrod-timer-")));
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger next = new AtomicInteger(1);
    return task -> {
      Thread thread = new Thread(task, prefix + next.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Lets what is being sent be sent, for a moment. */
  @Override
  public void close() {
    timer.shutdownNow();
    looks.shutdownNow();
    calls.shutdown();
    try {
      if (!calls.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
        calls.shutdownNow();
      }
    } catch (InterruptedException e) {
      calls.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
