package dev.rastro.daemon.drain;

import dev.rastro.daemon.kernel.KernelFilter;
import dev.rastro.daemon.kernel.LossCause;
import dev.rastro.daemon.kernel.Run;

/**
 * A session as the drain sees it. All methods run on the drain thread, between {@link Drain#open}
 * and {@link #onClosed}; they must not block, keep a run or call back into the drain and wait. What
 * they throw closes the session.
 */
public interface Subscriber {
  /**
   * Records that the kernel addressed to this session. Copy what is needed: the bytes are the
   * ring's own and are gone when the method returns.
   */
  void onRecords(Run run);

  /**
   * Records that this session should have had and has not, or (causes but RING) that any session
   * may have missed. Those that rings lost are told between the records that were emitted before
   * and after them, as far as this can be known; others when they are noticed.
   *
   * @param fromNanos CLOCK_MONOTONIC, no earlier than
   * @param toNanos no later than
   */
  void onLoss(LossCause cause, long count, long fromNanos, long toNanos);

  /**
   * Whether records bring more of their arguments than this session's wish asks for, from here on.
   */
  default void onExcess(boolean exceeds) {}

  /** Calls that the kernel took away since it was last told, because of how they ended. */
  void onFiltered(KernelFilter filter, long count);

  /**
   * A process of the target runs with rights beyond the session's reach: it is seen no more until
   * it executes a program without them.
   *
   * @param nanos CLOCK_MONOTONIC
   */
  void onWithheld(int tgid, long nanos);

  /** About every 100 ms, and at the end of a pass that handed it records: time to close a batch. */
  void onTick(long nowNanos);

  /**
   * Every process (and single thread) of the target has ended, and all their records were handed
   * over. Told once; the session stays open until {@link Drain.Session#close}.
   */
  void onTargetEnded();

  /** Nothing follows. The books are final. */
  void onClosed(Books books);
}
