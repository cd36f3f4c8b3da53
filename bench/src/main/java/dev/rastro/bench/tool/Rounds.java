package dev.rastro.bench.tool;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One worker watched by several tracers in turn, again and again, in an order that is shuffled each
 * time: what disturbs the machine disturbs all of them.
 */
public final class Rounds {
  private static final long SEED = 5;

  private final List<Tracer> tracers;

  /** Nanoseconds an operation: by tracer, round after round. */
  private final Map<Tracer, List<Double>> nanos = new LinkedHashMap<>();

  /** What watching has brought, by tracer, round after round. */
  private final Map<Tracer, List<Tracer.Harvest>> harvests = new LinkedHashMap<>();

  private double callsAnOperation = 1;

  private Rounds(List<Tracer> tracers) {
    this.tracers = tracers;
    for (Tracer tracer : tracers) {
      nanos.put(tracer, new ArrayList<>());
      harvests.put(tracer, new ArrayList<>());
    }
  }

  public static Rounds run(Worker worker, List<Tracer> tracers, int rounds, long millis) {
    Rounds measured = new Rounds(tracers);
    List<Tracer> order = new ArrayList<>(tracers);
    Random random = new Random(SEED);
    measured.round(worker, order, millis, false);
    for (int round = 0; round < rounds; round++) {
      Collections.shuffle(order, random);
      measured.round(worker, order, millis, true);
    }
    return measured;
  }

  private void round(Worker worker, List<Tracer> order, long millis, boolean kept) {
    for (Tracer tracer : order) {
      tracer.begin(worker.pids());
      Worker.Run run = worker.run(millis);
      Tracer.Harvest harvest = tracer.end();
      if (kept) {
        harvests.get(tracer).add(harvest);
        nanos.get(tracer).add(run.operationNanos());
        callsAnOperation = run.callsAnOperation();
      }
    }
  }

  public Samples operationNanos(Tracer tracer) {
    return Samples.of(nanos.get(tracer));
  }

  /** Of a call; of an operation, when the worker does not count its calls. */
  public Samples callNanos(Tracer tracer) {
    return Samples.of(nanos.get(tracer).stream().map(each -> each / callsAnOperation).toList());
  }

  /** Of what it should have brought, what was told as lost: 0 to 1. */
  public Samples lost(Tracer tracer) {
    return Samples.of(
        harvests.get(tracer).stream()
            .map(each -> (double) each.lost() / Math.max(1, each.records() + each.lost()))
            .toList());
  }

  /** How many times as long an operation takes as under the first tracer, which is nobody. */
  public Samples factor(Tracer tracer) {
    List<Double> without = nanos.get(tracers.get(0));
    List<Double> with = nanos.get(tracer);
    List<Double> factors = new ArrayList<>();
    for (int round = 0; round < with.size(); round++) {
      factors.add(with.get(round) / without.get(round));
    }
    return Samples.of(factors);
  }

  /** What watching adds to a call: each round's difference to the first tracer, which is nobody. */
  public Samples added(Tracer tracer) {
    return Samples.of(differences(tracer));
  }

  /** What one adds in proportion to what the other adds, round by round. */
  public Samples ratio(Tracer tracer, Tracer reference) {
    List<Double> ours = differences(tracer);
    List<Double> theirs = differences(reference);
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < ours.size(); round++) {
      ratios.add(ours.get(round) / theirs.get(round));
    }
    return Samples.of(ratios);
  }

  private List<Double> differences(Tracer tracer) {
    List<Double> without = nanos.get(tracers.get(0));
    List<Double> with = nanos.get(tracer);
    List<Double> added = new ArrayList<>();
    for (int round = 0; round < with.size(); round++) {
      added.add((with.get(round) - without.get(round)) / callsAnOperation);
    }
    return added;
  }
}
