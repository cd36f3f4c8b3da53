package dev.rastro.bench.tool;

/** What a figure should be, and whether it is. */
public final class Target {
  private Target() {}

  public static String atMost(double figure, double limit, String unit) {
    return "≤ " + number(limit) + unit + (figure <= limit ? ", holds" : ", missed");
  }

  public static String atLeast(double figure, double limit, String unit) {
    return "≥ " + number(limit) + unit + (figure >= limit ? ", holds" : ", missed");
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format("%,d", (long) value)
        : String.format("%.2f", value);
  }
}
