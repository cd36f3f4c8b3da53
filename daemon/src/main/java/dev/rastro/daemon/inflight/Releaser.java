// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.inflight;

/**
 * Who can let a waiting thread go on.
 *
 * @param tid {@link #ANY_THREAD} when any thread of the process can
 * @param name of the process or thread
 * @param role what it has to do with the wait, in words
 */
public record Releaser(int pid, int tid, String name, String role) {
  public static final int ANY_THREAD = 0;

  /** {@code 123 (name)}. */
  String text() {
    return (tid == ANY_THREAD ? pid : tid) + " (" + name + ")";
  }
}
