// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.top;

import dev.rastro.client.sums.CallSums;
import dev.rastro.v1.ProcessKey;
import dev.rastro.v1.SummaryFrame;
import dev.rastro.v1.SummaryRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sums of each call of each process, as frames bring them. One thread. */
public final class TopTable {
  private static final double NANOS_PER_SECOND = 1e9;

  private final int self;
  private final Map<Key, Row> rows = new HashMap<>();

  /** Parts of a frame that is not whole yet. */
  private final List<SummaryFrame> pending = new ArrayList<>();

  private boolean full;
  private long frameNanos;
  private long windowNanos;
  private double seconds;
  private List<String> incompleteBecause = List.of();

  private record Key(int pid, long start, String syscall) {
    static Key of(SummaryRow row) {
      ProcessKey process = row.getProcess();
      return new Key(process.getPid(), process.getStartTimeNanos(), row.getSyscall());
    }
  }

  /**
   * One call of one process.
   *
   * @param recent what the last frame has brought
   */
  record Row(int pid, String comm, String syscall, CallSums all, CallSums recent) {
    Row resting() {
      return recent.calls() == 0 ? this : new Row(pid, comm, syscall, all, CallSums.NONE);
    }
  }

  /**
   * @param self this process, which is not shown; 0 when it is not on the daemon's machine
   */
  public TopTable(int self) {
    this.self = self;
  }

  /**
   * @param part of a frame, or all of it
   * @return whether the frame is whole now; nothing of it shows before
   */
  public boolean apply(SummaryFrame part) {
    pending.add(part);
    if (part.getContinues()) {
      return false;
    }
    begin(pending.get(0));
    pending.forEach(this::take);
    pending.clear();
    return true;
  }

  private void begin(SummaryFrame frame) {
    if (frame.getFull()) {
      rows.clear();
    }
    rows.replaceAll((key, row) -> row.resting());
    frame.getGoneList().forEach(gone -> rows.remove(Key.of(gone)));
    full = frame.getFull();
    seconds = full ? 0 : (frame.getTimeNanos() - frameNanos) / NANOS_PER_SECOND;
    frameNanos = frame.getTimeNanos();
    windowNanos = frame.getWindowNanos();
    incompleteBecause = List.copyOf(frame.getIncompleteBecauseList());
  }

  private void take(SummaryFrame part) {
    for (SummaryRow row : part.getRowsList()) {
      Key key = Key.of(row);
      if (key.pid() == self && self != 0) {
        continue;
      }
      CallSums now = CallSums.of(row);
      CallSums earlier = Optional.ofNullable(rows.get(key)).map(Row::all).orElse(CallSums.NONE);
      // Of a full frame nobody knows how much of it is new.
      CallSums recent = full ? CallSums.NONE : now.minus(earlier);
      rows.put(key, new Row(key.pid(), row.getComm(), row.getSyscall(), now, recent));
    }
  }

  Collection<Row> rows() {
    return rows.values();
  }

  /** From the last frame but one to the last; 0 when there was but one. */
  double seconds() {
    return seconds;
  }

  /** Since counting began. */
  double windowSeconds() {
    return windowNanos / NANOS_PER_SECOND;
  }

  /** Empty when nothing that should have been counted was missed. */
  List<String> incompleteBecause() {
    return incompleteBecause;
  }
}
