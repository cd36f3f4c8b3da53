package dev.rastro.daemon.session;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The books of a session, in events: {@code observed = delivered + filtered + lost + queued}, at
 * every moment. Of the losses, those that took an event away count; {@link Loss#ENTRY_BYTES} and
 * the like, which took something else, are listed beside them.
 *
 * @param queued waiting for the client, or in its stream's hand
 */
public record Ledger(
    long observed, long delivered, long filtered, long queued, Map<Loss, Long> lost) {

  static final Ledger EMPTY = new Ledger(0, 0, 0, 0, Map.of());

  public Ledger {
    EnumMap<Loss, Long> copy = new EnumMap<>(Loss.class);
    copy.putAll(lost);
    lost = Collections.unmodifiableMap(copy);
  }

  Ledger plus(Ledger other) {
    EnumMap<Loss, Long> sums = new EnumMap<>(Loss.class);
    sums.putAll(lost);
    other.lost.forEach((cause, count) -> sums.merge(cause, count, Long::sum));
    return new Ledger(
        observed + other.observed,
        delivered + other.delivered,
        filtered + other.filtered,
        queued + other.queued,
        sums);
  }

  /** Events that were lost, of all causes. */
  public long lostEvents() {
    return lost.entrySet().stream()
        .filter(entry -> entry.getKey().takesEvents())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
