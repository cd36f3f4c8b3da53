package dev.rastro.client.printing;

import dev.rastro.v1.Gap;
import dev.rastro.v1.Loss;
import dev.rastro.v1.LossCount;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Losses in words. */
public final class LossText {
  private static final double NANOS_PER_SECOND = 1e9;

  private LossText() {}

  public static String cause(Loss loss) {
    return switch (loss) {
      case LOSS_RING_FULL -> "ring buffer full";
      case LOSS_QUEUE_FULL -> "this client read too slowly";
      case LOSS_STORAGE -> "no kernel memory for a task's state";
      case LOSS_COUNTER_FULL -> "counter map full";
      case LOSS_FORK_FULL -> "process map full: a child was not followed";
      case LOSS_ENTRY_BYTES -> "arguments only, no room for them at entry";
      case LOSS_MISSED_RUN -> "at most: the kernel skipped the program, for whomever";
      case LOSS_EVICTED -> "no longer held when the connection was back";
      case LOSS_UNSPECIFIED, UNRECOGNIZED -> "unknown cause";
    };
  }

  /** Times are of CLOCK_MONOTONIC, in seconds, as the kernel's log has them. */
  public static String gap(Gap gap) {
    if (gap.getCause() == Loss.LOSS_EVICTED) {
      return "lost " + gap.getCount() + " events (" + cause(gap.getCause()) + ")";
    }
    return String.format(
        Locale.ROOT,
        "lost %d events (%s) between %.6f and %.6f s of uptime",
        gap.getCount(),
        cause(gap.getCause()),
        gap.getFromTimeNanos() / NANOS_PER_SECOND,
        gap.getToTimeNanos() / NANOS_PER_SECOND);
  }

  /** Of all that was lost; empty when nothing was. */
  public static String total(List<LossCount> lost) {
    long count = lost.stream().mapToLong(LossCount::getCount).sum();
    if (count == 0) {
      return "";
    }
    return "lost "
        + count
        + " events in all: "
        + lost.stream()
            .filter(loss -> loss.getCount() > 0)
            .map(loss -> loss.getCount() + " (" + cause(loss.getCause()) + ")")
            .collect(Collectors.joining(", "));
  }
}
