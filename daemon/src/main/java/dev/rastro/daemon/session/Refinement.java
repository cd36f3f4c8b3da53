// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.session;

import dev.rastro.daemon.detail.Reduction;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is done to a session's batches between the drain and its client: first secrets are taken
 * out, then calls that the filter does not want, so that no filter tells what is hidden. Batches
 * are rewritten in their own place, and by the stream's thread: what it costs is the stream's
 * alone. One thread at a time; allocates nothing per record that it lets pass.
 */
final class Refinement {
  private final Optional<Reduction> hiding;
  private final Optional<CallFilter> filter;
  private final RecordReader reader = new RecordReader();
  private final RecordReader written = new RecordReader();
  private final Map<FilterPart, AtomicLong> removed = new EnumMap<>(FilterPart.class);

  Refinement(Optional<Reduction> hiding, Optional<CallFilter> filter) {
    this.hiding = hiding;
    this.filter = filter;
    for (FilterPart part : FilterPart.values()) {
      removed.put(part, new AtomicLong());
    }
  }

  /** Told of what {@link #refine} took away. */
  interface Removed {
    void removed(FilterPart part, long count);
  }

  boolean hidesSecrets() {
    return hiding.isPresent();
  }

  void refine(Batch batch) {
    removed.values().forEach(count -> count.setPlain(0));
    // Registers alone are no secret.
    boolean onlyRegisters = batch.longestRecord() <= RecordLayout.CALL_BYTES;
    if (filter.isPresent() || !onlyRegisters) {
      batch.rewrite(reader, this::rewrite);
    }
  }

  /** Of the last batch. */
  void forEachRemoved(Removed listener) {
    removed.forEach(
        (part, count) -> {
          if (count.getPlain() > 0) {
            listener.removed(part, count.getPlain());
          }
        });
  }

  private int rewrite(RecordReader record, ByteBuffer into, int at) {
    if (hiding.isPresent()) {
      int length = hiding.get().copy(record, into, at);
      return filter.isEmpty() || passes(written.wrap(record.buffer(), at, length)) ? length : 0;
    }
    if (!passes(record)) {
      return 0;
    }
    into.put(at, record.buffer(), record.offset(), record.length());
    return record.length();
  }

  private boolean passes(RecordReader record) {
    Optional<FilterPart> part = filter.orElseThrow().refuses(record);
    part.ifPresent(one -> removed.get(one).addAndGet(Batch.weight(record.kind())));
    return part.isEmpty();
  }
}
