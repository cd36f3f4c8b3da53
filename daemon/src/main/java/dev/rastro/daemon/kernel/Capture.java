package dev.rastro.daemon.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.rastro.bpf.CaptureObject;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The capture object in the kernel: loaded once, attached whenever somebody watches. Owned by the
 * drain thread; only {@link #degradations}, {@link #entryTimes}, {@link #tasks} and {@link #wake}
 * are anybody's.
 */
public final class Capture implements AutoCloseable {
  private static final int PROG_INFO_BYTES = 232;
  private static final int PROG_INFO_RECURSION_MISSES = 208;
  private static final List<String> MAPS =
      List.of(
          "rings",
          "plans",
          ".bss.gate",
          "processes",
          "threads",
          "counters",
          "errors",
          "scratches",
          "rules",
          "filtered");

  private final LoadedObject object;
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();
  private final List<KernelMap> maps = new ArrayList<>();
  private final List<Pointer> links = new ArrayList<>();
  private final List<LoadedObject.Program> attached = new ArrayList<>();
  private Optional<Pointer> blockedLink = Optional.empty();
  private final List<Degradation> degradations;
  private final Memory info = new Memory(PROG_INFO_BYTES);
  private final Memory infoLength = new Memory(Integer.BYTES);
  private final KernelMap plans;
  private final ControlPage control;
  private final RingMaps ringMaps;
  private final Rings rings;
  private final Targets targets;
  private final CounterMap counters;
  private final CounterMap errors;
  private final Rules rules;
  private final FilteredCalls filtered;
  private final Doorbell doorbell;
  private final EntryTimes entryTimes;
  private final TaskList tasks;

  private Capture(LoadedObject object, CaptureOptions options) throws CaptureException {
    this.object = object;
    this.degradations = new ArrayList<>(object.degradations());
    for (String name : MAPS) {
      maps.add(object.map(name));
    }
    plans = map("plans");
    KernelMap bss = object.map(".bss");
    control = new ControlPage(mapped("control page", bss.fd(), 0, bss.valueBytes(), true));
    ByteBuffer gate = mapped("gate", map(".bss.gate").fd(), 0, Targets.GATE_WORDS * 8L, true);
    targets = new Targets(gate, map("processes"), map("threads"));
    counters = new CounterMap(map("counters"), object.possibleCpus());
    errors = new CounterMap(map("errors"), 1);
    rules = new Rules(map("rules"));
    long filteredBytes = FilteredCalls.bytes(object.possibleCpus());
    filtered =
        new FilteredCalls(mapped("filters' counts", map("filtered").fd(), 0, filteredBytes, false));
    ringMaps = RingMaps.create(map("rings"), options.ringBytes());
    resources.push(ringMaps);
    rings = ringMaps.map();
    doorbell = Doorbell.open(ringMaps.fds());
    resources.push(doorbell);
    entryTimes = new EntryTimes(object.map("stashes"));
    resources.push(entryTimes);
    tasks =
        new TaskList(
            object.programs().stream()
                .filter(program -> program.name() == ProgramName.LIST_TASKS)
                .map(LoadedObject.Program::pointer)
                .findFirst());
    resources.push(tasks);
    control.setSelf(ProcFs.self());
    control.setTailNames(options.tailNames());
    control.setPageShift(Long.numberOfTrailingZeros(Libc.sysconf(Libc.SC_PAGESIZE)));
  }

  /**
   * As {@link #open(byte[], CaptureOptions)}, with the object that is best on this kernel. Where it
   * should take the one that pages in and refuses, there is one degradation more.
   */
  public static Capture open(CaptureOptions options) throws CaptureException {
    KernelRelease kernel = KernelRelease.running();
    if (!kernel.hasTaskWork()) {
      return open(CaptureObject.read(), options);
    }
    try {
      return open(CaptureObject.readPagingIn(kernel.major()), options);
    } catch (CaptureException refusal) {
      Capture capture = open(CaptureObject.read(), options);
      capture.degrade(
          new Degradation(
              "what arguments point to, where that is in memory that is not resident",
              String.valueOf(refusal.getMessage()),
              "report this with the kernel's version (uname -r)"));
      return capture;
    }
  }

  /**
   * Opens the object, sizes its maps, loads it and maps what is shared. Attaches nothing.
   *
   * @param elf the capture object
   * @throws CaptureException with the step, the cause and the remedy
   */
  public static Capture open(byte[] elf, CaptureOptions options) throws CaptureException {
    LoadedObject object;
    try {
      object = LoadedObject.load(elf, options);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
      throw new CaptureException(
          CaptureException.Reason.MISSING_LIBRARY,
          "%s: cannot be loaded: %s".formatted(Libbpf.SONAME, e.getMessage()),
          "install libbpf 1.x (Debian and Ubuntu: apt install libbpf1)");
    }
    try {
      return new Capture(object, options);
    } catch (CaptureException | RuntimeException e) {
      object.close();
      throw e;
    }
  }

  /** Writes what to capture of one syscall slot: an encoded struct rastro_plan, and its flags. */
  public void setPlan(int slot, int captureFlags, ByteBuffer plan) {
    plans.key().putInt(0, slot);
    plans.value().put(0, plan, plan.position(), plans.valueBytes());
    plans.update();
    control.setCapture(slot, captureFlags);
  }

  /**
   * Attaches every program but those that run when asked to, and {@link #attachBlocked}'s. Without
   * one that is needed nothing stays attached; without one that is dispensable there is one more
   * degradation.
   */
  public void attach() throws CaptureException {
    for (LoadedObject.Program program : object.programs()) {
      if (program.name() == ProgramName.CALL_BLOCKED || !program.name().isOnEvents()) {
        continue;
      }
      Optional<Pointer> link = link(program);
      link.ifPresent(links::add);
      if (link.isEmpty()) {
        CaptureException refusal = refusedAttach(program);
        if (program.name().ofSyscalls()) {
          detach();
          throw refusal;
        }
        degrade(program, refusal);
      }
    }
  }

  /**
   * Attaches the program that tells of calls that block; it runs at every switch of tasks on the
   * machine. Does nothing if it is attached; where it is refused there is one more degradation.
   */
  public void attachBlocked() {
    for (LoadedObject.Program program : object.programs()) {
      if (program.name() == ProgramName.CALL_BLOCKED && blockedLink.isEmpty()) {
        blockedLink = link(program);
        if (blockedLink.isEmpty()) {
          degrade(program, refusedAttach(program));
        }
      }
    }
  }

  /**
   * Has the rules look at every process that is there. To be followed by {@link
   * ControlPage#bumpEpoch}. Where it is refused there is one more degradation.
   */
  public void chooseExisting() {
    for (LoadedObject.Program program : object.programs()) {
      if (program.name() == ProgramName.CHOOSE_EXISTING) {
        Optional<Pointer> link = link(program);
        if (link.isEmpty() || !runOverTasks(link.get())) {
          degrade(program, refusedAttach(program));
        }
        link.ifPresent(Libbpf::bpf_link__destroy);
        attached.remove(program);
      }
    }
  }

  /** Reads the iterator to its end, which is what runs it. */
  private static boolean runOverTasks(Pointer link) {
    int iterator = Libbpf.bpf_iter_create(Libbpf.bpf_link__fd(link));
    if (iterator < 0) {
      return false;
    }
    try (Memory nothing = new Memory(8)) {
      return Libc.read(iterator, nothing, nothing.size()) == 0;
    } finally {
      int unused = Libc.close(iterator);
    }
  }

  /** Nobody wants to hear of calls that block any more. */
  public void detachBlocked() {
    blockedLink.ifPresent(Libbpf::bpf_link__destroy);
    blockedLink = Optional.empty();
    attached.removeIf(program -> program.name() == ProgramName.CALL_BLOCKED);
  }

  private Optional<Pointer> link(LoadedObject.Program program) {
    Optional<Pointer> link = Optional.ofNullable(Libbpf.bpf_program__attach(program.pointer()));
    if (link.isPresent()) {
      attached.add(program);
    }
    return link;
  }

  private static CaptureException refusedAttach(LoadedObject.Program program) {
    return LoadedObject.refusal("attach " + program.name().symbol(), Native.getLastError());
  }

  private void degrade(LoadedObject.Program program, CaptureException refusal) {
    degrade(
        new Degradation(
            program.name().loss(), String.valueOf(refusal.getMessage()), program.name().remedy()));
  }

  private void degrade(Degradation degradation) {
    synchronized (degradations) {
      if (!degradations.contains(degradation)) {
        degradations.add(degradation);
      }
    }
  }

  /** From here on the machine pays nothing. */
  public void detach() {
    detachBlocked();
    for (Pointer link : links) {
      Libbpf.bpf_link__destroy(link);
    }
    links.clear();
    attached.clear();
  }

  public boolean attached() {
    return !links.isEmpty();
  }

  public Rings rings() {
    return rings;
  }

  public ControlPage control() {
    return control;
  }

  public Targets targets() {
    return targets;
  }

  public Rules rules() {
    return rules;
  }

  public FilteredCalls filtered() {
    return filtered;
  }

  /** Map "counters": keys struct rastro_counter_key, values struct rastro_counter. */
  public CounterMap counters() {
    return counters;
  }

  /** Map "errors": keys struct rastro_error_key, values one u64. */
  public CounterMap errors() {
    return errors;
  }

  /** Waits without asking the kernel to ring: records do not wake, {@link #wake} does. */
  public void rest(int timeoutMillis) {
    doorbell.await(timeoutMillis);
  }

  /**
   * Waits for a record, {@link #wake} or the end of the time. Returns at once if there is a record.
   * To be used only after the rings were empty for a while: arming makes the traced program pay for
   * the wake-up.
   */
  public void awaitRecord(int timeoutMillis) {
    control.arm();
    if (rings.isEmpty()) {
      doorbell.await(timeoutMillis);
    }
    control.disarm();
  }

  /** Ends the drain thread's wait. Any thread. */
  public void wake() {
    doorbell.ring();
  }

  /** Since when tasks are inside their calls. Any thread. */
  public EntryTimes entryTimes() {
    return entryTimes;
  }

  /** What processes are doing. Any thread. */
  public TaskList tasks() {
    return tasks;
  }

  /** What this kernel cannot give. Any thread. */
  public List<Degradation> degradations() {
    synchronized (degradations) {
      return List.copyOf(degradations);
    }
  }

  /** The programs that were loaded, and how often the kernel skipped them. */
  public List<ProgramStatus> programs() {
    List<ProgramStatus> status = new ArrayList<>();
    for (LoadedObject.Program program : object.programs()) {
      String attachType = attached.contains(program) ? program.name().attachType().text() : "";
      status.add(
          new ProgramStatus(
              program.name().symbol(),
              attachType,
              missedRuns(Libbpf.bpf_program__fd(program.pointer()))));
    }
    return status;
  }

  /** How often the kernel's recursion guard skipped any of the programs since the load. */
  public long missedRuns() {
    long sum = 0;
    for (LoadedObject.Program program : object.programs()) {
      sum += missedRuns(Libbpf.bpf_program__fd(program.pointer()));
    }
    return sum;
  }

  /** Memory of all maps, as the kernel accounts it. */
  public long mapMemoryBytes() {
    long sum = ringMaps.memoryBytes();
    for (KernelMap map : maps) {
      sum += map.memoryBytes();
    }
    return sum;
  }

  /** Frees everything; the programs are detached first. */
  @Override
  public void close() {
    detach();
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    object.close();
  }

  private KernelMap map(String name) {
    return maps.get(MAPS.indexOf(name));
  }

  private ByteBuffer mapped(String what, int fd, long offset, long bytes, boolean writable)
      throws CaptureException {
    Mapping mapping = Mapping.map(what, fd, offset, bytes, writable);
    resources.push(mapping);
    return mapping.buffer();
  }

  private long missedRuns(int fd) {
    info.clear();
    infoLength.setInt(0, PROG_INFO_BYTES);
    int result = Libbpf.bpf_obj_get_info_by_fd(fd, info, infoLength);
    return result < 0 ? 0 : info.getLong(PROG_INFO_RECURSION_MISSES);
  }
}
