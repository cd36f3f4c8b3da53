package dev.rastro.daemon.drain;

import dev.rastro.daemon.aggregate.Query;
import dev.rastro.daemon.aggregate.Roll;
import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.aggregate.Window;
import dev.rastro.daemon.kernel.Capture;
import dev.rastro.daemon.kernel.Degradation;
import dev.rastro.daemon.kernel.EntryTimes;
import dev.rastro.daemon.kernel.ProcessKey;
import dev.rastro.daemon.kernel.TaskList;
import dev.rastro.syscalls.table.SyscallTable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The way from the kernel to the sessions. Methods may be called from any thread and do not block:
 * they queue a command for the drain thread and return a future, which that thread completes (do
 * not wait for another of these futures in its callbacks).
 */
public final class Drain implements AutoCloseable {
  /** Sessions open at once: each is one bit of a mask in the kernel. */
  public static final int MAX_SESSIONS = 64;

  private final Capture capture;
  private final DutyCycle cycle;
  private final Thread thread;

  private Drain(Capture capture, SyscallTable table, Pulse pulse) {
    this.capture = capture;
    this.cycle = new DutyCycle(capture, table, pulse);
    this.thread = new Thread(cycle, "drain");
  }

  /** Starts the thread. The drain owns the capture from here and closes it with itself. */
  public static Drain start(Capture capture, SyscallTable table) {
    return start(capture, table, Pulse.NONE);
  }

  /** One that shows that it goes round. */
  public static Drain start(Capture capture, SyscallTable table, Pulse pulse) {
    Drain drain = new Drain(capture, table, pulse);
    drain.thread.start();
    return drain;
  }

  /**
   * Opens a session and, if it is the first, attaches the programs. Completed once the target is
   * being watched. Fails with {@link dev.rastro.daemon.kernel.CaptureException}: no such process,
   * no bit free, programs refused.
   */
  public CompletableFuture<Session> open(Wish wish, Subscriber subscriber) {
    CompletableFuture<Session> answer = new CompletableFuture<>();
    cycle.submit(new Command.Open(this, wish, subscriber, answer));
    return answer;
  }

  /** The drain's whole memory. */
  public CompletableFuture<Snapshot> summary(Query query) {
    return summary(query, Window.WHOLE);
  }

  /** Fails with {@link dev.rastro.daemon.aggregate.NoSuchMoment}. */
  public CompletableFuture<Snapshot> summary(Query query, Window window) {
    CompletableFuture<Snapshot> answer = new CompletableFuture<>();
    cycle.submit(new Command.Summary(query, window, answer));
    return answer;
  }

  /** Keeps what has been counted until now, for a {@link Window}; brings its name. */
  public CompletableFuture<String> keep() {
    CompletableFuture<String> answer = new CompletableFuture<>();
    cycle.submit(new Command.Keep(answer));
    return answer;
  }

  /**
   * All processes that are or were watched and are still remembered, and how programs ended.
   *
   * @param recentNanos how far back their recent calls reach, to the second
   */
  public CompletableFuture<Roll> roll(long recentNanos) {
    CompletableFuture<Roll> answer = new CompletableFuture<>();
    cycle.submit(new Command.CallRoll(recentNanos, answer));
    return answer;
  }

  public CompletableFuture<DrainStatus> status() {
    CompletableFuture<DrainStatus> answer = new CompletableFuture<>();
    cycle.submit(new Command.Status(answer));
    return answer;
  }

  /** Since when tasks are inside their calls. */
  public EntryTimes entryTimes() {
    return capture.entryTimes();
  }

  /** What processes are doing. */
  public TaskList tasks() {
    return capture.tasks();
  }

  /** What the kernel cannot give. */
  public List<Degradation> degradations() {
    return capture.degradations();
  }

  /**
   * Closes all sessions, then the capture; waits for the thread to end. Not to be called from a
   * {@link Subscriber}.
   */
  @Override
  public void close() {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    cycle.submit(new Command.Stop(answer));
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** An open session. */
  public final class Session {
    private final int bit;
    private final List<ProcessKey> processes;

    /** Set by the drain thread, once. */
    private Optional<Books> closed = Optional.empty();

    Session(int bit, List<ProcessKey> processes) {
      this.bit = bit;
      this.processes = List.copyOf(processes);
    }

    /** Its bit in the kernel's masks; reused by later sessions. */
    public int bit() {
      return bit;
    }

    /** The target's processes when it was opened; empty for everything. */
    public List<ProcessKey> processes() {
      return processes;
    }

    /** Drain thread only. */
    Optional<Books> closed() {
      return closed;
    }

    /** Drain thread only. */
    void setClosed(Books books) {
      closed = Optional.of(books);
    }

    /** What its target did since it opened. Fails with IllegalStateException once it is closed. */
    public CompletableFuture<Snapshot> summary(Query query) {
      return summary(query, Window.WHOLE);
    }

    /** The same in a part of that time. */
    public CompletableFuture<Snapshot> summary(Query query, Window window) {
      CompletableFuture<Snapshot> answer = new CompletableFuture<>();
      cycle.submit(new Command.SessionSummary(this, query, window, answer));
      return answer;
    }

    /**
     * What the names in its target stand for has changed (a unit was started anew, say). Whom it
     * watches already, it watches on until the next exec. Does nothing once it is closed.
     */
    public CompletableFuture<Void> rechoose(Choice choice) {
      CompletableFuture<Void> answer = new CompletableFuture<>();
      cycle.submit(new Command.Rechoose(this, choice, answer));
      return answer;
    }

    /**
     * Ends it: what is in the ring by now is handed over, then {@link Subscriber#onClosed}. Closing
     * twice is no error: every future brings the same books.
     */
    public CompletableFuture<Books> close() {
      CompletableFuture<Books> answer = new CompletableFuture<>();
      cycle.submit(new Command.Close(this, answer));
      return answer;
    }
  }
}
