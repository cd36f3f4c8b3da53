package dev.rastro.client.commands;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that a command that has ended ends us too, even if the daemon never says that the
 * trace is over. One thread reads the stream, and tells what it does; another waits.
 *
 * <p>Only silence counts: while there are records to print, processes to follow, or an output that
 * does not take more, the end may take as long as it likes.
 */
final class EndGuard implements AutoCloseable {
  /** From the command's end, or from the last sign of life after it. */
  static final int SILENCE_LIMIT_SECONDS = 10;

  private final long limitNanos;
  private final Runnable onSilence;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean working;
  private volatile boolean silent;
  private volatile long lastSignNanos;

  /**
   * @param onSilence ends the reader's wait; called once, from a thread of ours
   */
  EndGuard(long limitNanos, Runnable onSilence) {
    this.limitNanos = limitNanos;
    this.onSilence = onSilence;
  }

  static EndGuard of(Runnable onSilence) {
    return new EndGuard(TimeUnit.SECONDS.toNanos(SILENCE_LIMIT_SECONDS), onSilence);
  }

  /** Begins to wait once the command has ended. */
  void watch(RunningCommand command) {
    command.onEnd(this::start);
  }

  void start() {
    lastSignNanos = System.nanoTime();
    Thread thread = new Thread(this::await, "end-guard");
    thread.setDaemon(true);
    thread.start();
  }

  /** The reader has a message that says that the trace goes on, and works on it. */
  void working() {
    working = true;
  }

  /** The reader is done with that message, and waits for the next. */
  void waiting() {
    lastSignNanos = System.nanoTime();
    working = false;
  }

  /** Whether the daemon was given up. */
  boolean gaveUp() {
    return silent;
  }

  static String message() {
    return "rastrod did not tell the end of the trace within "
        + SILENCE_LIMIT_SECONDS
        + " s of the command's end; the last calls may be missing";
  }

  private void await() {
    try {
      long rest = limitNanos;
      while (!over.await(rest, TimeUnit.NANOSECONDS)) {
        long quietNanos = working ? 0 : System.nanoTime() - lastSignNanos;
        if (quietNanos >= limitNanos) {
          silent = true;
          onSilence.run();
          return;
        }
        rest = limitNanos - quietNanos;
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** The trace is over. */
  @Override
  public void close() {
    over.countDown();
  }
}
