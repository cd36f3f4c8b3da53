package dev.rastro.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One small program or script line that the differential suite runs under both tracers.
 *
 * @param family what its calls have in common
 * @param name which of the family it is
 * @param options the tracers' options, blanks between them
 * @param command the argument vector
 * @param script whether it is a line of shell; otherwise a case of a C program
 */
record Case(String family, String name, String options, List<String> command, boolean script) {
  private static final Path SOURCES = Tree.PROGRAMS.resolve("differential");
  private static final Path LIST =
      Tree.ROOT.resolve("deploy/src/test/resources/dev/rastro/endtoend/cases.txt");

  /** Every case of cases.txt whose title contains {@code wanted}; compiles the programs. */
  static List<Case> all(Path compiled, String wanted) {
    Map<String, List<String>> casesByProgram = compile(compiled);
    List<Case> cases = new ArrayList<>();
    String family = "";
    for (String line : lines(LIST)) {
      if (line.startsWith("[")) {
        family = line.substring(1, line.length() - 1);
      } else if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.split("\\|", 3);
        String options = parts[1].trim().replaceFirst("^-$", "");
        if (parts[0].trim().equals("script")) {
          String text = parts[2].trim();
          cases.add(new Case(family, text, options, List.of("/bin/sh", "-c", text), true));
        } else {
          String[] globs = parts[2].split("\\|", 2);
          casesByProgram.forEach(
              (program, names) ->
                  names.stream()
                      .filter(name -> matches(globs[0], program) && matches(globs[1], name))
                      .map(name -> ofProgram(compiled, program, name, options))
                      .forEach(cases::add));
        }
      }
    }
    cases.removeIf(each -> !each.title().contains(wanted));
    if (!TaskWork.isThere()) {
      cases.removeIf(each -> each.family.equals("resident"));
    }
    return cases;
  }

  private static Case ofProgram(Path compiled, String program, String name, String options) {
    List<String> command = List.of(compiled.resolve(program).toString(), name);
    return new Case(program, name, options, command, false);
  }

  String title() {
    return (family + " " + options).trim() + ": " + name;
  }

  private static boolean matches(String glob, String name) {
    return FileSystems.getDefault().getPathMatcher("glob:" + glob.trim()).matches(Path.of(name));
  }

  /** Compiles programs/*.c; gives the names of the cases of each. */
  private static Map<String, List<String>> compile(Path folder) {
    Map<String, List<String>> cases = new LinkedHashMap<>();
    try (Stream<Path> sources = Files.list(SOURCES)) {
      Files.createDirectories(folder);
      for (Path source : sources.sorted().toList()) {
        String file = source.getFileName().toString();
        if (file.endsWith(".c")) {
          String name = file.substring(0, file.length() - 2);
          String program = folder.resolve(name).toString();
          Run.of("gcc", "-Wall", "-Werror", "-O1", "-o", program, source.toString()).succeeded();
          if (!name.equals("driver")) {
            String listed = Run.of(program, "--list").succeeded().out();
            cases.put(name, listed.lines().toList());
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cases;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
