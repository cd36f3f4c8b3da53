package dev.rastro.daemon.host;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Facts of the machine that do not change while it is up, and this process's own size. */
public final class Host {

  private static final Path PROC = Path.of("/proc");

  /** By the numbers of linux/capability.h. */
  private static final Map<String, Integer> USEFUL_CAPABILITIES =
      Map.of(
          "CAP_DAC_READ_SEARCH", 2,
          "CAP_SYS_PTRACE", 19,
          "CAP_SYS_ADMIN", 21,
          "CAP_PERFMON", 38,
          "CAP_BPF", 39);

  private Host() {}

  public static String bootId() {
    return line("sys/kernel/random/boot_id");
  }

  public static String name() {
    return line("sys/kernel/hostname");
  }

  public static String kernelRelease() {
    return line("sys/kernel/osrelease");
  }

  /**
   * CLOCK_REALTIME minus CLOCK_MONOTONIC. HotSpot's {@code nanoTime} is CLOCK_MONOTONIC on Linux.
   */
  public static long realtimeOffsetNanos() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - System.nanoTime();
  }

  /** CLOCK_REALTIME at boot, in seconds: the {@code btime} of /proc/stat. */
  public static long bootUnixSeconds() {
    return ProcFiles.read(PROC.resolve("stat"))
        .flatMap(stat -> stat.lines().filter(line -> line.startsWith("btime ")).findFirst())
        .map(line -> Long.parseLong(line.substring("btime ".length()).strip()))
        .orElse(0L);
  }

  /** Of this process. */
  public static long residentBytes() {
    return field("self/status", "VmRSS:").map(kib -> kib * 1024).orElse(0L);
  }

  /** The names of those capabilities that tracing and {@code /proc} need and this process has. */
  public static List<String> capabilities() {
    return USEFUL_CAPABILITIES.entrySet().stream()
        .filter(entry -> hasCapability(entry.getValue()))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Whom this process runs as. */
  public static int effectiveUser() {
    return ProcFiles.read(PROC.resolve("self/status"))
        .flatMap(status -> status.lines().filter(line -> line.startsWith("Uid:")).findFirst())
        .map(line -> Integer.parseUnsignedInt(line.split("\\s+", 4)[2]))
        .orElse(0);
  }

  /** CAP_x of this process's effective set. */
  public static boolean hasCapability(int number) {
    return ProcFiles.read(PROC.resolve("self/status"))
        .flatMap(status -> status.lines().filter(line -> line.startsWith("CapEff:")).findFirst())
        .map(line -> Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16))
        .map(set -> (set >>> number & 1) != 0)
        .orElse(false);
  }

  private static Optional<Long> field(String file, String name) {
    return ProcFiles.read(PROC.resolve(file))
        .flatMap(text -> text.lines().filter(line -> line.startsWith(name)).findFirst())
        .map(line -> Long.parseLong(line.substring(name.length()).strip().split("\\s+", 2)[0]));
  }

  private static String line(String file) {
    return ProcFiles.read(PROC.resolve(file)).map(String::strip).orElse("");
  }
}
