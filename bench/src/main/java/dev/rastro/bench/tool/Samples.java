package dev.rastro.bench.tool;

import java.util.Arrays;
import java.util.Collection;

/** Measured values, ascending. */
public final class Samples {
  private final double[] values;

  private Samples(double[] values) {
    this.values = values;
  }

  public static Samples of(Collection<Double> values) {
    return of(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  public static Samples of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("nothing was measured");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Samples(sorted);
  }

  public double median() {
    return at(0.5);
  }

  /** A tenth is below. */
  public double low() {
    return at(0.1);
  }

  /** A tenth is above. */
  public double high() {
    return at(0.9);
  }

  private double at(double fraction) {
    return values[(int) Math.round(fraction * (values.length - 1))];
  }

  /** The median, and what lies between the outer tenths. */
  public String show(String format) {
    String all = format + " (" + format + " to " + format + ")";
    return String.format(all, median(), low(), high());
  }
}
