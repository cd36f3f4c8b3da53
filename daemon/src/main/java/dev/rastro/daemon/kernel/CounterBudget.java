package dev.rastro.daemon.kernel;

/**
 * How many (process, syscall) pairs the kernel may count, and so what the map of them costs. Each
 * pair has a counter on every CPU, and all of them are allocated beforehand: a fixed budget would
 * leave a large machine with few pairs, a fixed number of pairs would cost it much. So the budget
 * grows with the CPUs, up to a bound.
 */
final class CounterBudget {
  static final int SMALLEST_ENTRIES = 1024;
  static final int LARGEST_ENTRIES = 1 << 20;

  /** From 17 CPUs on this is more than the default of the whole map. */
  static final long BYTES_PER_CPU = 2L << 20;

  /** Reached with 128 CPUs: about 3,700 pairs. */
  static final long LARGEST_BYTES = 256L << 20;

  /** A hash element's own head, its key and the pointer to the per-CPU values, about. */
  private static final int ELEMENT_BYTES = 80;

  private CounterBudget() {}

  /**
   * @param leastBytes what the map may cost on any machine
   * @param cpus possible, not only those that are there
   */
  static int entries(long leastBytes, int cpus) {
    long bytes = Math.max(leastBytes, Math.min(LARGEST_BYTES, BYTES_PER_CPU * cpus));
    long perEntry = (long) ControlLayout.COUNTER_BYTES * cpus + ELEMENT_BYTES;
    return (int) Math.max(SMALLEST_ENTRIES, Math.min(LARGEST_ENTRIES, bytes / perEntry));
  }
}
