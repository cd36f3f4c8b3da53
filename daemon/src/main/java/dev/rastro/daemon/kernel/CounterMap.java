package dev.rastro.daemon.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The kernel's own counters: map "counters" (per CPU) and map "errors" (shared), read in batches
 * into one direct buffer each. Where the kernel has no batched lookup, key by key.
 */
public final class CounterMap {
  /** Takes one entry of a map. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * @param keys and the offset of this entry's key in it
     * @param values and the offset of this entry's value, of the first CPU; the others follow, each
     *     {@link #valueStride} on
     */
    void entry(ByteBuffer keys, int keyOffset, ByteBuffer values, int valueOffset);
  }

  /** Entries a batch brings at most; a batch of a hash must hold its longest bucket. */
  static final int BATCH_ENTRIES = 512;

  private static final int BATCH_TOKEN_BYTES = 16;

  private final KernelMap map;
  private final int cpus;
  private final int stride;
  private final Memory keys;
  private final Memory values;
  private final ByteBuffer keyView;
  private final ByteBuffer valueView;
  private final Memory batchIn = new Memory(BATCH_TOKEN_BYTES);
  private final Memory batchOut = new Memory(BATCH_TOKEN_BYTES);
  private final Memory count = new Memory(Integer.BYTES);
  private boolean batched = true;

  CounterMap(KernelMap map, int cpus) {
    this.map = map;
    this.cpus = cpus;
    this.stride = (map.valueBytes() + 7) & ~7;
    this.keys = new Memory((long) BATCH_ENTRIES * map.keyBytes());
    this.values = new Memory((long) BATCH_ENTRIES * stride * cpus);
    this.keyView = keys.getByteBuffer(0, keys.size()).order(ByteOrder.nativeOrder());
    this.valueView = values.getByteBuffer(0, values.size()).order(ByteOrder.nativeOrder());
  }

  /** How many values each entry has: one for each possible CPU, or one. */
  public int valuesPerEntry() {
    return cpus;
  }

  /** Bytes from one CPU's value to the next. */
  public int valueStride() {
    return stride;
  }

  public int maxEntries() {
    return map.maxEntries();
  }

  /**
   * Visits every entry that is there from the beginning to the end; one that comes or goes
   * meanwhile may be visited or not, one whose bucket changes even twice. Returns how many visits
   * there were.
   */
  public int forEach(Visitor visitor) {
    int visited = batched ? forEachBatched(visitor) : -1;
    if (visited < 0) {
      batched = false;
      visited = forEachSingly(visitor);
    }
    return visited;
  }

  /** Deletes the entry whose 16-byte key is these two words. */
  public void delete(long firstWord, long secondWord) {
    map.key().putLong(0, firstWord).putLong(Long.BYTES, secondWord);
    boolean unused = map.delete();
  }

  /** Reads the entry whose key was put together of two words; false when there is none. */
  private boolean lookup(long firstWord, long secondWord, Visitor visitor) {
    map.key().putLong(0, firstWord).putLong(8, secondWord);
    keyView.putLong(0, firstWord).putLong(8, secondWord);
    int result = Libbpf.bpf_map_lookup_elem(map.fd(), keys, values);
    if (result < 0) {
      return false;
    }
    visitor.entry(keyView, 0, valueView, 0);
    return true;
  }

  /** Negative when the kernel has no batched lookup. */
  private int forEachBatched(Visitor visitor) {
    int visited = 0;
    boolean first = true;
    // An entry of a hash is in one bucket, so there are never more batches than entries.
    for (int batch = 0; batch <= map.maxEntries(); batch++) {
      count.setInt(0, BATCH_ENTRIES);
      int result =
          Libbpf.bpf_map_lookup_batch(
              map.fd(),
              first ? Pointer.NULL : batchIn,
              batchOut,
              keys,
              values,
              count,
              Pointer.NULL);
      if (result < 0 && result != -Libc.ENOENT) {
        if (first) {
          return -1;
        }
        throw new IllegalStateException("map batch: " + Libc.describe(result));
      }
      int entries = count.getInt(0);
      for (int i = 0; i < entries; i++) {
        visitor.entry(keyView, i * map.keyBytes(), valueView, i * stride * cpus);
      }
      visited += entries;
      if (result < 0) {
        break;
      }
      batchIn.setLong(0, batchOut.getLong(0));
      batchIn.setLong(8, batchOut.getLong(8));
      first = false;
    }
    return visited;
  }

  private int forEachSingly(Visitor visitor) {
    int visited = 0;
    ByteBuffer key = map.key();
    for (boolean first = true; visited < map.maxEntries() && map.next(first); first = false) {
      if (lookup(key.getLong(0), key.getLong(8), visitor)) {
        visited++;
      }
    }
    return visited;
  }
}
