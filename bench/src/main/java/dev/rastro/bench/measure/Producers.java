package dev.rastro.bench.measure;

import dev.rastro.bench.Effort;
import dev.rastro.bench.tool.Place;
import dev.rastro.bench.tool.Reference;
import dev.rastro.bench.tool.Samples;
import dev.rastro.bench.tool.Table;
import dev.rastro.bench.tool.Tracer;
import dev.rastro.bench.tool.Worker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Whether processors that write into one ring get into each other's way: one ring, or one each. */
public final class Producers {
  private Producers() {}

  public static List<Table> measure(Effort effort) {
    Table table =
        Table.of(
            "Producers: one ring for all processors, or one for each",
            "A getppid loop on each of so many processors, and a program in C that reads what they"
                + " make; CPU time that a call takes longer. Medians (outer tenths).",
            "producers",
            "untraced ns",
            "one ring adds ns",
            "a ring each adds ns",
            "one / each");
    try (Reference one = Reference.load("call");
        Reference each = Reference.load("call/cpu")) {
      for (int count = 1; count <= Place.cpus(); count *= 2) {
        add(table, count, one, each, effort);
      }
    }
    return List.of(table);
  }

  private static void add(Table table, int count, Tracer one, Tracer each, Effort effort) {
    List<Worker> workers =
        IntStream.range(0, count).mapToObj(cpu -> Worker.startOn(cpu, "getppid")).toList();
    try {
      Map<Tracer, List<Double>> nanos = new LinkedHashMap<>();
      Tracer nobody = Tracer.nobody();
      for (int round = 0; round < effort.rounds(); round++) {
        for (Tracer tracer : List.of(nobody, one, each)) {
          nanos
              .computeIfAbsent(tracer, unused -> new ArrayList<>())
              .add(together(workers, tracer, effort));
        }
      }
      Samples addedByOne = added(nanos.get(one), nanos.get(nobody));
      Samples addedByEach = added(nanos.get(each), nanos.get(nobody));
      table.add(
          Integer.toString(count),
          Samples.of(nanos.get(nobody)).show("%.0f"),
          addedByOne.show("%.0f"),
          addedByEach.show("%.0f"),
          String.format("%.2f", addedByOne.median() / addedByEach.median()));
    } finally {
      workers.forEach(Worker::close);
    }
  }

  private static double together(List<Worker> workers, Tracer tracer, Effort effort) {
    tracer.begin(workers.stream().flatMap(worker -> worker.pids().stream()).toList());
    workers.forEach(worker -> worker.begin(effort.millis()));
    double nanos =
        workers.stream()
            .mapToDouble(worker -> worker.finish().operationNanos())
            .average()
            .orElseThrow();
    Tracer.Harvest unused = tracer.end();
    return nanos;
  }

  private static Samples added(List<Double> with, List<Double> without) {
    return Samples.of(
        IntStream.range(0, with.size()).mapToObj(i -> with.get(i) - without.get(i)).toList());
  }
}
