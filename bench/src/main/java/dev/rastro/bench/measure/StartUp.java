package dev.rastro.bench.measure;

import dev.rastro.bench.Effort;
import dev.rastro.bench.tool.Cli;
import dev.rastro.bench.tool.Daemon;
import dev.rastro.bench.tool.Place;
import dev.rastro.bench.tool.Samples;
import dev.rastro.bench.tool.Table;
import dev.rastro.bench.tool.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** From the start of a client to its end, with a daemon that runs, on each Java there is. */
public final class StartUp {
  private StartUp() {}

  public static List<Table> measure(Effort effort) {
    Table table =
        Table.of(
            "Client start",
            "Wall milliseconds from exec to exit over the Unix socket; medians (outer tenths).",
            "command",
            "Java",
            "ms",
            "target");
    int times = effort.isQuick() ? 3 : 30;
    try (Daemon daemon = Daemon.start()) {
      String socket = daemon.socket().toString();
      for (Path java : javas()) {
        String version = versionOf(java);
        Map<String, String> environment = Map.of("JAVA_HOME", java.toString());
        if (!Files.exists(archive(version))) {
          // As the package does for the machine's Java.
          Cli.await(
              Cli.start(
                  List.of(
                      Place.root().resolve("deploy/archive").toString(), Place.image().toString()),
                  environment));
        }
        Samples status =
            times(times, List.of(Place.rastro(), "status", "--socket", socket), environment);
        Samples trace =
            times(
                times,
                List.of(
                    Place.rastro(), "trace", "--socket", socket, "-o", "/dev/null", "--", "true"),
                environment);
        Samples bare = times(times, List.of("true"), Map.of());
        double limit = version.startsWith("17") ? 300 : 250;
        table.add(
            "rastro status",
            version,
            status.show("%.0f"),
            Target.atMost(status.median(), limit, " ms"));
        table.add(
            "rastro trace -- true, more than true",
            version,
            String.format("%.0f", trace.median() - bare.median()),
            Target.atMost(trace.median() - bare.median(), 500, " ms"));
      }
    }
    return List.of(table);
  }

  private static Samples times(int times, List<String> command, Map<String, String> environment) {
    List<Double> millis = new ArrayList<>();
    List<String> pinned = Place.onAll(command);
    double unused = Cli.millisOf(pinned, environment);
    for (int i = 0; i < times; i++) {
      millis.add(Cli.millisOf(pinned, environment));
    }
    return Samples.of(millis);
  }

  private static Path archive(String version) {
    return Place.image()
        .resolve("lib/rastro-java" + Runtime.Version.parse(version).feature() + ".jsa");
  }

  private static List<Path> javas() {
    try (Stream<Path> found = Files.list(Path.of("/usr/lib/jvm"))) {
      List<Path> all =
          found
              .filter(folder -> !Files.isSymbolicLink(folder))
              .filter(folder -> Files.isExecutable(folder.resolve("bin/java")))
              .sorted()
              .toList();
      return all.isEmpty() ? List.of(Path.of(System.getProperty("java.home"))) : all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String versionOf(Path java) {
    return Place.read(java.resolve("release"))
        .lines()
        .filter(line -> line.startsWith("JAVA_VERSION="))
        .map(line -> line.replaceAll(".*=\"|\"", ""))
        .findFirst()
        .orElse(java.getFileName().toString());
  }
}
