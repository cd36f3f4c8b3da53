package dev.rastro.syscalls.record;

import java.nio.ByteBuffer;

/**
 * Walks a batch: u32 length, u32 zero, the record, padded to 8 bytes, repeated.
 *
 * <pre>{@code
 * batch.wrap(buffer, 0, buffer.limit());
 * while (batch.next()) {
 *   use(batch.record());
 * }
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class BatchReader {
  private final RecordReader reader = new RecordReader();
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private int position;
  private int end;

  /** Starts a batch of {@code length} bytes at {@code offset} of a little-endian buffer. */
  public BatchReader wrap(ByteBuffer buffer, int offset, int length) {
    if (offset < 0 || length < 0 || length > buffer.limit() - offset) {
      throw new MalformedRecord("batch does not fit the buffer", length, offset);
    }
    this.buffer = buffer;
    position = offset;
    end = offset + length;
    return this;
  }

  /**
   * Moves to the next record.
   *
   * @return false at the end
   * @throws MalformedRecord when the batch is cut or holds something that is no record; a record
   *     with a sound frame is passed over, so the caller may go on with the next
   */
  public boolean next() {
    if (position == end) {
      return false;
    }
    int at = position;
    position = end;
    if (end - at < RecordLayout.BATCH_HEAD_BYTES) {
      throw new MalformedRecord("batch is cut inside a frame", end - at, at);
    }
    long bytes = buffer.getInt(at) & 0xffffffffL;
    if (bytes > end - at - RecordLayout.BATCH_HEAD_BYTES) {
      throw new MalformedRecord("record is longer than the batch", bytes, at);
    }
    position = (int) Math.min(end, at + RecordLayout.BATCH_HEAD_BYTES + RecordLayout.padded(bytes));
    reader.wrap(buffer, at + RecordLayout.BATCH_HEAD_BYTES, (int) bytes);
    return true;
  }

  /** The current record; valid until {@link #next} is called again. */
  public RecordReader record() {
    return reader;
  }
}
