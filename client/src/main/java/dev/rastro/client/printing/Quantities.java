package dev.rastro.client.printing;

import java.util.Locale;

/** Numbers with a unit that keeps them short. */
final class Quantities {
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
