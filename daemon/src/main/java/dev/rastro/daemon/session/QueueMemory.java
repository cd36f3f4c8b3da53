package dev.rastro.daemon.session;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Batches that the queues of all sessions may have besides those that each is sure of: clients that
 * do not read cost each other events, which is told, and never the daemon its heap. Any thread.
 */
final class QueueMemory {
  private final int batches;
  private final Optional<QueueMemory> within;
  private final AtomicInteger taken = new AtomicInteger();

  QueueMemory(int batches) {
    this(batches, Optional.empty());
  }

  private QueueMemory(int batches, Optional<QueueMemory> within) {
    this.batches = batches;
    this.within = within;
  }

  /** What {@link SessionLimits#TOTAL_QUEUE_BYTES} leaves when every session has its own. */
  static QueueMemory ofAllSessions() {
    int all = SessionLimits.TOTAL_QUEUE_BYTES / Batch.CAPACITY_BYTES;
    return new QueueMemory(all - SessionLimits.MAX_SESSIONS * BatchQueue.MIN_BATCHES);
  }

  /** A part of it, for the sessions of one caller. */
  QueueMemory share(int bytes) {
    return new QueueMemory(bytes / Batch.CAPACITY_BYTES, Optional.of(this));
  }

  /** False when all are taken. */
  boolean tryTake() {
    int now = taken.get();
    while (now < batches && !taken.compareAndSet(now, now + 1)) {
      now = taken.get();
    }
    if (now >= batches) {
      return false;
    }
    if (within.isPresent() && !within.get().tryTake()) {
      taken.decrementAndGet();
      return false;
    }
    return true;
  }

  boolean hasRoom() {
    return taken.get() < batches;
  }

  void giveBack(int count) {
    taken.addAndGet(-count);
    within.ifPresent(whole -> whole.giveBack(count));
  }

  int taken() {
    return taken.get();
  }
}
