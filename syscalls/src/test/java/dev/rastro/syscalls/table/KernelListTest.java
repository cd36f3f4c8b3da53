package dev.rastro.syscalls.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table against what the kernel itself says: its headers and, where mounted, its tracefs. */
final class KernelListTest {
  private static final Path FORMATS = Path.of("/sys/kernel/tracing/events/syscalls");

  private static final int MISSING = -1;

  private static final Pattern NUMBER = Pattern.compile("#define __NR_(\\w+)\\s+(\\d+)");
  private static final Pattern FIELD =
      Pattern.compile("\\sfield:[^;]*?(\\w+);\\s*offset:(\\d+);\\s*size:\\d+;\\s*signed:[01];");
  private static final Pattern ID = Pattern.compile("name: sys_enter_(\\w+)");

  /** Tracefs uses the kernel's own names, which are not always those of the header. */
  private static final Map<String, String> HEADER_NAMES =
      Map.of(
          "newstat", "stat",
          "newlstat", "lstat",
          "newfstat", "fstat",
          "newuname", "uname",
          "sendfile64", "sendfile",
          "umount", "umount2");

  private final SyscallTable table = SyscallTable.load(Architecture.X86_64);

  @Test
  void everyNumberOfTheInstalledHeaderIsInTheTable() throws IOException {
    List<Path> candidates =
        List.of(
            Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
            Path.of("/usr/include/asm/unistd_64.h"),
            Path.of("/usr/x86_64-linux-gnu/include/asm/unistd_64.h"));
    Path header =
        candidates.stream()
            .filter(Files::exists)
            .findFirst()
            .orElseThrow(
                () ->
                    new AssertionError(
                        "asm/unistd_64.h is not installed; apt-get install linux-libc-dev"));
    Map<String, Integer> theirs = new TreeMap<>();
    Matcher matcher = NUMBER.matcher(Files.readString(header));
    while (matcher.find()) {
      theirs.put(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }
    assertTrue(theirs.size() > 340, header + " has but " + theirs.size() + " syscalls");
    theirs.forEach(
        (name, number) ->
            assertEquals(
                number, table.find(name).map(Syscall::number).orElse(-1), "number of " + name));
  }

  @Test
  void theTableIsAsNewAsItClaims() {
    assertEquals(385, table.all().size());
    assertEquals(327, SyscallTable.load(Architecture.AARCH64).all().size());
    assertEquals(471, table.find("rseq_slice_yield").orElseThrow().number());
  }

  /**
   * Where tracefs is mounted and readable, calls and their arguments are compared with its formats;
   * elsewhere with those of a 6.18 kernel that are kept with the test.
   */
  @Test
  void everyCallOfTheKernelIsInTheTableWithAsManyArguments() throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    if (Files.isReadable(FORMATS)) {
      try (Stream<Path> events = Files.list(FORMATS)) {
        for (Path event :
            events.filter(e -> e.getFileName().toString().startsWith("sys_enter_")).toList()) {
          count(Files.readString(event.resolve("format")), counts);
        }
      }
    }
    for (DataLine line : DataFile.load("argument-counts.txt").lines()) {
      counts.putIfAbsent(line.words()[0], line.parseInt(line.words()[1]));
    }
    assertTrue(counts.size() > 300, "only " + counts.size() + " syscalls to compare with");
    List<String> differences = new ArrayList<>();
    counts.forEach(
        (name, count) -> {
          int ours = table.find(name).map(KernelListTest::arguments).orElse(MISSING);
          if (ours == MISSING) {
            differences.add(name + ": the kernel has it, the table has not");
          } else if (ours != count) {
            differences.add(name + ": the kernel takes " + count + " arguments, the table " + ours);
          }
        });
    assertEquals(List.of(), differences);
  }

  private static int arguments(Syscall syscall) {
    return (int)
        syscall.arguments().stream()
            .filter(a -> !(a.length() instanceof Syscall.Length.OnStack))
            .count();
  }

  private static void count(String format, Map<String, Integer> counts) {
    Matcher id = ID.matcher(format);
    if (!id.find()) {
      throw new AssertionError("a tracefs format without a name: " + format);
    }
    int fields = 0;
    Matcher field = FIELD.matcher(format);
    while (field.find()) {
      String name = field.group(1);
      if (!name.startsWith("common_") && !name.equals("__syscall_nr")) {
        fields++;
      }
    }
    counts.put(HEADER_NAMES.getOrDefault(id.group(1), id.group(1)), fields);
  }
}
