package dev.rastro.daemon.drain;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;

/**
 * The 64 bits that sessions are in the kernel. The bit that was released longest ago is taken next:
 * a program that was running when it was released must not hand its record to a new owner. (What
 * was emitted before a session opened is told by its place in the ring.)
 */
final class SessionBits {
  private final Deque<Integer> free = new ArrayDeque<>();

  SessionBits() {
    for (int bit = 0; bit < Drain.MAX_SESSIONS; bit++) {
      free.add(bit);
    }
  }

  OptionalInt take() {
    Integer bit = free.poll();
    return bit == null ? OptionalInt.empty() : OptionalInt.of(bit);
  }

  void release(int bit) {
    free.add(bit);
  }
}
