package dev.rastro.daemon.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The capture object as libbpf holds it, loaded with as many of its programs as this kernel takes:
 * a program that is refused is left out and the load tried again, until what remains is too little.
 */
final class LoadedObject implements AutoCloseable {
  private static final Path KERNEL_BTF = Path.of("/sys/kernel/btf/vmlinux");
  private static final int LOG_LINES = 6;

  /** One for each enum phase of maps.bpf.h. */
  private static final int SCRATCHES_PER_CPU = 3;

  // struct bpf_object_open_opts of libbpf 1.1
  private static final int OPTS_BYTES = 80;
  private static final int OPTS_NAME = 8;
  private static final int OPTS_BTF_PATH = 48;

  private static final Pattern REFUSED =
      Pattern.compile("prog '(\\w+)': .*(?:fail|not found|-\\d)");

  private final Pointer object;
  private final List<Program> programs;
  private final List<Degradation> degradations;
  private final int possibleCpus;

  /** A program that the kernel took. */
  record Program(ProgramName name, Pointer pointer) {}

  private LoadedObject(
      Pointer object, List<Program> programs, List<Degradation> degradations, int possibleCpus) {
    this.object = object;
    this.programs = List.copyOf(programs);
    this.degradations = List.copyOf(degradations);
    this.possibleCpus = possibleCpus;
  }

  static LoadedObject load(byte[] elf, CaptureOptions options) throws CaptureException {
    requireBtf(options.btfPath());
    LibbpfLog.install();
    boolean kernelBtf = options.btfPath().equals(KERNEL_BTF);
    ProgramChoice choice = new ProgramChoice(options.attachType(), KernelRelease.running());
    for (ProgramName program : ProgramName.values()) {
      if (program.typed() && !kernelBtf) {
        choice.refuse(program, "the kernel has no BTF of its own");
      }
    }
    // Each attempt but the last leaves out one more program.
    for (int attempt = 0; attempt <= ProgramName.values().length; attempt++) {
      Pointer object = open(elf, options, kernelBtf);
      int cpus = Libbpf.libbpf_num_possible_cpus();
      try {
        size(object, options, cpus);
        List<Program> chosen = choose(object, choice);
        int result = Libbpf.bpf_object__load(object);
        Optional<ProgramName> unfit =
            result == 0 ? unattachable(chosen) : Optional.of(culprit(result, choice));
        if (unfit.isEmpty()) {
          return new LoadedObject(object, chosen, choice.degradations(), cpus);
        }
        choice.refuse(unfit.get(), LibbpfLog.tail(1));
        LibbpfLog.install();
      } catch (CaptureException | RuntimeException e) {
        Libbpf.bpf_object__close(object);
        throw e;
      }
      Libbpf.bpf_object__close(object);
    }
    throw new CaptureException(
        CaptureException.Reason.UNSUPPORTED, "load: the kernel refuses every program", "");
  }

  List<Program> programs() {
    return programs;
  }

  List<Degradation> degradations() {
    return degradations;
  }

  int possibleCpus() {
    return possibleCpus;
  }

  KernelMap map(String name) throws CaptureException {
    return new KernelMap(name, find(object, name));
  }

  @Override
  public void close() {
    Libbpf.bpf_object__close(object);
  }

  private static void requireBtf(Path path) throws CaptureException {
    if (!Files.isReadable(path)) {
      throw new CaptureException(
          CaptureException.Reason.UNSUPPORTED,
          "BTF: %s: %s".formatted(path, Files.exists(path) ? "cannot be read" : "no such file"),
          "Rastro needs the kernel's type information: run a kernel built with"
              + " CONFIG_DEBUG_INFO_BTF=y (Debian 11 and newer, Ubuntu 20.10, RHEL 8.2), or point"
              + " --btf-path at a BTF file made for this very kernel");
    }
  }

  private static Pointer open(byte[] elf, CaptureOptions options, boolean kernelBtf)
      throws CaptureException {
    try (Memory bytes = new Memory(elf.length);
        Memory opts = new Memory(OPTS_BYTES);
        Memory name = text("capture");
        Memory btfPath = text(options.btfPath().toString())) {
      bytes.write(0, elf, 0, elf.length);
      opts.clear();
      opts.setLong(0, OPTS_BYTES);
      opts.setPointer(OPTS_NAME, name);
      if (!kernelBtf) {
        opts.setPointer(OPTS_BTF_PATH, btfPath);
      }
      Pointer object = Libbpf.bpf_object__open_mem(bytes, elf.length, opts);
      if (object == null) {
        throw refusal("open", Native.getLastError());
      }
      return object;
    }
  }

  private static Memory text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    Memory memory = new Memory(bytes.length + 1L);
    memory.write(0, bytes, 0, bytes.length);
    memory.setByte(bytes.length, (byte) 0);
    return memory;
  }

  private static void size(Pointer object, CaptureOptions options, int cpus)
      throws CaptureException {
    int counters = CounterBudget.entries(options.counterBytes(), cpus);
    setEntries(object, "rings", cpus);
    setEntries(object, "processes", options.processEntries());
    setEntries(object, "threads", options.threadEntries());
    setEntries(object, "counters", counters);
    setEntries(object, "errors", counters);
    // All entries in advance: made on need, the kernel refuses new ones to a burst of short-lived
    // processes, as its per-CPU allocator is refilled in the background. The budget bounds them.
    int flags = Libbpf.bpf_map__set_map_flags(find(object, "counters"), 0);
    if (flags < 0) {
      throw refusal("flags of map counters", flags);
    }
    setEntries(object, "scratches", SCRATCHES_PER_CPU * cpus);
    setEntries(object, "filtered", cpus);
  }

  private static void setEntries(Pointer object, String name, int entries) throws CaptureException {
    int result = Libbpf.bpf_map__set_max_entries(find(object, name), entries);
    if (result < 0) {
      throw refusal("size of map " + name, result);
    }
  }

  private static Pointer find(Pointer object, String name) throws CaptureException {
    Pointer map = Libbpf.bpf_object__find_map_by_name(object, name);
    if (map == null) {
      throw new CaptureException(
          CaptureException.Reason.INTERNAL, "the capture object has no map " + name, "");
    }
    return map;
  }

  private static List<Program> choose(Pointer object, ProgramChoice choice) {
    List<Program> chosen = new ArrayList<>();
    for (ProgramName name : ProgramName.values()) {
      Pointer program = Libbpf.bpf_object__find_program_by_name(object, name.symbol());
      if (program == null) {
        continue;
      }
      boolean load = choice.takes(name);
      int unused = Libbpf.bpf_program__set_autoload(program, load ? 1 : 0);
      if (load) {
        chosen.add(new Program(name, program));
      }
    }
    return chosen;
  }

  /**
   * The kernel may take a classic tracepoint's program and still refuse to attach it: this is tried
   * now, when there is another way yet. For that moment it runs and finds that nobody watches.
   */
  private static Optional<ProgramName> unattachable(List<Program> programs) {
    for (Program program : programs) {
      if (program.name().attachType() == AttachType.TRACEPOINT) {
        Pointer link = Libbpf.bpf_program__attach(program.pointer());
        if (link == null) {
          return Optional.of(program.name());
        }
        int unused = Libbpf.bpf_link__destroy(link);
      }
    }
    return Optional.empty();
  }

  /** The program that made the load fail; throws when it was not a program, or one too many. */
  private static ProgramName culprit(int result, ProgramChoice choice) throws CaptureException {
    if (result != -Libc.EPERM) {
      Matcher matcher = REFUSED.matcher(LibbpfLog.text());
      while (matcher.find()) {
        for (ProgramName name : ProgramName.values()) {
          if (name.symbol().equals(matcher.group(1))
              && choice.takes(name)
              && choice.canDoWithout(name)) {
            return name;
          }
        }
      }
    }
    throw refusal("load", result);
  }

  static CaptureException refusal(String step, int error) {
    int number = Math.abs(error);
    String cause = Libc.describe(number);
    if (number == Libc.EPERM || (number == Libc.EACCES && LibbpfLog.text().isEmpty())) {
      return new CaptureException(
          CaptureException.Reason.PRIVILEGE,
          "%s: %s: loading BPF programs needs CAP_BPF and CAP_PERFMON".formatted(step, cause),
          "run rastrod as root, or give it the two capabilities (its systemd unit does)");
    }
    KernelRelease kernel = KernelRelease.running();
    if (kernel.isBefore(KernelRelease.OLDEST)) {
      return new CaptureException(
          CaptureException.Reason.UNSUPPORTED,
          ("%s: %s: Linux %d.%d has no task storage for tracing programs (from 5.11), or no atomic"
                  + " operations in BPF (from 5.12)")
              .formatted(step, cause, kernel.major(), kernel.minor()),
          "run Linux 5.12 or later: Debian 12, Ubuntu 22.04 and RHEL 9 have one");
    }
    String tail = LibbpfLog.tail(LOG_LINES);
    return new CaptureException(
        CaptureException.Reason.UNSUPPORTED,
        step + ": " + cause + (tail.isEmpty() ? "" : ": " + tail),
        Lockdown.isConfidential()
            ? Lockdown.REMEDY
            : "report this with the kernel's version (uname -r)");
  }
}
