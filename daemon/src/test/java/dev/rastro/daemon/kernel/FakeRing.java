package dev.rastro.daemon.kernel;

import dev.rastro.syscalls.record.RecordLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A ring whose producer is the test. */
final class FakeRing {
  static final int SIZE = 4096;

  final ByteBuffer consumer = direct(4096);
  final ByteBuffer producer = direct(4096);
  final ByteBuffer data = direct(2 * SIZE);
  private long produced;

  RingBuffer open(int index) {
    return new RingBuffer(consumer, producer, data, index);
  }

  long produced() {
    return produced;
  }

  long consumed() {
    return consumer.getLong(0);
  }

  /**
   * A record that begins with a value, in place of the sessions of a real one.
   *
   * @param length at least that of a record's head
   * @param flags BUSY, DISCARD or neither
   * @return where its header stands, for {@link #submit}
   */
  long put(long value, long nanos, int length, int flags) {
    long at = produced;
    int offset = (int) (at % SIZE) + Run.HEADER_BYTES;
    setInt((int) (at % SIZE), length | flags);
    setLong(offset, value);
    setLong(offset + RecordLayout.HEAD_TIME_OFFSET, nanos);
    setInt(offset + RecordLayout.HEAD_KIND_OFFSET, RecordLayout.EXIT);
    produced += Run.HEADER_BYTES + ((length + 7) & ~7);
    producer.putLong(0, produced);
    return at;
  }

  /** A call that was entered at one time and lasted for another. */
  void putCall(long value, long nanos, long durationNanos) {
    int offset = (int) (put(value, nanos, RecordLayout.CALL_BYTES, 0) % SIZE);
    setInt(offset + Run.HEADER_BYTES + RecordLayout.HEAD_KIND_OFFSET, RecordLayout.CALL);
    setLong(offset + Run.HEADER_BYTES + RecordLayout.CALL_DURATION_OFFSET, durationNanos);
  }

  /** What was put as BUSY is there now. */
  void submit(long at, int length) {
    setInt((int) (at % SIZE), length);
  }

  /** The second half mirrors the first, as the kernel maps it. */
  private void setLong(int offset, long value) {
    data.putLong(offset, value);
    data.putLong((offset + SIZE) % (2 * SIZE), value);
  }

  private void setInt(int offset, int value) {
    data.putInt(offset, value);
    data.putInt((offset + SIZE) % (2 * SIZE), value);
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
