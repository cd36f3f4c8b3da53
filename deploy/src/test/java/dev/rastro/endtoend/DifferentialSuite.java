package dev.rastro.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs cases under strace and under rastro. All cases with the same options run in one trace, one
 * after the other, as children of programs/driver.c: a tracer's start costs more than a case.
 */
final class DifferentialSuite {
  private static final Path FOLDER = Tree.ROOT.resolve("deploy/target/differential");

  /**
   * Of a case that differs without a reason. Where processes race, strace differs from itself, too.
   */
  private static final int RUNS_AT_MOST = 4;

  /** All that one trace brings fits: nothing is lost while the daemon does not get a processor. */
  private static final int RING_BYTES = 64 << 20;

  private DifferentialSuite() {}

  /** Runs every case whose title contains {@code wanted}; writes target/differential.md. */
  static DifferentialReport run(String wanted) {
    Path compiled = FOLDER.resolve("bin");
    List<Accepted> accepted = Accepted.read();
    Map<Case, Comparison> comparisons = new LinkedHashMap<>();
    Path scratch = temporaryFolder();
    try (Daemon daemon = Daemon.start(scratch, "--ring-bytes", Integer.toString(RING_BYTES))) {
      List<Case> cases = Case.all(compiled, wanted);
      for (int run = 1; run <= RUNS_AT_MOST && !cases.isEmpty(); run++) {
        compare(daemon, cases).forEach(each -> comparisons.put(each.which(), each));
        cases = cases.stream().filter(each -> comparisons.get(each).isOpen(accepted)).toList();
      }
    }
    DifferentialReport report = new DifferentialReport(List.copyOf(comparisons.values()), accepted);
    write(Tree.ROOT.resolve("deploy/target/differential.md"), report.text());
    return report;
  }

  /** Shows how the cases named by the arguments differ; for use while one is worked on. */
  public static void main(String[] arguments) {
    DifferentialReport report = run(arguments.length == 0 ? "" : String.join(" ", arguments));
    System.out.print(report.text());
  }

  private static List<Comparison> compare(Daemon daemon, List<Case> cases) {
    Map<String, List<Case>> casesByOptions = new LinkedHashMap<>();
    for (Case each : cases) {
      casesByOptions.computeIfAbsent(each.options(), unused -> new ArrayList<>()).add(each);
    }
    List<Comparison> comparisons = new ArrayList<>();
    casesByOptions.forEach((options, alike) -> comparisons.addAll(compare(daemon, options, alike)));
    return comparisons;
  }

  private static List<Comparison> compare(Daemon daemon, String options, List<Case> cases) {
    Path list = FOLDER.resolve("list");
    StringBuilder text = new StringBuilder();
    cases.forEach(each -> text.append(String.join("\t", each.command())).append('\n'));
    write(list, text.toString());
    List<String> driver = List.of(FOLDER.resolve("bin/driver").toString(), list.toString());
    String name = ("all" + options).replaceAll("\\W+", "_");
    Path expected = FOLDER.resolve(name + ".strace");
    Path actual = FOLDER.resolve(name + ".rastro");

    List<String> arguments = new ArrayList<>(List.of("-f", "-o", "FILE"));
    if (!options.isEmpty()) {
      arguments.addAll(List.of(options.split(" ", -1)));
    }
    arguments.add("--");
    arguments.addAll(driver);
    arguments.add("FOLDER");
    trace(Run.of("strace"), arguments, expected);
    trace(daemon.rastro("trace"), arguments, actual);

    List<CaseTrace> traces = CaseTrace.parse(read(expected));
    List<CaseTrace> ours = CaseTrace.parse(read(actual));
    if (traces.size() != cases.size() || ours.size() != cases.size()) {
      throw new AssertionError(
          "%d cases with options \"%s\", but strace saw %d and rastro %d"
              .formatted(cases.size(), options, traces.size(), ours.size()));
    }
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      comparisons.add(Comparison.of(cases.get(i), traces.get(i), ours.get(i)));
    }
    return comparisons;
  }

  /** Both tracers work in a folder of the same path, so that no line differs in length by it. */
  private static void trace(Run tracer, List<String> arguments, Path output) {
    List<String> command = new ArrayList<>(List.of("setarch", "-R"));
    command.addAll(tracer.command());
    Path work = FOLDER.resolve("work");
    for (String argument : arguments) {
      command.add(argument.replace("FILE", output.toString()).replace("FOLDER", work.toString()));
    }
    try {
      Run.of(command).succeeded();
    } finally {
      Run.of("sh", "-c", "rm -rf \"$1\" \"$1\".*", "sh", work.toString()).succeeded();
    }
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("rastro-differential");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
