package dev.rastro.daemon.session;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The books of a session, in events: {@code observed = delivered + filtered + lost + queued}, at
 * every moment. Of the losses, those that took an event away count; {@link Loss#ENTRY_BYTES} and
 * the like, which took something else, are listed beside them.
 *
 * @param filteredBy by its part; a call that several would have taken is counted for the first
 * @param queued waiting for the client, or in its stream's hand
 * @param reduced of the events observed, those that have less detail for the stream's overload
 * @param counted of the events observed, those of which only their number is told
 */
public record Ledger(
    long observed,
    long delivered,
    Map<FilterPart, Long> filteredBy,
    long queued,
    Map<Loss, Long> lost,
    long reduced,
    long counted) {

  static final Ledger EMPTY = new Ledger(0, 0, Map.of(), 0, Map.of(), 0, 0);

  public Ledger {
    EnumMap<Loss, Long> copy = new EnumMap<>(Loss.class);
    copy.putAll(lost);
    lost = Collections.unmodifiableMap(copy);
    EnumMap<FilterPart, Long> parts = new EnumMap<>(FilterPart.class);
    parts.putAll(filteredBy);
    filteredBy = Collections.unmodifiableMap(parts);
  }

  public long filtered() {
    return filteredBy.values().stream().mapToLong(Long::longValue).sum();
  }

  Ledger plus(Ledger other) {
    EnumMap<Loss, Long> sums = new EnumMap<>(Loss.class);
    sums.putAll(lost);
    other.lost.forEach((cause, count) -> sums.merge(cause, count, Long::sum));
    EnumMap<FilterPart, Long> parts = new EnumMap<>(FilterPart.class);
    parts.putAll(filteredBy);
    other.filteredBy.forEach((part, count) -> parts.merge(part, count, Long::sum));
    return new Ledger(
        observed + other.observed,
        delivered + other.delivered,
        parts,
        queued + other.queued,
        sums,
        reduced + other.reduced,
        counted + other.counted);
  }

  /** Events that were lost, of all causes. */
  public long lostEvents() {
    return lost.entrySet().stream()
        .filter(entry -> entry.getKey().takesEvents())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
