// SPDX-License-Identifier: Apache-2.0
package dev.rastro.syscalls.plan;

import java.nio.ByteBuffer;

/** The memory of a process. */
@FunctionalInterface
public interface UserMemory {
  /**
   * Reads as much as can be had without a hole, at most what the buffer has room for, and moves its
   * position past.
   *
   * @param address not checked in any way: whatever a register held
   */
  void read(long address, ByteBuffer into);
}
