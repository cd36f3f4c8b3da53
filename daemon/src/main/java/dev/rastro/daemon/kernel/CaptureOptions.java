package dev.rastro.daemon.kernel;

import dev.rastro.syscalls.record.RecordLayout;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How much memory the capture may take, and where the kernel's types are.
 *
 * @param ringBytes of all rings together; a power of two; the kernel makes each a page at least
 * @param counterBytes least budget of the per-CPU counter map, over all CPUs; it grows with them
 * @param processEntries processes that may be targets at once, followed children included
 * @param threadEntries single threads that may be targets at once
 * @param btfPath the running kernel's BTF
 * @param attachType the way into system calls, one of {@link AttachType#OF_SYSCALLS}; empty for the
 *     one that suits the kernel
 * @param tailNames how many names, from the last, are told of the path of each file whose data a
 *     call moves; 0 for none. They are for the daemon, not for its clients
 */
public record CaptureOptions(
    int ringBytes,
    long counterBytes,
    int processEntries,
    int threadEntries,
    Path btfPath,
    Optional<AttachType> attachType,
    int tailNames) {
  public static final int DEFAULT_RING_BYTES = 8 << 20;
  public static final long DEFAULT_COUNTER_BYTES = 32L << 20;
  public static final int DEFAULT_PROCESS_ENTRIES = 65_536;
  public static final int DEFAULT_THREAD_ENTRIES = 4_096;
  public static final Path DEFAULT_BTF_PATH = Path.of("/sys/kernel/btf/vmlinux");

  public static final int LARGEST_RING_BYTES = 512 << 20;
  private static final int SMALLEST_RING_BYTES = 4096;

  public CaptureOptions {
    if (Integer.bitCount(ringBytes) != 1
        || ringBytes < SMALLEST_RING_BYTES
        || ringBytes > LARGEST_RING_BYTES) {
      throw new IllegalArgumentException(
          "ring size: %d is not a power of two from %d to %d"
              .formatted(ringBytes, SMALLEST_RING_BYTES, LARGEST_RING_BYTES));
    }
    requirePositive("counter budget", counterBytes);
    requirePositive("process entries", processEntries);
    requirePositive("thread entries", threadEntries);
    if (tailNames < 0 || tailNames > RecordLayout.TAIL_NAMES) {
      throw new IllegalArgumentException(
          "names of a path: %d, at most %d are told".formatted(tailNames, RecordLayout.TAIL_NAMES));
    }
  }

  public static CaptureOptions defaults() {
    return new CaptureOptions(
        DEFAULT_RING_BYTES,
        DEFAULT_COUNTER_BYTES,
        DEFAULT_PROCESS_ENTRIES,
        DEFAULT_THREAD_ENTRIES,
        DEFAULT_BTF_PATH,
        Optional.empty(),
        0);
  }

  public CaptureOptions withRingBytes(int bytes) {
    return new CaptureOptions(
        bytes, counterBytes, processEntries, threadEntries, btfPath, attachType, tailNames);
  }

  public CaptureOptions withBtfPath(Path path) {
    return new CaptureOptions(
        ringBytes, counterBytes, processEntries, threadEntries, path, attachType, tailNames);
  }

  public CaptureOptions withAttachType(Optional<AttachType> type) {
    return new CaptureOptions(
        ringBytes, counterBytes, processEntries, threadEntries, btfPath, type, tailNames);
  }

  public CaptureOptions withTailNames(int names) {
    return new CaptureOptions(
        ringBytes, counterBytes, processEntries, threadEntries, btfPath, attachType, names);
  }

  private static void requirePositive(String what, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException("%s: %d is not positive".formatted(what, value));
    }
  }
}
