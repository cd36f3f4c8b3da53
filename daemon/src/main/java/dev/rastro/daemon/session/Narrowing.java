// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.session;

import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.detail.Reduction;
import dev.rastro.daemon.drain.Wish;
import dev.rastro.syscalls.plan.Pieces;
import dev.rastro.syscalls.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much of each event goes into a session's queue: what was asked for, though others may ask for
 * more; what its reader may see; or less while the queue fills, if that was asked for. As it fills
 * to a half, three quarters, and the whole, there is less of each event; as it empties, more again,
 * a quarter later. Drain thread only.
 */
final class Narrowing {
  private final Detail most;
  private final boolean degrades;
  private final Map<Detail, Reduction> reductions = new EnumMap<>(Detail.class);
  private final RecordReader reader = new RecordReader();
  private Detail detail;
  private boolean trims;

  Narrowing(Wish wish, Terms terms, Pieces pieces) {
    most = terms.detail();
    detail = most;
    degrades = terms.overload() == Overload.DEGRADE;
    Reduction asked =
        Reduction.asked(wish.stringBytes(), wish.environment(), wish.descriptors(), pieces);
    for (Detail less : Detail.values()) {
      reductions.put(less, Reduction.under(less, asked, pieces));
    }
    reductions.put(most, most == Detail.FULL ? asked : Reduction.to(most, pieces));
  }

  /** Of what is appended from here on. */
  Detail detail() {
    return detail;
  }

  /** Whether records go into the queue as they are. */
  boolean isFull() {
    return detail == Detail.FULL && !trims;
  }

  /** Whether records bring more than was asked for. */
  void trim(boolean exceeds) {
    trims = exceeds;
  }

  /** Whether there is less of them than the reader may see. */
  boolean isOverloaded() {
    return detail.isLessThan(most);
  }

  void append(Batch batch, ByteBuffer ring, int offset, int recordLength, int weight) {
    reader.wrap(ring, offset, recordLength);
    batch.append(reader, reductions.get(detail), weight);
  }

  /**
   * Looks how full the queue is, between two batches.
   *
   * @param spare whether there is another batch to be had
   */
  void adapt(int waiting, int places, boolean spare) {
    if (!degrades) {
      return;
    }
    Detail now = at(waiting, places, spare).atMost(most);
    Detail soon = at(waiting + (places + 3) / 4, places, spare).atMost(most);
    if (now.isLessThan(detail)) {
      detail = now;
    } else if (detail.isLessThan(soon)) {
      detail = soon;
    }
  }

  private static Detail at(int waiting, int places, boolean spare) {
    if (!spare || waiting >= places) {
      return Detail.COUNTS;
    }
    if (4 * waiting >= 3 * places) {
      return Detail.NO_ARGUMENTS;
    }
    return 2 * waiting >= places ? Detail.NO_BUFFERS : Detail.FULL;
  }
}
