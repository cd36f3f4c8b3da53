package dev.rastro.daemon.session;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The batches of all queues, and how many they may have besides those that each is sure of: clients
 * that do not read cost each other events, which is told, and never the daemon its memory. Any
 * thread.
 */
final class QueueMemory {
  private final int batches;
  private final Optional<QueueMemory> within;
  private final SpareBatches spare;
  private final AtomicInteger taken = new AtomicInteger();

  QueueMemory(int batches) {
    this(batches, Optional.empty(), new SpareBatches());
  }

  private QueueMemory(int batches, Optional<QueueMemory> within, SpareBatches spare) {
    this.batches = batches;
    this.within = within;
    this.spare = spare;
  }

  /** What {@link SessionLimits#TOTAL_QUEUE_BYTES} leaves when every session has its own. */
  static QueueMemory ofAllSessions() {
    int all = SessionLimits.TOTAL_QUEUE_BYTES / Batch.CAPACITY_BYTES;
    return new QueueMemory(all - SessionLimits.MAX_SESSIONS * BatchQueue.MIN_BATCHES);
  }

  /** A part of it, for the sessions of one caller. */
  QueueMemory share(int bytes) {
    return new QueueMemory(bytes / Batch.CAPACITY_BYTES, Optional.of(this), spare);
  }

  /** An empty batch, to be given back as spare. */
  Batch batch() {
    return spare.take();
  }

  /** Nobody may have it any more, nor anything that refers to its bytes. */
  void spare(Batch batch) {
    spare.giveBack(batch);
  }

  /** Whether there may be one more than a queue is sure of; false when all are taken. */
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

  /** So many are no longer more than their queue is sure of. */
  void giveBack(int count) {
    taken.addAndGet(-count);
    within.ifPresent(whole -> whole.giveBack(count));
  }

  /** Batches that queues and streams have. */
  int inUse() {
    return spare.used();
  }

  int taken() {
    return taken.get();
  }
}
