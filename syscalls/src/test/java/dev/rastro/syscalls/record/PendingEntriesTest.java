package dev.rastro.syscalls.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

final class PendingEntriesTest {
  private final PendingEntries entries = new PendingEntries();

  private static RecordReader enter(int tid) {
    return RecordBuilder.call(59, 0, 0x1000)
        .kind(RecordLayout.CALL_ENTER)
        .tid(tid)
        .string(0, 0x1000, "/bin/ls")
        .read();
  }

  private static RecordReader exit(int tid) {
    return RecordBuilder.call(59, 0).tid(tid).flags(RecordLayout.HAS_ENTER).read();
  }

  @Test
  void joinsByThread() {
    entries.keep(enter(1));
    entries.keep(enter(2));
    RecordReader exit = exit(2);
    RecordReader joined = entries.take(exit);
    assertNotSame(exit, joined);
    assertEquals(2, joined.tid());
    assertEquals(1, joined.segmentCount());
    assertSame(exit, entries.take(exit), "taken once");
    assertEquals(1, entries.size());
  }

  @Test
  void followsTheThreadThatBecomesLeader() {
    entries.keep(enter(7));
    entries.rename(7, 5);
    assertEquals(1, entries.take(exit(5)).segmentCount());
  }

  @Test
  void dropsTheOldestBeyondItsLimitAndCountsIt() {
    for (int tid = 1; tid <= PendingEntries.LIMIT + 3; tid++) {
      entries.keep(enter(tid));
    }
    assertEquals(PendingEntries.LIMIT, entries.size());
    assertEquals(3, entries.dropped());
    RecordReader exit = exit(3);
    assertSame(exit, entries.take(exit));
  }
}
