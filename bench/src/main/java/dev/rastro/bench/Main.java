package dev.rastro.bench;

import dev.rastro.bench.measure.AddedCost;
import dev.rastro.bench.measure.DrainCost;
import dev.rastro.bench.measure.Footprint;
import dev.rastro.bench.measure.Growth;
import dev.rastro.bench.measure.Pieces;
import dev.rastro.bench.measure.Producers;
import dev.rastro.bench.measure.Profile;
import dev.rastro.bench.measure.Servers;
import dev.rastro.bench.measure.Slowdown;
import dev.rastro.bench.measure.StartUp;
import dev.rastro.bench.measure.Throughput;
import dev.rastro.bench.tool.Report;
import dev.rastro.bench.tool.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** {@code bench/run}: measures, prints and writes the tables. */
public final class Main {
  private static final Map<String, Function<Effort, List<Table>>> QUESTIONS = new LinkedHashMap<>();

  static {
    QUESTIONS.put("added", AddedCost::measure);
    QUESTIONS.put("slowdown", Slowdown::measure);
    QUESTIONS.put("servers", Servers::measure);
    QUESTIONS.put("drain", DrainCost::measure);
    QUESTIONS.put("pieces", Pieces::measure);
    QUESTIONS.put("stream", Throughput::measure);
    QUESTIONS.put("start", StartUp::measure);
    QUESTIONS.put("memory", Footprint::measure);
    QUESTIONS.put("growth", Growth::measure);
    QUESTIONS.put("producers", Producers::measure);
    QUESTIONS.put("profile", Profile::measure);
  }

  private Main() {}

  public static void main(String[] arguments) throws IOException {
    Set<String> chosen = QUESTIONS.keySet();
    List<String> rest = new ArrayList<>(List.of(arguments));
    Effort effort = rest.remove("--quick") ? Effort.QUICK : Effort.FULL;
    if (!rest.isEmpty() && rest.get(0).startsWith("--only=")) {
      chosen = Set.of(rest.remove(0).substring("--only=".length()).split(",", -1));
    }
    if (rest.size() != 1 || !QUESTIONS.keySet().containsAll(chosen)) {
      System.err.printf(
          "usage: bench/run [--quick] [--only=NAME,...]; names: %s%n",
          String.join(", ", QUESTIONS.keySet()));
      System.exit(2);
    }
    Report report = Report.begin(effort.isQuick());
    for (Map.Entry<String, Function<Effort, List<Table>>> question : QUESTIONS.entrySet()) {
      if (chosen.contains(question.getKey())) {
        report.add(question.getKey(), () -> question.getValue().apply(effort));
      }
    }
    report.write(Path.of(rest.get(0)));
  }
}
