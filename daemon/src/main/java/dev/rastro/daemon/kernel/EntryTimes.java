// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.kernel;

import com.sun.jna.Memory;
import java.util.OptionalLong;

/**
 * Since when tasks are inside their calls, out of the task storage in which the capture program
 * keeps that. Knows calls that were entered while somebody watched the task, and no others. Any
 * thread.
 */
public final class EntryTimes implements AutoCloseable {
  // pidfd_open(2), the same on all architectures
  private static final long PIDFD_OPEN = 434;

  /** For a thread that leads no process; since Linux 6.9. */
  private static final long PIDFD_THREAD = 0x80;

  private final int map;
  private final Memory key = new Memory(Integer.BYTES);
  private final Memory value = new Memory(ControlLayout.STASH_BYTES);
  private boolean closed;

  EntryTimes(KernelMap stashes) {
    if (stashes.valueBytes() != ControlLayout.STASH_BYTES) {
      throw new IllegalStateException("map stashes: values of " + stashes.valueBytes() + " bytes");
    }
    this.map = stashes.fd();
  }

  /**
   * CLOCK_MONOTONIC of the entry.
   *
   * @param number of the call in which it is believed to be
   * @return empty when its entry was not seen, or it is in that call no more
   */
  public synchronized OptionalLong of(int tgid, int tid, int number) {
    if (closed) {
      return OptionalLong.empty();
    }
    int task = (int) Libc.syscall(PIDFD_OPEN, tid, tgid == tid ? 0 : PIDFD_THREAD, 0);
    if (task < 0) {
      return OptionalLong.empty();
    }
    try {
      key.setInt(0, task);
      if (Libbpf.bpf_map_lookup_elem(map, key, value) < 0) {
        return OptionalLong.empty();
      }
    } finally {
      int unused = Libc.close(task);
    }
    long entryNanos = value.getLong(ControlLayout.STASH_ENTRY);
    boolean inside = (value.getByte(ControlLayout.STASH_FLAGS) & ControlLayout.STASH_ENTERED) != 0;
    return inside && entryNanos != 0 && value.getInt(ControlLayout.STASH_NUMBER) == number
        ? OptionalLong.of(entryNanos)
        : OptionalLong.empty();
  }

  /** The map is about to go. */
  @Override
  public synchronized void close() {
    closed = true;
  }
}
