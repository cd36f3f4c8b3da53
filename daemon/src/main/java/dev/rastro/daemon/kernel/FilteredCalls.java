package dev.rastro.daemon.kernel;

import java.nio.ByteBuffer;

/**
 * The map "filtered": calls that the kernel took away from sessions when they ended, by filter and
 * session, counted on each CPU since the load. Drain thread only.
 *
 * <pre>
 *   CPU 0: filter 0: session 0 .. 63, filter 1: ...   CPU 1: ...
 * </pre>
 */
public final class FilteredCalls {
  private static final int COUNTS = ControlLayout.FILTERS * ControlLayout.SESSIONS;

  private final ByteBuffer map;
  private final long[] sums = new long[COUNTS];

  /**
   * @param map as the kernel writes it
   */
  FilteredCalls(ByteBuffer map) {
    this.map = map;
  }

  static long bytes(int cpus) {
    return (long) cpus * COUNTS * Long.BYTES;
  }

  /** Adds up the kernel's counters, for {@link #count}. */
  public void read() {
    for (int i = 0; i < COUNTS; i++) {
      sums[i] = 0;
      for (int at = i * Long.BYTES; at < map.capacity(); at += COUNTS * Long.BYTES) {
        sums[i] += map.getLong(at);
      }
    }
  }

  /** What the filter took from this bit up to the last {@link #read}. */
  public long count(KernelFilter filter, int session) {
    return sums[filter.code() * ControlLayout.SESSIONS + session];
  }
}
