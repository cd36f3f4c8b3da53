package dev.rastro.client.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What any account can see of the machine. */
public final class MachineChecks {
  /** Task storage for tracing programs, and atomic operations in BPF. */
  private static final Version OLDEST_KERNEL = new Version(5, 12);

  private static final Version OLDEST_LIBBPF = new Version(1, 1);
  private static final String BTF = "sys/kernel/btf/vmlinux";
  private static final String LOCKDOWN = "sys/kernel/security/lockdown";
  private static final String CLOCK = "sys/devices/system/clocksource/clocksource0/";
  private static final List<String> LIBRARY_FOLDERS =
      List.of("usr/lib", "usr/lib64", "lib", "lib64");

  /** Clocks that are read without leaving the processor. */
  private static final List<String> QUICK_CLOCKS =
      List.of("tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "arch_sys_counter");

  private static final Pattern LOCKED = Pattern.compile("\\[(\\w+)]");
  private static final Pattern PROC_OPTIONS = Pattern.compile("(?m)^\\S+ /proc proc (\\S+)");
  private static final Pattern HIDEPID = Pattern.compile("hidepid=(\\w+)");
  private static final Pattern CGROUP2 = Pattern.compile("(?m)^\\S+ (\\S+) cgroup2 ");

  /** PROC_PID_INIT_INO of the kernel. */
  private static final String FIRST_PID_NAMESPACE = "pid:[4026531836]";

  private final MachineFiles files;

  private MachineChecks(MachineFiles files) {
    this.files = files;
  }

  /**
   * @param root of the machine; {@code /}
   */
  public static List<Finding> of(Path root) {
    MachineChecks checks = new MachineChecks(new MachineFiles(root));
    return List.of(
        checks.kernel(),
        checks.btf(),
        checks.lockdown(),
        checks.compiler(),
        checks.paranoia(),
        checks.lockedMemory(),
        checks.libbpf(),
        checks.clock(),
        checks.proc(),
        checks.ptrace(),
        checks.pidNamespace(),
        checks.cgroups());
  }

  private Finding kernel() {
    String release = files.text("proc/sys/kernel/osrelease").orElse("");
    Optional<Version> version = Version.in(release);
    if (version.isEmpty()) {
      return Finding.problem("kernel", "/proc tells no release", "mount /proc");
    }
    return version.get().compareTo(OLDEST_KERNEL) >= 0
        ? Finding.ok("kernel", release + "; " + OLDEST_KERNEL + " is the oldest that will do")
        : Finding.problem(
            "kernel",
            release + " is older than " + OLDEST_KERNEL,
            "run a newer kernel: Debian 12 has 6.1, Ubuntu 22.04 has 5.15");
  }

  private Finding btf() {
    if (files.isReadable(BTF)) {
      return Finding.ok("BTF", "the kernel tells its types in /" + BTF);
    }
    return Finding.problem(
        "BTF",
        "/" + BTF + (files.exists(BTF) ? " cannot be read" : " is not there"),
        "run a kernel built with CONFIG_DEBUG_INFO_BTF=y, or give rastrod --btf-path a BTF file made"
            + " for this very kernel");
  }

  private Finding lockdown() {
    String mode = files.match(LOCKDOWN, LOCKED).orElse("none");
    return mode.equals("confidentiality")
        ? Finding.problem(
            "lockdown",
            "confidentiality: the kernel lets no program read its memory",
            "boot with lockdown=integrity or without lockdown; it cannot be lifted while running")
        : Finding.ok("lockdown", mode + ": BPF programs may read the kernel's memory");
  }

  private Finding compiler() {
    String mode = files.text("proc/sys/net/core/bpf_jit_enable").orElse("1");
    return mode.equals("0")
        ? Finding.note(
            "BPF compiler",
            "off: programs are interpreted, and each traced call costs several times as much",
            "sysctl net.core.bpf_jit_enable=1")
        : Finding.ok("BPF compiler", "on");
  }

  /** Of use to those who give the daemon less than its unit does. */
  private Finding paranoia() {
    String level = files.text("proc/sys/kernel/perf_event_paranoid").orElse("");
    return level.isEmpty()
        ? Finding.note(
            "perf events",
            "the kernel has none: classic tracepoints are not to be had",
            "none needed, unless rastrod says that it wants them")
        : Finding.ok(
            "perf events",
            "perf_event_paranoid is "
                + level
                + ": CAP_PERFMON is enough for all but classic tracepoints");
  }

  private Finding lockedMemory() {
    Version counted = new Version(5, 11);
    boolean limited =
        files
            .text("proc/sys/kernel/osrelease")
            .flatMap(Version::in)
            .map(version -> version.compareTo(counted) < 0)
            .orElse(false);
    return limited
        ? Finding.note(
            "locked memory",
            "this kernel counts BPF maps as locked memory",
            "give rastrod LimitMEMLOCK=infinity, as its unit does")
        : Finding.ok("locked memory", "no limit: BPF maps count as memory of the daemon's cgroup");
  }

  private Finding libbpf() {
    Optional<Path> library =
        Stream.concat(
                LIBRARY_FOLDERS.stream(),
                LIBRARY_FOLDERS.stream()
                    .flatMap(
                        folder ->
                            Stream.of(folder + "/x86_64-linux-gnu", folder + "/aarch64-linux-gnu")))
            .flatMap(folder -> files.find(folder, "libbpf.so.1").stream())
            .findFirst();
    if (library.isEmpty()) {
      return Finding.problem(
          "libbpf", "libbpf.so.1 is not there", "apt-get install libbpf1 (1.1 or later)");
    }
    String name = library.get().getFileName().toString();
    Optional<Version> version = Version.in(name);
    return version.filter(found -> found.compareTo(OLDEST_LIBBPF) < 0).isPresent()
        ? Finding.problem(
            "libbpf",
            library.get() + " is older than " + OLDEST_LIBBPF,
            "install libbpf 1.1 or later")
        : Finding.ok("libbpf", library.get().toString());
  }

  private Finding clock() {
    String clock = files.text(CLOCK + "current_clocksource").orElse("unknown");
    return QUICK_CLOCKS.contains(clock) || clock.equals("unknown")
        ? Finding.ok("clock", clock)
        : Finding.note(
            "clock",
            clock + " is slow to read, and each traced call reads it twice",
            "boot with clocksource=tsc, if the processor's clock can be trusted; there are: "
                + files.text(CLOCK + "available_clocksource").orElse(clock));
  }

  private Finding proc() {
    Optional<String> hidden =
        files
            .match("proc/self/mounts", PROC_OPTIONS)
            .flatMap(
                options -> {
                  var matcher = HIDEPID.matcher(options);
                  return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
                })
            .filter(mode -> !mode.equals("0") && !mode.equals("off"));
    return hidden
        .map(
            mode ->
                Finding.note(
                    "/proc",
                    "mounted with hidepid="
                        + mode
                        + ": a daemon without CAP_SYS_PTRACE sees nobody",
                    "none needed for the service, which has it"))
        .orElseGet(() -> Finding.ok("/proc", "shows every process"));
  }

  private Finding ptrace() {
    String scope = files.text("proc/sys/kernel/yama/ptrace_scope").orElse("0");
    return scope.equals("3")
        ? Finding.note(
            "ptrace",
            "yama.ptrace_scope is 3: nobody may read another's memory, so that rastro stuck shows"
                + " pointers as addresses",
            "boot with a lower scope; it cannot be lowered while running")
        : Finding.ok("ptrace", "yama.ptrace_scope is " + scope + ": the daemon may read memory");
  }

  private Finding pidNamespace() {
    String namespace = files.link("proc/self/ns/pid").orElse(FIRST_PID_NAMESPACE);
    return namespace.equals(FIRST_PID_NAMESPACE)
        ? Finding.ok("process ids", "those of the machine")
        : Finding.note(
            "process ids",
            "this is a container with process ids of its own, and BPF knows the machine's alone",
            "share the machine's (docker: --pid host, Kubernetes: hostPID: true), or choose"
                + " processes by --ns-pid, --container or --cgroup");
  }

  private Finding cgroups() {
    return files
        .match("proc/self/mounts", CGROUP2)
        .map(place -> Finding.ok("cgroups", "version 2 is mounted at " + place))
        .orElseGet(
            () ->
                Finding.note(
                    "cgroups",
                    "version 2 is not mounted: --cgroup, --unit and --container find nobody",
                    "mount -t cgroup2 none /sys/fs/cgroup/unified"));
  }
}
