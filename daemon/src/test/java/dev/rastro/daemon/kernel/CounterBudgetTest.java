package dev.rastro.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class CounterBudgetTest {
  private static final long DEFAULT = CaptureOptions.DEFAULT_COUNTER_BYTES;
  private static final int USEFUL_ENTRIES = 3_000;

  @Test
  void aSmallMachineHasWhatTheDefaultBuys() {
    assertEquals(DEFAULT / (2 * 560 + 80), CounterBudget.entries(DEFAULT, 2));
  }

  @Test
  void aLargeMachineStillCountsThousandsOfPairs() {
    for (int cpus = 1; cpus <= 128; cpus *= 2) {
      assertTrue(CounterBudget.entries(DEFAULT, cpus) > USEFUL_ENTRIES, "with " + cpus + " CPUs");
    }
  }

  @Test
  void theHugestPaysForTheSmallestNumberAtMost() {
    for (int cpus = 128; cpus <= 8192; cpus *= 2) {
      long bytes = (long) CounterBudget.entries(DEFAULT, cpus) * ControlLayout.COUNTER_BYTES * cpus;
      long smallest = (long) CounterBudget.SMALLEST_ENTRIES * ControlLayout.COUNTER_BYTES * cpus;
      assertTrue(bytes <= Math.max(CounterBudget.LARGEST_BYTES, smallest), "with " + cpus);
    }
  }
}
