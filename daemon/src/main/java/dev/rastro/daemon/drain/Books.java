package dev.rastro.daemon.drain;

import dev.rastro.daemon.kernel.LossCause;
import java.util.Map;

/**
 * A session's account on the drain's side: the kernel emitted {@code observed + lost[RING]} records
 * for it.
 *
 * @param observed records handed to {@link Subscriber#onRecord}, fork, exec and exit among them
 *     when wished for
 * @param lost since the session opened. RING is the session's own; the other causes are the
 *     machine's, as the kernel cannot tell whose they were
 */
public record Books(long observed, Map<LossCause, Long> lost) {
  public Books {
    lost = Map.copyOf(lost);
  }
}
