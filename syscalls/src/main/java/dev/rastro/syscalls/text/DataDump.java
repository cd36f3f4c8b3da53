package dev.rastro.syscalls.text;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Syscall;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Set;

/**
 * The bytes that went through chosen descriptors, sixteen a line, below the call that moved them.
 * What was not captured is not shown.
 */
public final class DataDump {
  private static final int BYTES_PER_LINE = 16;
  private static final int HALF = 8;
  private static final int OFFSET_DIGITS = 5;
  private static final int TEXT_COLUMN = 60;

  /** Vectors are cut here by the kernel too. */
  private static final int VECTORS_MAX = 1024;

  private static final int VECTOR_BYTES = 16;
  private static final int HEADER_VECTORS_AT = 16;
  private static final int HEADER_COUNT_AT = 24;
  private static final int HEADER_BYTES = 32;

  private static final int BUFFER = 1;
  private static final int COUNT = 2;

  private static final Set<String> READS =
      Set.of("read", "pread64", "recv", "recvfrom", "mq_timedreceive");
  private static final Set<String> WRITES =
      Set.of("write", "pwrite64", "send", "sendto", "mq_timedsend");
  private static final Set<String> VECTOR_READS = Set.of("readv", "preadv", "preadv2");
  private static final Set<String> VECTOR_WRITES =
      Set.of("writev", "pwritev", "pwritev2", "vmsplice");
  private static final String RECEIVE = "recvmsg";
  private static final String SEND = "sendmsg";

  private final BitSet read;
  private final BitSet written;

  /** Which descriptors' data is shown. */
  public DataDump(BitSet read, BitSet written) {
    this.read = (BitSet) read.clone();
    this.written = (BitSet) written.clone();
  }

  public boolean isEmpty() {
    return read.isEmpty() && written.isEmpty();
  }

  /**
   * Appends whole lines, each after a newline; nothing when the call moved nothing of these.
   *
   * @param memory the call's record, with its arguments and memory
   * @param result bytes that went through
   */
  public void write(Syscall call, RecordReader memory, long result, TextBuffer out) {
    long descriptor = memory.argument(0);
    if (result <= 0 || descriptor < 0 || descriptor > Integer.MAX_VALUE) {
      return;
    }
    String name = call.name();
    if (read.get((int) descriptor)) {
      moved(name, memory, result, Phase.OUT, out);
    }
    if (written.get((int) descriptor)) {
      moved(name, memory, result, Phase.IN, out);
    }
  }

  private static void moved(
      String name, RecordReader memory, long result, Phase phase, TextBuffer out) {
    boolean reads = phase == Phase.OUT;
    long address = memory.argument(BUFFER);
    if ((reads ? READS : WRITES).contains(name)) {
      long count = reads ? result : memory.argument(COUNT);
      int segment = memory.find(address, BUFFER, phase);
      if (segment != RecordReader.NO_SEGMENT) {
        bytes(memory, segment, count, out);
      }
    } else if ((reads ? VECTOR_READS : VECTOR_WRITES).contains(name)) {
      vectors(memory, address, memory.argument(COUNT), reads ? result : Long.MAX_VALUE, phase, out);
    } else if (name.equals(reads ? RECEIVE : SEND)) {
      int header = memory.find(address, BUFFER, phase);
      if (header != RecordReader.NO_SEGMENT && memory.segmentLength(header) >= HEADER_BYTES) {
        int at = memory.segmentData(header);
        ByteBuffer buffer = memory.buffer();
        vectors(
            memory,
            buffer.getLong(at + HEADER_VECTORS_AT),
            buffer.getLong(at + HEADER_COUNT_AT),
            reads ? result : Long.MAX_VALUE,
            phase,
            out);
      }
    }
  }

  private static void vectors(
      RecordReader memory, long address, long count, long most, Phase phase, TextBuffer out) {
    int vector = memory.find(address, BUFFER, Phase.IN);
    if (vector == RecordReader.NO_SEGMENT) {
      return;
    }
    long there =
        Math.min(Math.min(count, VECTORS_MAX), memory.segmentLength(vector) / VECTOR_BYTES);
    long left = most;
    for (int i = 0; i < there && left > 0; i++) {
      int at = memory.segmentData(vector) + i * VECTOR_BYTES;
      long base = memory.buffer().getLong(at);
      long length = Math.min(memory.buffer().getLong(at + Long.BYTES), left);
      int segment = length > 0 ? memory.find(base, BUFFER, phase) : RecordReader.NO_SEGMENT;
      if (segment != RecordReader.NO_SEGMENT) {
        out.append("\n * ").appendUnsigned(length).append(" bytes in buffer ").appendDecimal(i);
        bytes(memory, segment, length, out);
      }
      left -= Math.max(length, 0);
    }
  }

  private static void bytes(RecordReader memory, int segment, long count, TextBuffer out) {
    ByteBuffer buffer = memory.buffer();
    int from = memory.segmentData(segment);
    int length = (int) Math.min(memory.segmentLength(segment), count);
    for (int offset = 0; offset < length; offset += BYTES_PER_LINE) {
      line(buffer, from, offset, Math.min(length - offset, BYTES_PER_LINE), out);
    }
  }

  private static void line(ByteBuffer buffer, int from, int offset, int count, TextBuffer out) {
    out.append('\n');
    int start = out.length();
    out.append(" | ").appendHexDigits(offset, OFFSET_DIGITS).append(' ');
    for (int i = 0; i < count; i++) {
      if (i % HALF == 0) {
        out.append(' ');
      }
      out.appendHexDigits(buffer.get(from + offset + i), 2).append(' ');
    }
    out.padTo(start, TEXT_COLUMN);
    for (int i = 0; i < count; i++) {
      byte b = buffer.get(from + offset + i);
      out.append(b >= ' ' && b < 0x7f ? (char) b : '.');
    }
    out.padTo(start, TEXT_COLUMN + BYTES_PER_LINE).append(" |");
  }
}
