// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.aggregate.Histogram;
import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.kernel.ProcessKey;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.SummaryFrame;
import dev.rastro.v1.SummaryRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SummaryFramesTest {
  private final SummaryFrames frames =
      new SummaryFrames(
          new SummaryRows(SyscallTable.load(Architecture.X86_64), SummaryRows.STANDARD_FRACTIONS));

  @Test
  void theFirstIsFullAndTheOthersTellWhatHasChanged() {
    SummaryFrame first = only(frames.next(snapshot(row(1, 0, 5), row(1, 1, 7), row(2, 0, 1)), 10));
    assertTrue(first.getFull());
    assertEquals(List.of(5L, 7L, 1L), calls(first));
    SummaryFrame second = only(frames.next(snapshot(row(1, 0, 5), row(1, 1, 9), row(2, 0, 1)), 20));
    assertFalse(second.getFull());
    assertEquals(List.of(9L), calls(second));
    assertEquals(20, second.getTimeNanos());
    SummaryFrame none = only(frames.next(snapshot(row(1, 0, 5), row(1, 1, 9), row(2, 0, 1)), 30));
    assertEquals(0, none.getRowsCount() + none.getGoneCount(), "silence is told too");
  }

  @Test
  void whatIsNoMoreIsToldByItsKey() {
    List<SummaryFrame> unused = frames.next(snapshot(row(1, 0, 5), row(2, 0, 1)), 10);
    SummaryFrame second = only(frames.next(snapshot(row(2, 0, 1), row(0, 0, 5)), 20));
    assertEquals(1, second.getGoneCount());
    assertEquals(1, second.getGone(0).getProcess().getPid());
    assertEquals(0, second.getGone(0).getNumber());
    assertEquals(List.of(5L), calls(second), "the sum of those that were forgotten");
  }

  @Test
  void commandsAreTheirNames() {
    List<SummaryFrame> unused = frames.next(snapshot(command("sh", 5), command("cat", 1)), 10);
    SummaryFrame second = only(frames.next(snapshot(command("sh", 5), command("cat", 2)), 20));
    assertEquals(List.of("cat"), second.getRowsList().stream().map(SummaryRow::getComm).toList());
  }

  @Test
  void aFrameOfManyRowsIsSeveralMessages() {
    List<Snapshot.Row> rows = new ArrayList<>();
    for (int pid = 1; pid <= 2 * SummaryFrames.MAX_ROWS + 1; pid++) {
      rows.add(row(pid, 3, pid));
    }
    List<SummaryFrame> messages = frames.next(new Snapshot(rows, List.of(), 1), 10);
    assertEquals(
        List.of(true, true, false), messages.stream().map(SummaryFrame::getContinues).toList());
    assertEquals(rows.size(), messages.stream().mapToInt(SummaryFrame::getRowsCount).sum());
    assertEquals(1, messages.get(2).getRowsCount());
  }

  private static SummaryFrame only(List<SummaryFrame> messages) {
    assertEquals(1, messages.size());
    return messages.get(0);
  }

  private static List<Long> calls(SummaryFrame frame) {
    return frame.getRowsList().stream().map(SummaryRow::getCalls).toList();
  }

  private static Snapshot snapshot(Snapshot.Row... rows) {
    return new Snapshot(List.of(rows), List.of(), 1);
  }

  private static Snapshot.Row row(int pid, int slot, long calls) {
    return row(pid == 0 ? ProcessKey.NONE : new ProcessKey(pid, 1), "x", slot, calls);
  }

  private static Snapshot.Row command(String name, long calls) {
    return row(ProcessKey.NONE, name, Snapshot.Row.NO_SLOT, calls);
  }

  private static Snapshot.Row row(ProcessKey process, String comm, int slot, long calls) {
    return new Snapshot.Row(
        process, 0, comm, slot, calls, 0, 0, 0, 0, 0, true, Histogram.EMPTY, Map.of(), 0, 0);
  }
}
