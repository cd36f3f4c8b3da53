package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same command with the same options under strace and under Rastro: the same text. Addresses
 * and times differ from run to run and are made equal; their places and their widths are compared.
 */
@Tag("kernel")
@Tag("once")
final class OptionsParityTest {
  private static Daemon daemon;
  @TempDir private static Path home;

  @BeforeAll
  static void start() throws IOException {
    daemon = Daemon.start(home);
    Files.write(
        home.resolve("data"),
        "hello\tworld\0\1\377 0123456789 and more than thirty-two bytes\n"
            .getBytes(StandardCharsets.ISO_8859_1));
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-t",
        "-tt",
        "-ttt",
        "-r",
        "-r -t",
        "-T",
        "--absolute-timestamps=unix",
        "--absolute-timestamps=format:time,precision:ns",
        "--timestamps=ms",
        "--relative-timestamps=ns",
        "--syscall-times=ms",
        "-x",
        "-xx",
        "--strings-in-hex=non-ascii-chars",
        "-X raw",
        "-X verbose",
        "--const-print-style=abbrev",
        "-e raw=openat,read",
        "-e raw=all",
        "-e verbose=none",
        "-e abbrev=none -e trace=prlimit64",
        "-e read=3",
        "-e read=all --write=1",
        "-e trace=%file -e trace=openat,close",
        "-e t=?nothing,openat@64,/^clo",
        "-e trace=%%stat",
        "-e trace=!%memory",
        "-z",
        "-Z",
        "-e status=unfinished",
        "-e status=!failed",
        "-e status=none",
        "-s 3",
        "--string-limit=5 -a 20",
        "-n",
        "-q",
        "-qq",
        "-e quiet=exit",
        "-b execve"
      })
  void theSameText(String options) throws IOException {
    assertEquals(
        normal(traced("strace", options.split(" ", -1))),
        normal(traced("rastro", options.split(" ", -1))));
  }

  private List<String> traced(String tracer, String... options) throws IOException {
    Path file = home.resolve(tracer + ".out");
    List<String> words = new ArrayList<>(List.of(options));
    words.addAll(List.of("-o", file.toString(), "cat", home.resolve("data").toString()));
    Run run;
    if (tracer.equals("strace")) {
      words.add(0, "strace");
      run = Run.of(words);
    } else {
      run = rastro(words);
    }
    Run.Outcome outcome = run.in(home).outcome();
    assertEquals(0, outcome.status(), outcome.told());
    return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
  }

  private static Run rastro(List<String> words) {
    return Run.rastro(Stream.concat(Stream.of("strace"), words.stream()).toArray(String[]::new))
        .with("RASTRO_SOCKET", daemon.socket().toString());
  }

  private static String normal(List<String> lines) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append(
              line.replaceAll("(set_tid_address|getrandom)\\(.*= \\w+", "$1")
                  .replaceAll("0x[0-9a-f]{7,}", "ADDRESS")
                  .replaceAll("\\b[0-9]+ vars", "N vars")
                  .replaceAll("^\\d\\d:\\d\\d:\\d\\d", "CLOCK")
                  .replaceAll("^(CLOCK|\\d{10})\\.(\\d{3}|\\d{6}|\\d{9}) ", "$1.FRACTION$2 ")
                  .replaceAll("FRACTION(\\d{3})(\\d{3})?(\\d{3})?", "FRACTION")
                  .replaceAll("^\\d{10}", "SECONDS")
                  .replaceAll("^((?:CLOCK )?(?:\\(\\+)?) {5}\\d(\\.\\d+)?", "$1     PASSED")
                  .replaceAll("<\\d+\\.\\d{3}>$", "<MILLIS>")
                  .replaceAll("<\\d+\\.\\d{6}>$", "<MICROS>")
                  .replaceAll(" +=", " =")
                  .replaceAll("st_[acm]time=\\d+ /\\*[^*]*\\*/", "TIME"))
          .append('\n');
    }
    return text.toString();
  }

  @Test
  void eachProcessMayHaveAFile() throws IOException {
    Path file = home.resolve("apart");
    Run.Outcome outcome =
        rastro(
                List.of(
                    "-ff", "-e", "trace=execve", "-o", file.toString(), "sh", "-c", "ls /; true"))
            .outcome();
    assertEquals(0, outcome.status(), outcome.told());
    try (Stream<Path> files = Files.list(home)) {
      TreeSet<String> names = new TreeSet<>();
      files.map(path -> path.getFileName().toString()).forEach(names::add);
      names.removeIf(name -> !name.startsWith("apart."));
      assertEquals(2, names.size(), names.toString());
      for (String name : names) {
        List<String> lines = Files.readAllLines(home.resolve(name));
        assertTrue(lines.get(0).startsWith("execve("), lines.toString());
        assertEquals("+++ exited with 0 +++", lines.get(lines.size() - 1));
      }
    }
  }

  @Test
  void linesGoIntoACommand() {
    Run.Outcome outcome =
        rastro(List.of("-e", "trace=exit_group", "-o", "|tr a-z A-Z", "true")).outcome();
    assertEquals(0, outcome.status(), outcome.told());
    assertTrue(outcome.out().startsWith("EXIT_GROUP(0)"), outcome.told());
  }

  @Test
  void environmentIsTheUsersWish() {
    Run.Outcome outcome =
        rastro(List.of("-o", "/dev/null", "-E", "ADDED=x=y", "-E", "HOME", "/usr/bin/env"))
            .with("HOME", "/nowhere")
            .outcome();
    assertTrue(outcome.out().lines().anyMatch("ADDED=x=y"::equals), outcome.told());
    assertFalse(outcome.out().lines().anyMatch(line -> line.startsWith("HOME=")), outcome.told());
  }

  @Test
  void commandRunsAsAnotherUserAndItsTraceBeginsWithItself() throws IOException {
    Path file = home.resolve("user");
    Run.Outcome outcome =
        rastro(List.of("-u", "nobody", "-o", file.toString(), "id", "-un")).outcome();
    assertEquals("nobody\n", outcome.out(), outcome.told());
    List<String> lines = Files.readAllLines(file);
    assertTrue(lines.get(0).startsWith("execve(\"/usr/bin/id\", [\"id\", \"-un\"]"), lines.get(0));
  }

  @Test
  void limitOfCallsLetsTheCommandGoOn() throws IOException {
    Path file = home.resolve("limited");
    Run.Outcome outcome =
        rastro(List.of("--syscall-limit=3", "-o", file.toString(), "sh", "-c", "exit 7")).outcome();
    assertEquals(7, outcome.status(), outcome.told());
    assertEquals(3, Files.readAllLines(file).size());
  }

  @Test
  void countsHaveTheColumnsThatAreWanted() throws IOException {
    List<String> options = List.of("-c", "-S", "name", "-U", "name,calls,errors", "-e", "%file");
    assertEquals(
        normal(traced("strace", options.toArray(String[]::new))),
        normal(traced("rastro", options.toArray(String[]::new))));
  }

  @Test
  void whatCannotBeDoneIsRefusedWithTheReason() {
    Run.Outcome outcome = rastro(List.of("-e", "inject=read:error=EIO", "true")).outcome();
    assertEquals(1, outcome.status());
    assertTrue(outcome.err().contains("rastro only watches, it changes no call"), outcome.told());
  }
}
