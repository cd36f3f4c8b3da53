package dev.rastro.daemon.kernel;

import com.sun.jna.Memory;

/**
 * The map "filtered": calls that the kernel took away from sessions when they ended, by filter and
 * session, counted on each CPU since the load. Drain thread only.
 */
public final class FilteredCalls {
  private final KernelMap map;
  private final int cpus;
  private final Memory key = new Memory(Integer.BYTES);
  private final Memory values;
  private final long[] sums = new long[ControlLayout.FILTERS * ControlLayout.SESSIONS];

  FilteredCalls(KernelMap map, int cpus) {
    this.map = map;
    this.cpus = cpus;
    this.values = new Memory((long) map.valueBytes() * cpus);
    key.setInt(0, 0);
  }

  /** Reads the kernel's counters, for {@link #count}. */
  public void read() {
    int result = Libbpf.bpf_map_lookup_elem(map.fd(), key, values);
    if (result < 0) {
      throw new IllegalStateException("map filtered: lookup: " + Libc.describe(result));
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] = 0;
      for (int cpu = 0; cpu < cpus; cpu++) {
        sums[i] += values.getLong((long) cpu * map.valueBytes() + (long) i * Long.BYTES);
      }
    }
  }

  /** What the filter took from this bit up to the last {@link #read}. */
  public long count(KernelFilter filter, int session) {
    return sums[filter.code() * ControlLayout.SESSIONS + session];
  }
}
