package dev.rastro.endtoend;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for a condition that must come true, never for a length of time. */
final class Deadline {
  /**
   * Longer than anything here takes on a busy machine; it is reached only by failures. {@code
   * -Drastro.patience=SECONDS} for tests at full scale.
   */
  static final Duration PATIENCE = Duration.ofSeconds(Long.getLong("rastro.patience", 300));

  private static final Duration LOOK_EVERY = Duration.ofMillis(10);

  private Deadline() {}

  /** Returns when {@code condition} holds; fails with {@code what} at the deadline. */
  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }
}
