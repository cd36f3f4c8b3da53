package dev.rastro.daemon.host;

import dev.rastro.daemon.host.ProcessFacts.Memory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The processes of this machine, out of {@code /proc}. Blocks on file reads; any thread. */
public final class HostProcesses {

  /** Of a command line: what is longer is cut. */
  private static final int MAX_COMMAND_LINE_BYTES = 4096;

  /** Of /proc/PID/maps, searched for the heap, which stands near its beginning. */
  private static final int MAX_MAPS_BYTES = 1 << 20;

  private static final long KIB = 1024;

  private final Path proc;
  private final Users users;

  public HostProcesses() {
    this(Path.of("/proc"), new Users());
  }

  HostProcesses(Path proc, Users users) {
    this.proc = proc;
    this.users = users;
  }

  public boolean exists(int pid) {
    return Files.exists(proc.resolve(Integer.toString(pid)).resolve("stat"));
  }

  /** All processes, by pid ascending. */
  public List<ProcessFacts> all() {
    return of(pids());
  }

  /** The ids of all processes, ascending. */
  public List<Integer> pids() {
    List<Integer> pids = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(proc, path -> isNumber(path.getFileName().toString()))) {
      entries.forEach(path -> pids.add(Integer.valueOf(path.getFileName().toString())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pids.sort(Integer::compare);
    return pids;
  }

  /** Those of the given processes that are there. */
  public List<ProcessFacts> of(Collection<Integer> pids) {
    Listeners listeners = new Listeners();
    Map<Integer, String> names = users.names();
    List<ProcessFacts> found = new ArrayList<>(pids.size());
    for (int pid : pids) {
      read(pid, names, listeners).ifPresent(found::add);
    }
    return found;
  }

  /** CLOCK_BOOTTIME at the start of a process, in ticks. */
  public Optional<Long> startTicks(int pid) {
    return ProcFiles.read(directory(pid).resolve("stat"))
        .map(stat -> Long.parseLong(afterName(stat)[START_TICKS]));
  }

  /** The threads of a process; empty when it is gone. */
  public List<Integer> threads(int pid) {
    return numbersIn(directory(pid).resolve("task"));
  }

  private static List<Integer> numbersIn(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(path -> path.getFileName().toString())
          .filter(HostProcesses::isNumber)
          .map(Integer::valueOf)
          .toList();
    } catch (IOException | UncheckedIOException gone) {
      return List.of();
    }
  }

  /** Fields of /proc/PID/stat behind the name, counted from the state: see proc(5). */
  private static final int PARENT = 1;

  private static final int FLAGS = 6;
  private static final int THREADS = 17;
  private static final int START_TICKS = 19;

  /** PF_KTHREAD of include/linux/sched.h. */
  private static final long KERNEL_THREAD = 0x0020_0000;

  private Optional<ProcessFacts> read(int pid, Map<Integer, String> names, Listeners listeners) {
    Path directory = directory(pid);
    Optional<String> stat = ProcFiles.read(directory.resolve("stat"));
    Optional<String> status = ProcFiles.read(directory.resolve("status"));
    if (stat.isEmpty() || status.isEmpty() || stat.get().isEmpty()) {
      return Optional.empty();
    }
    String[] fields = afterName(stat.get());
    String name = stat.get().substring(stat.get().indexOf('(') + 1, stat.get().lastIndexOf(')'));
    Map<String, String> lines = fieldsOf(status.get());
    int uid = Integer.parseUnsignedInt(firstWord(lines.getOrDefault("Uid", "0")));
    return Optional.of(
        new ProcessFacts(
            pid,
            Integer.parseInt(fields[PARENT]),
            namespacePid(lines, pid),
            uid,
            names.getOrDefault(uid, Integer.toUnsignedString(uid)),
            name,
            commandLine(directory, name),
            fields[0].charAt(0),
            Integer.parseInt(fields[THREADS]),
            (Long.parseLong(fields[FLAGS]) & KERNEL_THREAD) != 0,
            Long.parseLong(fields[START_TICKS]),
            memory(directory, lines),
            listeners.of(directory)));
  }

  private Path directory(int pid) {
    return proc.resolve(Integer.toString(pid));
  }

  /** A name may hold blanks and parentheses: what counts stands behind the last of them. */
  private static String[] afterName(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 2).trim().split(" ", -1);
  }

  private static int namespacePid(Map<String, String> lines, int pid) {
    String[] pids = lines.getOrDefault("NSpid", Integer.toString(pid)).split("\\s+", -1);
    return Integer.parseInt(pids[pids.length - 1]);
  }

  private static String commandLine(Path directory, String name) {
    String arguments =
        ProcFiles.read(directory.resolve("cmdline"), MAX_COMMAND_LINE_BYTES)
            .map(text -> text.replace('\0', ' ').strip())
            .orElse("");
    return arguments.isEmpty() ? "[" + name + "]" : arguments;
  }

  private static Memory memory(Path directory, Map<String, String> lines) {
    return new Memory(
        kibibytes(lines, "VmRSS"),
        kibibytes(lines, "VmExe"),
        kibibytes(lines, "VmData"),
        kibibytes(lines, "VmStk"),
        kibibytes(lines, "VmSize"),
        heapBytes(directory));
  }

  private static long kibibytes(Map<String, String> lines, String field) {
    return Long.parseLong(firstWord(lines.getOrDefault(field, "0"))) * KIB;
  }

  private static long heapBytes(Path directory) {
    return ProcFiles.read(directory.resolve("maps"), MAX_MAPS_BYTES)
        .flatMap(maps -> maps.lines().filter(line -> line.endsWith("[heap]")).findFirst())
        .map(
            line -> {
              int dash = line.indexOf('-');
              long from = Long.parseUnsignedLong(line.substring(0, dash), 16);
              long to = Long.parseUnsignedLong(line.substring(dash + 1, line.indexOf(' ')), 16);
              return to - from;
            })
        .orElse(0L);
  }

  private static Map<String, String> fieldsOf(String status) {
    Map<String, String> fields = new HashMap<>();
    for (String line : status.split("\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return fields;
  }

  private static String firstWord(String text) {
    return Arrays.stream(text.split("\\s+", 2)).findFirst().orElse("0");
  }

  private static boolean isNumber(String name) {
    return !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
