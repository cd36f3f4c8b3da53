package dev.rastro.daemon.session;

import java.util.ArrayDeque;

/**
 * Batches that no queue has at the moment, for the next that needs one: the one used last first, as
 * the processor's caches still have it. Any thread.
 */
final class SpareBatches {
  /** Of those that are left when no queue has any; the others are the collector's. */
  static final int KEPT = 32;

  /** Guarded by this, as is all else. */
  private final ArrayDeque<Batch> spare = new ArrayDeque<>();

  private int used;

  synchronized Batch take() {
    used++;
    Batch last = spare.pollLast();
    return last == null ? new Batch() : last;
  }

  /** Nobody may have it any more, nor anything that refers to its bytes. */
  synchronized void giveBack(Batch batch) {
    used--;
    batch.clear();
    spare.addLast(batch);
    while (used == 0 && spare.size() > KEPT) {
      spare.removeFirst();
    }
  }

  synchronized int used() {
    return used;
  }

  synchronized int count() {
    return spare.size();
  }
}
