package dev.rastro.daemon.kernel;

/** How many (process, syscall) pairs the kernel may count within a memory budget. */
final class CounterBudget {
  static final int SMALLEST_ENTRIES = 1024;
  static final int LARGEST_ENTRIES = 1 << 20;

  /** A hash element's own head, its key and the pointer to the per-CPU values, about. */
  private static final int ELEMENT_BYTES = 80;

  private CounterBudget() {}

  static int entries(long budgetBytes, int cpus) {
    long perEntry = (long) ControlLayout.COUNTER_BYTES * cpus + ELEMENT_BYTES;
    return (int) Math.max(SMALLEST_ENTRIES, Math.min(LARGEST_ENTRIES, budgetBytes / perEntry));
  }
}
