package dev.rastro.client.printing;

import dev.rastro.v1.CallCount;
import dev.rastro.v1.Counts;
import dev.rastro.v1.Gap;
import dev.rastro.v1.Loss;
import dev.rastro.v1.LossCount;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a stream's gaps add up to, for when the daemon does not say it itself. */
final class Losses {
  private final Map<Loss, Long> counts = new EnumMap<>(Loss.class);
  private long counted;

  void add(Gap gap) {
    counts.merge(gap.getCause(), gap.getCount(), Long::sum);
  }

  void add(Counts told) {
    counted += of(told);
  }

  /** All that are counted there. */
  static long of(Counts told) {
    return told.getOthers() + told.getCallsList().stream().mapToLong(CallCount::getCalls).sum();
  }

  /** Events that were told by their number alone. */
  long counted() {
    return counted;
  }

  List<LossCount> counts() {
    return counts.entrySet().stream()
        .filter(loss -> loss.getKey() != Loss.UNRECOGNIZED)
        .map(loss -> LossCount.newBuilder().setCause(loss.getKey()).setCount(loss.getValue()))
        .map(LossCount.Builder::build)
        .toList();
  }
}
