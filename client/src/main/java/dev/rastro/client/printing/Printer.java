package dev.rastro.client.printing;

import dev.rastro.v1.Counts;
import dev.rastro.v1.DetailChange;
import dev.rastro.v1.EventBatch;
import dev.rastro.v1.Gap;
import dev.rastro.v1.LossCount;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/** Writes what a trace brings. One thread; writes through after each batch. */
public sealed interface Printer permits TracePrinter, JsonPrinter {

  /**
   * Tell nothing until process {@code pid} has executed: what comes before it is our own doing.
   *
   * @param ordinal which execution is meant: where it is not the first, others prepare the command
   */
  void beginAtExecOf(int pid, int ordinal);

  /**
   * @param records a packed batch, little-endian
   */
  void records(ByteBuffer records);

  void events(EventBatch events);

  void gap(Gap gap);

  /** What follows has another detail. */
  void detail(DetailChange change);

  /** Events that are told by their number alone. */
  void counts(Counts told);

  /** Of these so far. */
  long counted();

  /** Writes what was kept back: there is nothing more to come. */
  void finish();

  /** Whether as much was told as was wanted. */
  default boolean isDone() {
    return false;
  }

  /** The tasks that live, as far as the stream tells. */
  Set<Integer> tasks();

  /** The sum of all gaps. */
  List<LossCount> lost();
}
