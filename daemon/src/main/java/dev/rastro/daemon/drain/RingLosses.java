package dev.rastro.daemon.drain;

import dev.rastro.daemon.kernel.LossCause;
import dev.rastro.daemon.kernel.Rings;
import dev.rastro.daemon.kernel.Run;
import java.util.ArrayDeque;

/**
 * What one session lost to full rings. It is noticed while most of what was emitted before it still
 * stands in the rings, so it waits here until they are read up to where they had been produced when
 * nothing was missing yet. Drain thread only.
 */
final class RingLosses {
  /** What is noticed later joins the last. */
  static final int MAX_WAITING = 64;

  private record Loss(Rings.Mark behind, long count, long fromNanos, long toNanos) {
    Loss and(long more, long untilNanos) {
      return new Loss(behind, count + more, fromNanos, untilNanos);
    }
  }

  private final Subscriber subscriber;
  private final ArrayDeque<Loss> waiting = new ArrayDeque<>();

  RingLosses(Subscriber subscriber) {
    this.subscriber = subscriber;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /**
   * @param behind what stands before this place was emitted before the loss
   * @param fromNanos CLOCK_MONOTONIC, no earlier than
   * @param toNanos no later than
   */
  void add(Rings.Mark behind, long count, long fromNanos, long toNanos) {
    if (waiting.size() < MAX_WAITING) {
      waiting.addLast(new Loss(behind, count, fromNanos, toNanos));
    } else {
      waiting.addLast(waiting.removeLast().and(count, toNanos));
    }
  }

  /** Hands over a run, and tells what was lost between its records. */
  void hand(Run run) {
    Run rest = run;
    while (!waiting.isEmpty()) {
      Rings.Mark behind = waiting.peekFirst().behind();
      Run before = rest.until(behind);
      if (before.records() == rest.records()) {
        break;
      }
      handAll(before);
      tellFirst();
      rest = rest.from(behind);
    }
    handAll(rest);
  }

  private void handAll(Run run) {
    if (!run.isEmpty()) {
      subscriber.onRecords(run);
    }
  }

  /** Those before which everything was handed over. */
  void tellReached(Rings rings) {
    while (!waiting.isEmpty() && rings.isRead(waiting.peekFirst().behind())) {
      tellFirst();
    }
  }

  void tellAll() {
    while (!waiting.isEmpty()) {
      tellFirst();
    }
  }

  private void tellFirst() {
    Loss loss = waiting.removeFirst();
    subscriber.onLoss(LossCause.RING, loss.count(), loss.fromNanos(), loss.toNanos());
  }
}
