package dev.rastro.syscalls.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

final class RecordReaderTest {

  @Test
  void findsSegmentsByAddressArgumentAndPhase() {
    RecordReader record =
        RecordBuilder.call(0, 0, 1)
            .atEntry(1, 0x1000, new byte[4])
            .memory(2, 0x1000, new byte[4])
            .memory(1, 0x1000, new byte[12])
            .read();
    assertEquals(0, record.find(0x1000, 1, RecordReader.Phase.IN));
    assertEquals(2, record.find(0x1000, 1, RecordReader.Phase.OUT));
    assertEquals(1, record.find(0x1000, 2, RecordReader.Phase.IN));
    assertEquals(RecordReader.NO_SEGMENT, record.find(0x1008, 1, RecordReader.Phase.IN));
    assertEquals(12, record.segmentLength(2));
  }

  @Test
  void refusesCutSegments() {
    RecordBuilder builder = RecordBuilder.call(0, 0, 1).string(1, 0x1000, "/etc/passwd");
    MalformedRecord refused =
        assertThrows(
            MalformedRecord.class,
            () -> new RecordReader().wrap(builder.buffer(), 0, builder.length() - 8));
    assertTrue(refused.getMessage().contains("segment is longer"), refused.getMessage());
  }

  @Test
  void refusesUnknownKinds() {
    RecordBuilder builder = RecordBuilder.call(0, 0, 1).kind(99);
    assertThrows(MalformedRecord.class, builder::read);
  }

  @Test
  void walksABatchPastARecordThatIsMalformed() {
    ByteBuffer batch = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
    put(batch, RecordBuilder.call(1, 0));
    put(batch, RecordBuilder.call(2, 0).kind(99));
    put(batch, RecordBuilder.exit(0));
    BatchReader reader = new BatchReader().wrap(batch, 0, batch.position());
    assertTrue(reader.next());
    assertEquals(1, reader.record().number());
    assertThrows(MalformedRecord.class, reader::next);
    assertTrue(reader.next());
    assertEquals(RecordLayout.EXIT, reader.record().kind());
    assertFalse(reader.next());
  }

  private static void put(ByteBuffer batch, RecordBuilder record) {
    batch.putInt(record.length()).putInt(0);
    batch.put(record.buffer().slice(0, record.length()));
  }
}
