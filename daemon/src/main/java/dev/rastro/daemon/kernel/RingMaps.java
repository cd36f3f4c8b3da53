package dev.rastro.daemon.kernel;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the rings that the programs write into and maps them. As many as there are processors, for
 * two that write into one ring take 100 ns longer for each call than two with a ring each
 * (bench/run --only=producers); fewer where the memory allowed for would make them too small for a
 * large record.
 */
final class RingMaps implements AutoCloseable {
  static final int MAX_RINGS = 64;

  /** Holds three of the largest records. */
  static final int SMALLEST_SHARE_BYTES = 256 << 10;

  private final List<Mapping> mappings = new ArrayList<>();
  private final List<Integer> fds = new ArrayList<>();
  private final int shareBytes;

  private RingMaps(int shareBytes) {
    this.shareBytes = shareBytes;
  }

  /**
   * @param slots map "rings", with an entry for each possible processor
   * @param totalBytes of all rings together, a power of two
   */
  static RingMaps create(KernelMap slots, int totalBytes) throws CaptureException {
    int count = count(totalBytes, (int) Libc.sysconf(Libc.SC_NPROCESSORS_ONLN));
    int page = (int) Libc.sysconf(Libc.SC_PAGESIZE);
    RingMaps maps = new RingMaps(Math.max(page, Integer.highestOneBit(totalBytes / count)));
    try {
      for (int ring = 0; ring < count; ring++) {
        maps.createRing();
      }
    } catch (CaptureException e) {
      maps.close();
      throw e;
    }
    for (int cpu = 0; cpu < slots.maxEntries(); cpu++) {
      slots.key().putInt(0, cpu);
      slots.value().putInt(0, maps.fds.get(cpu % count));
      slots.update();
    }
    return maps;
  }

  static int count(int totalBytes, int processors) {
    int most = Math.min(processors, MAX_RINGS);
    return Math.max(1, Math.min(most, totalBytes / SMALLEST_SHARE_BYTES));
  }

  private void createRing() throws CaptureException {
    int fd =
        Libbpf.bpf_map_create(Libbpf.BPF_MAP_TYPE_RINGBUF, "ring", 0, 0, shareBytes, Pointer.NULL);
    if (fd < 0) {
      throw LoadedObject.refusal("ring of %d bytes".formatted(shareBytes), fd);
    }
    fds.add(fd);
  }

  Rings map() throws CaptureException {
    int page = (int) Libc.sysconf(Libc.SC_PAGESIZE);
    List<RingBuffer> rings = new ArrayList<>();
    for (int fd : fds) {
      ByteBuffer consumer = mapped("ring's consumer page", fd, 0, page, true);
      ByteBuffer producer =
          mapped("ring's producer pages", fd, page, page + 2L * shareBytes, false);
      rings.add(
          new RingBuffer(
              consumer,
              producer.slice(0, page),
              producer.slice(page, 2 * shareBytes),
              rings.size()));
    }
    return new Rings(rings);
  }

  private ByteBuffer mapped(String what, int fd, long offset, long bytes, boolean writable)
      throws CaptureException {
    Mapping mapping = Mapping.map(what, fd, offset, bytes, writable);
    mappings.add(mapping);
    return mapping.buffer();
  }

  /** To be slept on. */
  List<Integer> fds() {
    return List.copyOf(fds);
  }

  long memoryBytes() {
    return fds.stream().mapToLong(KernelMap::memoryBytes).sum();
  }

  @Override
  public void close() {
    mappings.forEach(Mapping::close);
    fds.forEach(Libc::close);
  }
}
