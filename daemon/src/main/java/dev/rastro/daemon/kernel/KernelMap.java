package dev.rastro.daemon.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One BPF map with room for one key and one value. Not for two threads at once. */
final class KernelMap {
  private final String name;
  private final int fd;
  private final int keyBytes;
  private final int valueBytes;
  private final int maxEntries;
  private final Memory key;
  private final Memory nextKey;
  private final Memory value;
  private final ByteBuffer keyView;
  private final ByteBuffer valueView;

  KernelMap(String name, Pointer map) {
    this.name = name;
    this.fd = Libbpf.bpf_map__fd(map);
    this.keyBytes = Libbpf.bpf_map__key_size(map);
    this.valueBytes = Libbpf.bpf_map__value_size(map);
    this.maxEntries = Libbpf.bpf_map__max_entries(map);
    this.key = new Memory(Math.max(8, keyBytes));
    this.nextKey = new Memory(Math.max(8, keyBytes));
    this.value = new Memory(Math.max(8, valueBytes));
    this.keyView = key.getByteBuffer(0, key.size()).order(ByteOrder.nativeOrder());
    this.valueView = value.getByteBuffer(0, value.size()).order(ByteOrder.nativeOrder());
  }

  int fd() {
    return fd;
  }

  int keyBytes() {
    return keyBytes;
  }

  int valueBytes() {
    return valueBytes;
  }

  int maxEntries() {
    return maxEntries;
  }

  /** The key that the next operation uses; the key found, after {@link #next}. */
  ByteBuffer key() {
    return keyView;
  }

  /** The value read by {@link #lookup}, or to be written by {@link #update}. */
  ByteBuffer value() {
    return valueView;
  }

  boolean lookup() {
    int result = Libbpf.bpf_map_lookup_elem(fd, key, value);
    if (result < 0 && result != -Libc.ENOENT) {
      throw failed("lookup", result);
    }
    return result == 0;
  }

  /** False when the map is full. */
  boolean update() {
    int result = Libbpf.bpf_map_update_elem(fd, key, value, Libbpf.BPF_ANY);
    if (result < 0 && result != -Libc.E2BIG && result != -Libc.ENOMEM) {
      throw failed("update", result);
    }
    return result == 0;
  }

  /** Writes only if the key is still there; false when the kernel has removed it. */
  boolean replace() {
    int result = Libbpf.bpf_map_update_elem(fd, key, value, Libbpf.BPF_EXIST);
    if (result < 0 && result != -Libc.ENOENT) {
      throw failed("replace", result);
    }
    return result == 0;
  }

  boolean delete() {
    int result = Libbpf.bpf_map_delete_elem(fd, key);
    if (result < 0 && result != -Libc.ENOENT) {
      throw failed("delete", result);
    }
    return result == 0;
  }

  /**
   * Moves {@link #key} on: to the first key, then to the one after it. False at the end. A key that
   * the kernel deletes meanwhile makes the walk begin anew: whoever walks bounds it.
   */
  boolean next(boolean first) {
    int result = Libbpf.bpf_map_get_next_key(fd, first ? Pointer.NULL : key, nextKey);
    if (result < 0) {
      if (result != -Libc.ENOENT) {
        throw failed("walk", result);
      }
      return false;
    }
    for (int i = 0; i < keyBytes; i++) {
      key.setByte(i, nextKey.getByte(i));
    }
    return true;
  }

  /** What the kernel says the map takes; 0 when it does not say. */
  long memoryBytes() {
    return memoryBytes(fd);
  }

  static long memoryBytes(int fd) {
    Path description = Path.of("/proc/self/fdinfo/" + fd);
    try {
      List<String> lines = Files.readAllLines(description, StandardCharsets.US_ASCII);
      for (String line : lines) {
        if (line.startsWith("memlock:")) {
          return Long.parseLong(line.substring("memlock:".length()).strip());
        }
      }
      return 0;
    } catch (java.io.IOException e) {
      return 0;
    }
  }

  private IllegalStateException failed(String operation, int result) {
    return new IllegalStateException(
        "map %s: %s: %s".formatted(name, operation, Libc.describe(result)));
  }
}
