package dev.rastro.bench.tool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** perf(1), sampling by the clock: virtual machines seldom have counters of cycles. */
public final class Perf {
  private static final Pattern LINE =
      Pattern.compile("\\s*([\\d.]+)%\\s+\\[(.)\\]\\s+(.*?)\\s*(-\\s+-)?\\s*");
  private static final String HERTZ = "4999";

  /** A function and its share of the samples. */
  public record Share(double percent, boolean kernel, String symbol) {}

  private Perf() {}

  public static boolean isInstalled() {
    return Place.has("perf");
  }

  /**
   * The functions that a process or thread was in most often.
   *
   * @param which {@code -p PID} or {@code -t TID}
   * @param java whose compiled methods are to be named; 0 for a program that is no Java
   */
  public static List<Share> top(List<String> which, long java, long seconds, int count) {
    try {
      Path samples = Files.createTempFile("rastro-bench", ".perf");
      List<String> record = new ArrayList<>(List.of("perf", "record", "-e", "cpu-clock"));
      record.addAll(List.of("-F", HERTZ, "-o", samples.toString()));
      record.addAll(which);
      record.addAll(List.of("sleep", Long.toString(seconds)));
      Cli.await(Cli.start(record, Map.of()));
      if (java != 0) {
        Cli.await(Cli.start(List.of("jcmd", Long.toString(java), "Compiler.perfmap"), Map.of()));
      }
      List<Share> shares = report(samples).stream().limit(count).toList();
      Files.delete(samples);
      return shares;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Share> report(Path samples) throws IOException {
    Process report =
        new ProcessBuilder(
                "perf",
                "report",
                "-i",
                samples.toString(),
                "--stdio",
                "--no-children",
                "--sort",
                "symbol")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(report.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    List<Share> shares = new ArrayList<>();
    for (String line : said.lines().toList()) {
      Matcher share = LINE.matcher(line);
      if (share.matches()) {
        shares.add(
            new Share(
                Double.parseDouble(share.group(1)), share.group(2).equals("k"), share.group(3)));
      }
    }
    return shares;
  }
}
