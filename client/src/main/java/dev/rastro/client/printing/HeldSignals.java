package dev.rastro.client.printing;

import dev.rastro.syscalls.text.TextBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Signals that a task ignores. They are seen when they are generated, while the task may be inside
 * a call whose line comes later but belongs before them. One thread.
 */
final class HeldSignals {
  /** One task cannot have more: further ones are told at once, out of order rather than lost. */
  private static final int HELD_SIGNALS_MAX = 1024;

  private record Signal(long timeNanos, TextBuffer text) {}

  private final Lines lines;
  private final Map<Integer, Deque<Signal>> held = new HashMap<>();

  HeldSignals(Lines lines) {
    this.lines = lines;
  }

  void hold(int tid, long timeNanos, TextBuffer text) {
    Deque<Signal> signals = held.computeIfAbsent(tid, task -> new ArrayDeque<>());
    if (signals.size() == HELD_SIGNALS_MAX) {
      tell(tid, signals.removeFirst());
    }
    signals.addLast(new Signal(timeNanos, text));
  }

  void tellBefore(int tid, long timeNanos) {
    Deque<Signal> signals = held.isEmpty() ? null : held.get(tid);
    if (signals == null) {
      return;
    }
    while (!signals.isEmpty() && signals.peekFirst().timeNanos() < timeNanos) {
      tell(tid, signals.removeFirst());
    }
    if (signals.isEmpty()) {
      held.remove(tid);
    }
  }

  /** All that a task, which is outside of calls now, was sent. */
  void tellAll(int tid) {
    tellBefore(tid, Long.MAX_VALUE);
  }

  /** There is nothing more to come. */
  void tellAll() {
    held.forEach((tid, signals) -> signals.forEach(signal -> tell(tid, signal)));
    held.clear();
  }

  private void tell(int tid, Signal signal) {
    lines.line(tid, signal.timeNanos(), signal.text());
  }
}
