// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.bpf.CaptureObject;
import dev.rastro.daemon.kernel.Capture;
import dev.rastro.daemon.kernel.CaptureOptions;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tagged because a fold reads the kernel's maps, which are empty; the records are synthetic. */
@Tag("kernel")
final class EvictionKernelTest {
  private static final int PROCESSES = 40_000;
  private static final int FOLD_EACH = 1000;
  private static final int SLOT = 39;
  private static final int STATUS = 3 << 8;

  private final ByteBuffer record =
      ByteBuffer.allocateDirect(RecordLayout.FORK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  @Test
  void thoseThatEndedLongestAgoMakeRoomAndTheirSumsStay() throws Exception {
    Aggregator aggregator = new Aggregator();
    Summaries summaries = new Summaries(aggregator);
    Census census = new Census(aggregator, summaries, SyscallTable.load(Architecture.current()));
    try (Capture capture = Capture.open(CaptureObject.read(), CaptureOptions.defaults())) {
      for (int pid = 1; pid <= PROCESSES; pid++) {
        aggregator.onFork(fork(pid), 0, 1);
        int process = aggregator.processes.find(pid, pid * 1_000_000_000L);
        int counter = aggregator.counters.rowOf(process, SLOT);
        aggregator.counters.calls[counter] = 1;
        aggregator.onExit(exit(pid), 0, 1);
        if (pid % FOLD_EACH == 0) {
          int unused = aggregator.fold(capture.counters(), capture.errors(), tgid -> 0);
        }
      }
    }
    Roll roll = census.call(0, 0, 1);
    assertEquals(PROCESSES, roll.processes().size() + roll.forgotten());
    assertTrue(roll.processes().size() < Aggregator.MAX_PROCESSES);
    assertTrue(roll.forgotten() >= PROCESSES - Aggregator.MAX_PROCESSES);
    assertTrue(roll.processes().stream().noneMatch(one -> one.key().pid() == 1), "the first");
    assertTrue(roll.processes().stream().anyMatch(one -> one.key().pid() == PROCESSES), "the last");
    assertEquals(List.of(new ProgramExits("", 33, STATUS, PROCESSES)), roll.exits());
    Snapshot byCall = sums(summaries, Query.By.SYSCALL);
    assertEquals(PROCESSES, byCall.rows().get(0).calls());
    assertTrue(byCall.complete(), byCall.incompleteBecause()::toString);
    Snapshot byProcess = sums(summaries, Query.By.PROCESS);
    assertFalse(byProcess.complete());
    assertEquals(
        List.of(roll.forgotten() + " ended processes were merged into one row to make room"),
        byProcess.incompleteBecause());
    assertEquals(PROCESSES, byProcess.rows().stream().mapToLong(Snapshot.Row::calls).sum());
  }

  private static Snapshot sums(Summaries summaries, Query.By by) {
    return summaries.whole(new Query(by, Set.of(), new BitSet()), Window.WHOLE, 0, 1, List.of());
  }

  private ByteBuffer fork(int child) {
    record.clear();
    record.putInt(RecordLayout.HEAD_TGID_OFFSET, PROCESSES + 1);
    record.putInt(RecordLayout.FORK_CHILD_TGID_OFFSET, child);
    record.putLong(RecordLayout.FORK_CHILD_START_OFFSET, child * 1_000_000_000L);
    record.putInt(RecordLayout.FORK_UID_OFFSET, 33);
    return record;
  }

  private ByteBuffer exit(int pid) {
    record.clear();
    record.putInt(RecordLayout.HEAD_TGID_OFFSET, pid);
    record.putLong(RecordLayout.EXIT_START_OFFSET, pid * 1_000_000_000L);
    record.putInt(RecordLayout.EXIT_STATUS_OFFSET, STATUS);
    record.putInt(RecordLayout.EXIT_PROCESS_ENDED_OFFSET, 1);
    record.putLong(RecordLayout.EXIT_COMM_OFFSET, 0);
    record.putInt(RecordLayout.EXIT_UID_OFFSET, 33);
    return record;
  }
}
