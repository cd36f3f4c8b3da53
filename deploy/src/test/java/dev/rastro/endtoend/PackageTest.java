package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Debian packages as files. What they do to a system, deploy/test/service tries. */
@Tag("once")
class PackageTest {
  private static final Path TARGET = Tree.ROOT.resolve("deploy/target");
  private static final Path CONTENTS = TARGET.resolve("package/amd64");

  private static Path deb(String architecture) throws IOException {
    try (Stream<Path> files = Files.list(TARGET)) {
      return files
          .filter(
              file -> file.getFileName().toString().matches("rastro_.*_" + architecture + ".deb"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no package for " + architecture));
    }
  }

  private static List<Path> manualPages() throws IOException {
    try (Stream<Path> files = Files.walk(CONTENTS.resolve("usr/share/man"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void lintianHasNothingToSay() throws IOException {
    Run.Outcome lintian =
        Run.of(
                "lintian",
                "--allow-root",
                "--fail-on=error,warning",
                deb("amd64").toString(),
                deb("arm64").toString())
            .succeeded();
    assertEquals("", lintian.out());
  }

  @Test
  void architecturesDifferInTheNativeLibraryAlone() throws IOException {
    Set<String> different = new TreeSet<>(sums("amd64"));
    different.removeAll(sums("arm64"));
    assertEquals(
        List.of("usr/lib/rastro/native/libjnidispatch.so"),
        different.stream().map(line -> line.split(" +", 2)[1]).toList());
    assertEquals(62, machine("amd64"), "EM_X86_64");
    assertEquals(183, machine("arm64"), "EM_AARCH64");
  }

  private static Set<String> sums(String architecture) throws IOException {
    return new TreeSet<>(
        Files.readAllLines(TARGET.resolve("package/" + architecture + "/DEBIAN/md5sums")));
  }

  /** e_machine of the ELF header. */
  private static int machine(String architecture) throws IOException {
    Path library = TARGET.resolve("package/" + architecture);
    return Files.readAllBytes(library.resolve("usr/lib/rastro/native/libjnidispatch.so"))[18]
        & 0xff;
  }

  @Test
  void everythingIsRootsAndNothingIsWritableByOthers() throws IOException {
    List<String> files =
        Run.of("dpkg-deb", "--contents", deb("amd64").toString())
            .succeeded()
            .out()
            .lines()
            .toList();
    assertTrue(files.size() > 60, files::toString);
    for (String file : files) {
      assertTrue(file.matches("(l.{9}|.{5}-..-.) root/root .*"), file);
    }
  }

  @Test
  void everyLibraryIsNamedInTheCopyright() throws IOException {
    String copyright = Files.readString(CONTENTS.resolve("usr/share/doc/rastro/copyright"));
    Set<String> named =
        copyright
            .lines()
            .collect(Collectors.joining("\n"))
            .replace("\n ", " ")
            .lines()
            .filter(line -> line.startsWith("Files: "))
            .flatMap(line -> Stream.of(line.substring("Files: ".length()).split(" +", -1)))
            .collect(Collectors.toSet());
    try (Stream<Path> files = Files.walk(CONTENTS.resolve("usr/lib/rastro"))) {
      files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".jar") && !file.startsWith("rastro-"))
          .map(file -> file.replaceFirst("-\\d.*", ""))
          .forEach(name -> assertTrue(named.contains(name), name + " has no licence: " + named));
    }
  }

  @Test
  void theFileOfSettingsIsUnderstoodAsItIsAndWithItsDefaultsSaid(@TempDir Path folder)
      throws IOException {
    Path shipped = CONTENTS.resolve("etc/rastro/rastrod.conf");
    Run.of(Tree.rastrod(), "--config", shipped.toString(), "--check").succeeded();
    List<String> settings =
        Files.readAllLines(shipped).stream()
            .filter(line -> line.matches("#[a-z-]+ = [^A-Z]*[a-z0-9][^A-Z]*|#ring-bytes.*"))
            .map(line -> line.substring(1))
            .toList();
    assertTrue(settings.contains("ring-bytes = 8M"), settings::toString);
    Path said = Files.write(folder.resolve("rastrod.conf"), settings);
    Run.of(Tree.rastrod(), "--config", said.toString(), "--check").succeeded();
  }

  @Test
  void manualPagesAreSoundAndNoCommandLacksOne() throws IOException {
    Set<String> names = new TreeSet<>();
    for (Path page : manualPages()) {
      names.add(page.getFileName().toString());
      Run.Outcome shown =
          Run.of("man", "--warnings", "-E", "UTF-8", "-l", page.toString())
              .with("LC_ALL", "C.UTF-8")
              .with("MANPAGER", "cat")
              .succeeded();
      assertEquals("", shown.err(), page.toString());
    }
    Run.rastro("--help")
        .succeeded()
        .out()
        .lines()
        .dropWhile(line -> !line.equals("Commands:"))
        .takeWhile(line -> !line.equals("Examples:"))
        .filter(line -> line.matches("  [a-z]+ .*"))
        .map(line -> "rastro-" + line.strip().split(" ", 2)[0] + ".1.gz")
        .forEach(page -> assertTrue(names.contains(page), page + " is not among " + names));
    assertTrue(names.containsAll(Set.of("rastro.1.gz", "rastrod.8.gz", "rastrod.conf.5.gz")));
  }

  @Test
  void bashCompletesOptionsValuesAndTheTracedCommand() {
    assertEquals("trace", bash("rastro tra"));
    assertEquals("--follow-forks", bash("rastro trace --fol"));
    assertEquals("syscall process both command", bash("rastro summary --by="));
    assertEquals("syscall process both command", bash("rastro summary --by "));
    assertEquals("calls errors time p99 name", bash("rastro top --sort="));
    assertEquals("mktemp", bash("rastro tree -- mktem"));
    assertEquals("/etc/debian_version", bash("rastro trace -f -o /etc/debian_versio"));
    assertEquals("text json", bash("rastro status --output="));
    assertEquals("mktemp", bash("rastro trace -e trace=openat -- mktem"));
    assertEquals("mktemp", bash("rastro trace -e trace=openat mktem"));
    assertEquals("--ring-bytes=", bash("rastrod --ring"));
  }

  private static String bash(String line) {
    String program = line.substring(0, line.indexOf(' '));
    Path script = CONTENTS.resolve("usr/share/bash-completion/completions/" + program);
    return Run.of(
            "bash",
            "-c",
            """
            compopt() { :; }
            . "$1"
            COMP_LINE=$2 COMP_POINT=${#2}
            _"$3"
            printf '%s\\n' "${COMPREPLY[@]}"
            """,
            "bash",
            script.toString(),
            line,
            program)
        .succeeded()
        .out()
        .lines()
        .distinct()
        .collect(Collectors.joining(" "));
  }

  @Test
  void fishCompletesOptionsValuesAndTheTracedCommand() {
    assertEquals(List.of("--follow-forks"), fish("rastro trace --fol"));
    assertEquals(List.of("both", "command", "process", "syscall"), fish("rastro summary --by "));
    assertEquals(List.of("mktemp"), fish("rastro trace -f mktem"));
    assertEquals(List.of("/etc/debian_version"), fish("rastro diff /etc/debian_versio"));
    assertEquals(List.of("--ring-bytes"), fish("rastrod --ring"));
  }

  private static List<String> fish(String line) {
    Path scripts = CONTENTS.resolve("usr/share/fish/vendor_completions.d");
    String program = line.substring(0, line.indexOf(' '));
    return Run.of(
            "fish",
            "--no-config",
            "-c",
            "source %s/%s.fish; complete -C '%s'".formatted(scripts, program, line))
        .with("HOME", System.getProperty("java.io.tmpdir"))
        .succeeded()
        .out()
        .lines()
        .map(found -> found.split("\t", 2)[0])
        .toList();
  }

  @Test
  void zshUnderstandsItsCompletions() {
    Path scripts = CONTENTS.resolve("usr/share/zsh/vendor-completions");
    for (String program : List.of("_rastro", "_rastrod")) {
      Run.of("zsh", "-f", "-n", scripts.resolve(program).toString()).succeeded();
    }
  }

  @Test
  void composeFileAndManifestsFollowTheirSchemas() {
    Run.Outcome checked =
        Run.of("node", Tree.ROOT.resolve("deploy/test/manifests.mjs").toString()).succeeded();
    assertEquals(
        """
        compose.yaml: rastrod
        daemonset.yaml: Namespace rastro
        daemonset.yaml: ServiceAccount rastrod
        daemonset.yaml: ConfigMap rastrod
        daemonset.yaml: DaemonSet rastrod
        """,
        checked.out());
  }
}
