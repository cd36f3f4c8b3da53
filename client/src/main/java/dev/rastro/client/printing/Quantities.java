package dev.rastro.client.printing;

import java.util.Locale;

/** Numbers with a unit that keeps them short. */
public final class Quantities {
  private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
  private static final int KIBI = 1024;
  private static final String[] TIME_UNITS = {"ns", "µs", "ms", "s"};
  private static final int THOUSAND = 1000;

  private Quantities() {}

  static String bytes(long bytes) {
    return scaled(bytes, KIBI, BYTE_UNITS);
  }

  static String nanos(long nanos) {
    return scaled(nanos, THOUSAND, TIME_UNITS);
  }

  private static final String[] SHORT_BYTE_UNITS = {"B", "K", "M", "G", "T"};
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int MINUTE_SECONDS = 60;
  private static final int HOUR_SECONDS = 3600;

  /** In at most five columns: {@code 1.25M}, {@code 12.5M}, {@code 125M}. */
  static String shortBytes(long bytes) {
    return shortened(bytes, KIBI, SHORT_BYTE_UNITS);
  }

  /** {@code 12ms}, {@code 1.25s}, {@code 61.0s}, {@code 12m05s}, {@code 3h20m}. */
  public static String shortNanos(long nanos) {
    long seconds = (long) (nanos / NANOS_PER_SECOND);
    if (seconds >= HOUR_SECONDS) {
      return String.format(
          Locale.ROOT, "%dh%02dm", seconds / HOUR_SECONDS, seconds % HOUR_SECONDS / MINUTE_SECONDS);
    }
    if (seconds >= 10 * MINUTE_SECONDS) {
      return String.format(
          Locale.ROOT, "%dm%02ds", seconds / MINUTE_SECONDS, seconds % MINUTE_SECONDS);
    }
    return shortened(nanos, THOUSAND, TIME_UNITS);
  }

  /** Of events in a second. */
  public static String rate(double rate) {
    return String.format(Locale.ROOT, rate > 0 && rate < 10 ? "%.1f" : "%.0f", rate);
  }

  private static String shortened(long value, int step, String[] units) {
    double rest = value;
    int unit = 0;
    while (rest >= step && unit < units.length - 1) {
      rest /= step;
      unit++;
    }
    String format = unit == 0 || rest >= 100 ? "%.0f%s" : rest >= 10 ? "%.1f%s" : "%.2f%s";
    return String.format(Locale.ROOT, format, rest, units[unit]);
  }

  private static String scaled(long value, int step, String[] units) {
    double rest = value;
    int unit = 0;
    while (rest >= step && unit < units.length - 1) {
      rest /= step;
      unit++;
    }
    return unit == 0
        ? value + " " + units[0]
        : String.format(Locale.ROOT, rest < 10 ? "%.2f %s" : "%.1f %s", rest, units[unit]);
  }
}
