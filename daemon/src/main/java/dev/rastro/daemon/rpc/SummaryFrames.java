// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.rpc;

import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.kernel.ProcessKey;
import dev.rastro.v1.SummaryFrame;
import dev.rastro.v1.SummaryRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is new in one snapshot after the other. One thread at a time. */
final class SummaryFrames {
  /** Of one message: some 600 KB, and any gRPC client takes four megabytes. */
  static final int MAX_ROWS = 2048;

  private final SummaryRows rows;

  /** How many calls each row had when it was sent last: no row changes without one more. */
  private Map<Key, Long> sent = Map.of();

  private boolean first = true;

  private record Key(ProcessKey process, int slot, String comm) {
    static Key of(Snapshot.Row row) {
      boolean byCommand =
          row.process().equals(ProcessKey.NONE) && row.slot() == Snapshot.Row.NO_SLOT;
      return new Key(row.process(), row.slot(), byCommand ? row.comm() : "");
    }
  }

  SummaryFrames(SummaryRows rows) {
    this.rows = rows;
  }

  /** The messages of one frame. */
  List<SummaryFrame> next(Snapshot now, long nowNanos) {
    Map<Key, Long> calls = new HashMap<>();
    List<Snapshot.Row> changed = new ArrayList<>();
    for (Snapshot.Row row : now.rows()) {
      Key key = Key.of(row);
      calls.put(key, row.calls());
      if (sent.getOrDefault(key, 0L) != row.calls()) {
        changed.add(row);
      }
    }
    SummaryFrame.Builder head =
        SummaryFrame.newBuilder()
            .setFull(first)
            .setTimeNanos(nowNanos)
            .setWindowNanos(now.windowNanos())
            .setComplete(now.complete())
            .addAllIncompleteBecause(now.incompleteBecause());
    sent.keySet().stream()
        .filter(key -> !calls.containsKey(key))
        .forEach(key -> head.addGone(gone(key)));
    sent = calls;
    first = false;
    return messages(head, changed);
  }

  private List<SummaryFrame> messages(SummaryFrame.Builder head, List<Snapshot.Row> changed) {
    List<SummaryFrame> messages = new ArrayList<>();
    SummaryFrame.Builder message = head;
    int from = 0;
    do {
      int to = Math.min(from + MAX_ROWS, changed.size());
      for (Snapshot.Row row : changed.subList(from, to)) {
        message.addRows(rows.row(row));
      }
      messages.add(message.setContinues(to < changed.size()).build());
      message = SummaryFrame.newBuilder();
      from = to;
    } while (from < changed.size());
    return messages;
  }

  private SummaryRow gone(Key key) {
    SummaryRow.Builder row = SummaryRow.newBuilder();
    rows.name(row, key.process(), key.slot(), key.comm());
    return row.build();
  }
}
