package dev.rastro.client.doctor;

import dev.rastro.v1.Caller;
import dev.rastro.v1.Degradation;
import dev.rastro.v1.GetStatusResponse;
import dev.rastro.v1.Loss;
import dev.rastro.v1.LossCount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a running daemon tells of itself. */
public final class DaemonChecks {
  /** A ring and maps that take more of the machine than this are worth a word. */
  private static final int LARGE_SHARE = 16;

  private static final Pattern MEMORY = Pattern.compile("(?m)^MemTotal:\\s+(\\d+) kB");

  /** What is missing without a capability. */
  private static final Map<String, String> NEEDED =
      Map.of(
          "CAP_SYS_PTRACE",
          "executables, descriptors and memory of other users' processes cannot be seen",
          "CAP_DAC_READ_SEARCH",
          "descriptors of other users' processes cannot be listed");

  private final GetStatusResponse status;
  private final List<Finding> findings = new ArrayList<>();

  private DaemonChecks(GetStatusResponse status) {
    this.status = status;
  }

  /**
   * @param clientVersion to be compared with the daemon's
   * @param root of the machine; {@code /}
   */
  public static List<Finding> of(GetStatusResponse status, String clientVersion, Path root) {
    DaemonChecks checks = new DaemonChecks(status);
    checks.version(clientVersion);
    checks.access();
    checks.capabilities();
    checks.degradations();
    checks.memory(new MachineFiles(root));
    checks.losses();
    return List.copyOf(checks.findings);
  }

  private void version(String clientVersion) {
    String version = status.getVersion();
    findings.add(
        version.equals(clientVersion)
            ? Finding.ok("daemon", "rastrod " + version + " on " + status.getHostname())
            : Finding.note(
                "daemon",
                "rastrod " + version + ", and this is rastro " + clientVersion,
                "install the same on both sides, or start rastrod anew if it was upgraded"));
  }

  /** Whom the daemon takes us for, which is why something may be missing in what follows. */
  private void access() {
    if (status.hasCaller()) {
      Caller caller = status.getCaller();
      findings.add(
          Finding.ok(
              "access",
              "%s: names and figures of %s, all that is captured of %s"
                  .formatted(caller.getName(), caller.getFiguresOf(), caller.getAllOf())));
    }
  }

  private void capabilities() {
    if (status.getCapabilitiesList().contains("CAP_SYS_ADMIN")) {
      findings.add(Finding.ok("capabilities", "the daemon is as good as root"));
      return;
    }
    List<String> has = status.getCapabilitiesList();
    NEEDED.keySet().stream()
        .sorted()
        .filter(name -> !has.contains(name))
        .forEach(
            name ->
                findings.add(
                    Finding.note(
                        "capabilities",
                        "the daemon lacks " + name + ": " + NEEDED.get(name),
                        "give it AmbientCapabilities=" + name + ", as its unit does")));
    if (has.containsAll(NEEDED.keySet())) {
      findings.add(Finding.ok("capabilities", String.join(" ", has)));
    }
  }

  private void degradations() {
    for (Degradation lack : status.getDegradationsList()) {
      findings.add(
          Finding.note(
              "programs", "without " + lack.getWhat() + ": " + lack.getCause(), lack.getRemedy()));
    }
    if (status.getDegradationsCount() == 0) {
      findings.add(Finding.ok("programs", "the kernel took every one"));
    }
  }

  private void memory(MachineFiles files) {
    long total = files.match("proc/meminfo", MEMORY).map(Long::parseLong).orElse(0L) << 10;
    long ring = status.getRing().getCapacityBytes();
    long kernel = status.getCost().getKernelMapBytes();
    String says = "%d MiB of ring, %d MiB of maps in all".formatted(ring >> 20, kernel >> 20);
    findings.add(
        total > 0 && kernel > total / LARGE_SHARE
            ? Finding.note(
                "memory",
                says + ", of the machine's " + (total >> 20) + " MiB",
                "give rastrod a smaller --ring-bytes, if memory is short")
            : Finding.ok("memory", says));
  }

  private void losses() {
    long ring =
        status.getLedger().getLostList().stream()
            .filter(lost -> lost.getCause() == Loss.LOSS_RING_FULL)
            .mapToLong(LossCount::getCount)
            .sum();
    findings.add(
        ring == 0
            ? Finding.ok("losses", "the ring never overflowed")
            : Finding.note(
                "losses",
                ring + " events did not fit the ring since the daemon's start",
                "give rastrod a larger --ring-bytes, or ask for fewer calls (-e trace=...)"));
  }
}
