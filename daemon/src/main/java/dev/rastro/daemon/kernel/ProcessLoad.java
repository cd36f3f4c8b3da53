// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.kernel;

/**
 * What a process is doing, and what the threads that it has now have done since each began.
 *
 * @param runningNanos on a CPU
 * @param readyNanos waiting for a CPU; 0 where the kernel does not account for it
 * @param waitingNanos the rest: asleep or stopped
 */
public record ProcessLoad(State state, long runningNanos, long readyNanos, long waitingNanos) {
  static final ProcessLoad ENDED = new ProcessLoad(State.ENDED, 0, 0, 0);

  /** As {@code enum rastro_task_state}: of several threads the first counts. */
  public enum State {
    RUNNING(0),
    READY(1),
    /** It has never run yet. */
    NEW(2),
    /** Asleep, and not even signals end that. */
    DISK(3),
    WAITING(4),
    STOPPED(5),
    IDLE(6),
    ENDED(7);

    private static final State[] ALL = values();

    private final int code;

    State(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    static State of(int code) {
      return ALL[code];
    }
  }

  ProcessLoad plus(ProcessLoad other) {
    return new ProcessLoad(
        state.compareTo(other.state) < 0 ? state : other.state,
        runningNanos + other.runningNanos,
        readyNanos + other.readyNanos,
        waitingNanos + other.waitingNanos);
  }
}
