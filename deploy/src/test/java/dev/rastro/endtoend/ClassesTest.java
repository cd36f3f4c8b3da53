package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rastro.endtoend.Exercise.Arguments;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every call of the table is made under {@code strace -e trace=%class}: those that it shows are the
 * class. What strace does not know it shows whatever the class, by number; of such calls the table
 * alone says where they belong.
 */
@Tag("kernel")
@Tag("once")
final class ClassesTest {
  private static final String UNKNOWN = "syscall_0x";

  @TempDir private Path home;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%file", "%process", "%network", "%net", "%signal", "%ipc", "%desc", "%memory", "%creds",
        "%stat", "%lstat", "%fstat", "%%stat", "%statfs", "%fstatfs", "%%statfs", "%clock", "%pure"
      })
  void aClassHasTheMembersThatStraceGivesIt(String className) throws IOException {
    SyscallTable table = SyscallTable.load(Architecture.current());
    Path plan = home.resolve("plan");
    Path trace = home.resolve("trace");
    Exercise.of(List.of(Arguments.ONES)).write(plan);
    Run.of(
            "strace",
            "-f",
            "-e",
            "signal=none",
            "-e",
            "trace=" + className,
            "-o",
            trace.toString(),
            Tree.program("exercise"),
            plan.toString())
        .succeeded();
    Set<String> theirs = new TreeSet<>();
    Set<String> unknown = new TreeSet<>();
    String text = Files.readString(trace, StandardCharsets.ISO_8859_1);
    for (String name : ExerciseTrace.parse(text).names()) {
      if (name.startsWith(UNKNOWN)) {
        int number = Integer.parseInt(name.substring(UNKNOWN.length()), 16);
        unknown.add(table.find(number).orElseThrow().name());
      } else {
        theirs.add(name);
      }
    }
    Set<String> ours = new TreeSet<>();
    table.select(List.of(className), List.of()).stream()
        .mapToObj(number -> table.find(number).map(Syscall::name).orElseThrow())
        .filter(name -> !unknown.contains(name))
        .forEach(ours::add);
    assertEquals(theirs, ours);
  }
}
