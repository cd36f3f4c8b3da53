package dev.rastro.daemon.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AggregateTablesTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void rowIndexAgreesWithAMap() {
    RowIndex index = new RowIndex(1000);
    Map<Long, Integer> model = new HashMap<>();
    Random random = new Random(7);
    for (int i = 0; i < 200_000; i++) {
      // Few bits: keys meet again, and their homes collide.
      long key = (long) random.nextInt(1500) << (random.nextInt(3) * 20);
      if (random.nextInt(3) == 0) {
        index.remove(key);
        model.remove(key);
      } else if (!model.containsKey(key)) {
        int row = index.add(key);
        assertEquals(model.size() == 1000, row == RowIndex.NO_ROW);
        if (row >= 0) {
          model.put(key, row);
        }
      }
      assertEquals(model.size(), index.size());
    }
    model.forEach((key, row) -> assertEquals(row, index.find(key)));
    assertEquals(
        model.size(),
        java.util.stream.IntStream.range(0, index.rowLimit()).filter(index::isUsed).count());
  }

  @Test
  void processIsTheSameWhetherProcOrARecordToldOfIt() {
    ProcessTable table = new ProcessTable();
    int fromProc = table.rowOf(77, 12_340_000_000L);
    int fromRecord = table.rowOf(77, 12_345_678_901L);
    assertEquals(fromProc, fromRecord);
    assertEquals(12_345_678_901L, table.process(fromProc).startNanos());
    assertFalse(fromProc == table.rowOf(77, 99 * SECOND), "a pid that was reused");
  }

  @Test
  void howAProcessEndedMayBeToldLaterThanThatItDid() {
    ProcessTable table = new ProcessTable();
    int row = table.rowOf(1, SECOND);
    table.endUntold(row, 1);
    assertFalse(table.isAlive(row));
    assertTrue(table.end(row, 256, 2), "its record waited in the ring");
    assertFalse(table.end(row, 9, 3), "it ends once");
    table.endUntold(row, 4);
    assertFalse(table.end(row, 9, 5), "it ends once");
    assertEquals(row, table.oldestEnded(2));
    table.evictOldest();
    int later = table.rowOf(2, SECOND);
    assertTrue(table.end(later, 1, 6));
  }

  @Test
  void onlyAProcessThatWasFoldedAfterItsEndMayBeEvicted() {
    ProcessTable table = new ProcessTable();
    int row = table.rowOf(1, SECOND);
    assertEquals(RowIndex.NO_ROW, table.oldestEnded(Long.MAX_VALUE));
    assertTrue(table.end(row, 9, 5));
    assertFalse(table.end(row, 9, 6), "it ends once");
    assertEquals(RowIndex.NO_ROW, table.oldestEnded(5), "the kernel may still have news of it");
    assertEquals(row, table.oldestEnded(6));
    table.evictOldest();
    assertEquals(0, table.size());
  }

  @Test
  void mergedRowsKeepTheirSums() {
    CounterTable table = new CounterTable();
    for (int process = 1; process <= 3; process++) {
      int row = table.rowOf(process, 39);
      table.calls[row] = process;
      table.histogram[row * Histogram.BUCKETS] = process;
      table.merge(process, 0);
    }
    int merged = table.rowOf(0, 39);
    assertEquals(6, table.calls[merged]);
    assertEquals(6, table.histogram[merged * Histogram.BUCKETS]);
    assertEquals(1, table.index.size());
  }

  @Test
  void bucketsBelongToTheirPowers() {
    assertEquals(40, Histogram.belowNanos(0));
    assertEquals(64, Histogram.belowNanos(3));
    assertEquals(80, Histogram.belowNanos(4));
    assertEquals(Histogram.NO_EDGE, Histogram.belowNanos(Histogram.BUCKETS - 1));
    long[] counts = new long[Histogram.BUCKETS];
    counts[3] = 90;
    counts[20] = 10;
    Histogram histogram = new Histogram(0, counts);
    assertEquals(64, histogram.quantileNanos(0.9));
    assertEquals(Histogram.belowNanos(20), histogram.quantileNanos(0.99));
    assertEquals(0, new Histogram(0, new long[0]).quantileNanos(0.5));
  }
}
