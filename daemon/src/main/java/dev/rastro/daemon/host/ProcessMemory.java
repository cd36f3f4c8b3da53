// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.host;

import dev.rastro.syscalls.plan.UserMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The memory of a living process, through {@code /proc/PID/mem}, which needs the right to trace it
 * and never stops it. One thread.
 */
public final class ProcessMemory implements UserMemory, AutoCloseable {
  private static final int PAGE_BYTES = 4096;

  private final Optional<FileChannel> memory;

  private ProcessMemory(Optional<FileChannel> memory) {
    this.memory = memory;
  }

  /** Of a process that is gone, or may not be read, no memory can be read. */
  public static ProcessMemory of(int pid) {
    try {
      return new ProcessMemory(
          Optional.of(FileChannel.open(Path.of("/proc/" + pid + "/mem"), StandardOpenOption.READ)));
    } catch (IOException goneOrForbidden) {
      return new ProcessMemory(Optional.empty());
    }
  }

  /** Page by page, as a read that touches one bad page may fail whole. */
  @Override
  public void read(long address, ByteBuffer into) {
    if (memory.isEmpty()) {
      return;
    }
    int end = into.limit();
    int start = into.position();
    while (into.position() < end) {
      long at = address + into.position() - start;
      int page = PAGE_BYTES - (int) (at & (PAGE_BYTES - 1));
      into.limit(Math.min(end, into.position() + page));
      if (at < 0 || readPage(at, into) <= 0) {
        break;
      }
    }
    into.limit(end);
  }

  /** A word of 32 bits; 0 where none can be read. */
  public int word(long address) {
    ByteBuffer word = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
    read(address, word);
    return word.hasRemaining() ? 0 : word.getInt(0);
  }

  private int readPage(long address, ByteBuffer into) {
    try {
      return memory.orElseThrow().read(into, address);
    } catch (IOException notMapped) {
      return -1;
    }
  }

  @Override
  public void close() {
    memory.ifPresent(
        channel -> {
          try {
            channel.close();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
