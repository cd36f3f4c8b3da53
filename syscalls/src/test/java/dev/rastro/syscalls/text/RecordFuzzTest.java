package dev.rastro.syscalls.text;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.rastro.syscalls.record.BatchReader;
import dev.rastro.syscalls.record.MalformedRecord;
import dev.rastro.syscalls.record.PendingEntries;
import dev.rastro.syscalls.record.RandomRecords;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random and damaged batches of records, read as the client reads them. {@code -Dfuzz.tries=N}
 * tries that many records per architecture, {@code -Dfuzz.seed=N} others. A failure names the seed
 * of its batch.
 */
final class RecordFuzzTest {
  private static final int TRIES = Integer.getInteger("fuzz.tries", 100_000);
  private static final long SEED = Long.getLong("fuzz.seed", 20261122);
  private static final int RECORDS_MOST = 8;

  /**
   * What reading one batch may allocate: its records' text and values, and the readers' indexes and
   * buffers while they still grow, and the parts of the table that are parsed when first met.
   */
  private static final long ALLOCATED_MOST_BYTES = 16 << 20;

  private static final int TEXT_MOST_BYTES = 4 << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final TextBuffer out = new TextBuffer();
  private final BatchReader batch = new BatchReader();
  private final PendingEntries pending = new PendingEntries();
  private long written;
  private long refused;
  private long mostAllocated;

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void whateverTheBytesAreTheyAreReadOrRefused(Architecture architecture) {
    SyscallTable table = SyscallTable.load(architecture);
    List<Syscall> calls = table.all();
    LineWriter brief = new LineWriter(table, TextOptions.DEFAULT);
    LineWriter verbose = new LineWriter(table, new TextOptions(4096, true, 40));
    long tried = 0;
    for (long seed = SEED; tried < TRIES; seed++) {
      Random random = new Random(seed);
      int records = 1 + random.nextInt(RECORDS_MOST);
      ByteBuffer bytes = RandomRecords.batch(random, calls, records);
      try {
        read(bytes, random.nextInt(4) == 0 ? verbose : brief);
      } catch (RuntimeException | AssertionError | StackOverflowError | OutOfMemoryError e) {
        throw new AssertionError(architecture + ", batch of seed " + seed + ": " + e, e);
      }
      tried += records;
    }
    System.out.printf(
        "fuzz: %s: %d records tried, %d lines written, %d times refused, at most %d bytes"
            + " allocated for a batch%n",
        architecture, tried, written, refused, mostAllocated);
    assertTrue(written > tried / 4, "only " + written + " of " + tried + " were written");
    assertTrue(refused > tried / 100, "only " + refused + " of " + tried + " were refused");
  }

  private void read(ByteBuffer bytes, LineWriter writer) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    batch.wrap(bytes, 0, bytes.limit());
    while (next()) {
      RecordReader record = batch.record();
      out.clear();
      if (record.kind() == RecordLayout.CALL_ENTER) {
        pending.keep(record);
      } else if (writer.line(pending.take(record), out)) {
        written++;
      }
      assertTrue(out.array().length <= TEXT_MOST_BYTES, "the text grew to " + out.array().length);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    mostAllocated = Math.max(mostAllocated, allocated);
    assertTrue(allocated <= ALLOCATED_MOST_BYTES, allocated + " bytes allocated");
  }

  /** Goes on after a record that is refused, as long as the batch itself is sound. */
  private boolean next() {
    while (true) {
      try {
        return batch.next();
      } catch (MalformedRecord expected) {
        refused++;
      }
    }
  }
}
