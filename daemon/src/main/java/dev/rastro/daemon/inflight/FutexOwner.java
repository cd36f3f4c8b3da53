// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.inflight;

import dev.rastro.daemon.host.ProcessMemory;
import dev.rastro.daemon.kernel.SleepingCall;
import java.util.List;
import java.util.Optional;

/**
 * Who holds what a futex word stands for, where the word tells (futex(2), set_robust_list(2)), or
 * the mutex of the C library around it does. Every answer is a thread that is there.
 */
final class FutexOwner {
  // linux/futex.h
  private static final int COMMAND_MASK = 0x7f;
  private static final int LOCK_PI = 6;
  private static final int LOCK_PI2 = 13;
  private static final int PRIVATE = 128;
  private static final int WAITERS = 0x80000000;
  private static final int TID_MASK = 0x3fffffff;

  /** A lock of the C library that somebody waits for. */
  private static final int CONTENDED = 2;

  /** Of the owner's tid behind the word of a pthread_mutex_t: glibc's and musl's differ. */
  private static final int GLIBC_OWNER = 8;

  private FutexOwner() {}

  /**
   * @param role what the thread has to do with the word
   */
  record Owner(int tid, String role) {}

  static Optional<Owner> of(SleepingCall call, FutexWord word, ProcessMemory memory) {
    List<Integer> threads = SleepingCall.threads(call.tgid());
    int operation = call.arguments().get(1).intValue();
    int command = operation & COMMAND_MASK;
    int named = word.value() & TID_MASK;
    if (command == LOCK_PI || command == LOCK_PI2 || (word.value() & WAITERS) != 0) {
      return threads.contains(named)
          ? Optional.of(new Owner(named, "holds the lock"))
          : Optional.empty();
    }
    // pthread_join(3) waits for the kernel to clear the word in which it had put the thread's id.
    if ((operation & PRIVATE) == 0
        && word.value() == word.expected()
        && threads.contains(word.value())) {
      return Optional.of(new Owner(word.value(), "has to end"));
    }
    if (word.value() == CONTENDED) {
      int owner = memory.word(word.address() + GLIBC_OWNER);
      if (threads.contains(owner)) {
        return Optional.of(new Owner(owner, "holds the lock"));
      }
    }
    return Optional.empty();
  }
}
