package dev.rastro.client.printing;

import dev.rastro.v1.CallCount;
import dev.rastro.v1.Counts;
import dev.rastro.v1.Detail;
import dev.rastro.v1.Gap;
import dev.rastro.v1.Loss;
import dev.rastro.v1.LossCount;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Losses in words. */
public final class LossText {
  private static final double NANOS_PER_SECOND = 1e9;

  /** Of those that were only counted. */
  private static final int NAMED_CALLS = 8;

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
      case LOSS_WITHHELD -> "rights that are not yours";
      case LOSS_UNSPECIFIED, UNRECOGNIZED -> "unknown cause";
    };
  }

  /** Times are of CLOCK_MONOTONIC, in seconds, as the kernel's log has them. */
  public static String gap(Gap gap) {
    if (gap.getCause() == Loss.LOSS_EVICTED) {
      return "lost " + gap.getCount() + " events (" + cause(gap.getCause()) + ")";
    }
    if (gap.getCause() == Loss.LOSS_WITHHELD) {
      return "a process runs with rights that are not yours, as a set-user-ID program does: what it does"
          + " is not shown";
    }
    return String.format(
        Locale.ROOT,
        "lost %d events (%s) between %.6f and %.6f s of uptime",
        gap.getCount(),
        cause(gap.getCause()),
        gap.getFromTimeNanos() / NANOS_PER_SECOND,
        gap.getToTimeNanos() / NANOS_PER_SECOND);
  }

  /** How much is printed from here on. */
  static String detail(Detail detail) {
    return switch (detail) {
      case DETAIL_FULL -> "all of each call again";
      case DETAIL_NO_BUFFERS -> "the program is too fast: no data of calls for a while";
      case DETAIL_NO_ARGUMENTS -> "the program is too fast: nothing that pointers lead to";
      case DETAIL_COUNTS -> "the program is too fast: calls are only counted";
      case DETAIL_UNSPECIFIED, UNRECOGNIZED -> "another detail, which this rastro does not know";
    };
  }

  /** Calls that were only counted, the commonest by name. */
  static String counts(Counts told) {
    String calls =
        told.getCallsList().stream()
            .sorted(Comparator.comparingLong(CallCount::getCalls).reversed())
            .limit(NAMED_CALLS)
            .map(LossText::count)
            .collect(Collectors.joining(", "));
    int unnamed = told.getCallsCount() - NAMED_CALLS;
    return String.format(
        Locale.ROOT,
        "counted %d events between %.6f and %.6f s of uptime%s%s%s",
        Losses.of(told),
        told.getFromTimeNanos() / NANOS_PER_SECOND,
        told.getToTimeNanos() / NANOS_PER_SECOND,
        calls.isEmpty() ? "" : ": " + calls,
        unnamed > 0 ? " and " + unnamed + " other calls" : "",
        told.getOthers() > 0 ? ", " + told.getOthers() + " signals, forks, execs and exits" : "");
  }

  private static String count(CallCount call) {
    return call.getCalls()
        + " "
        + (call.getName().isEmpty() ? "unknown" : call.getName())
        + (call.getErrors() > 0 ? " (" + call.getErrors() + " failed)" : "");
  }

  /** Of all that was lost; empty when nothing was. What is not for this client is not lost. */
  public static String total(List<LossCount> counts) {
    List<LossCount> lost =
        counts.stream()
            .filter(loss -> loss.getCount() > 0 && loss.getCause() != Loss.LOSS_WITHHELD)
            .toList();
    if (lost.isEmpty()) {
      return "";
    }
    return "lost "
        + lost.stream().mapToLong(LossCount::getCount).sum()
        + " events in all: "
        + lost.stream()
            .map(loss -> loss.getCount() + " (" + cause(loss.getCause()) + ")")
            .collect(Collectors.joining(", "));
  }
}
