// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.detail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes the record of a call as the capture program lays it out. */
final class CallBytes {
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 17).order(ByteOrder.LITTLE_ENDIAN);

  private final RecordReader reader = new RecordReader();

  private CallBytes() {}

  static CallBytes of(SyscallTable table, String name, long result, long... arguments) {
    CallBytes bytes = new CallBytes();
    bytes.buffer.putInt(RecordLayout.HEAD_NR_OFFSET, table.find(name).orElseThrow().number());
    bytes.buffer.put(RecordLayout.HEAD_KIND_OFFSET, (byte) RecordLayout.CALL);
    bytes.buffer.putLong(RecordLayout.CALL_RESULT_OFFSET, result);
    for (int i = 0; i < arguments.length; i++) {
      bytes.buffer.putLong(RecordLayout.CALL_ARGS_OFFSET + Long.BYTES * i, arguments[i]);
    }
    bytes.buffer.position(RecordLayout.CALL_BYTES);
    return bytes;
  }

  CallBytes string(int argument, long address, String text) {
    return segment(argument, address, RecordLayout.STRING, 0, text.getBytes(ISO_8859_1));
  }

  /** A string that was longer than what was captured of it. */
  CallBytes cut(int argument, long address, String text) {
    return segment(
        argument, address, RecordLayout.STRING, RecordLayout.TRUNCATED, text.getBytes(ISO_8859_1));
  }

  CallBytes data(int argument, long address, String text) {
    return segment(argument, address, RecordLayout.BYTES, 0, text.getBytes(ISO_8859_1));
  }

  CallBytes words(int argument, long address, long... words) {
    return segment(argument, address, RecordLayout.BYTES, 0, bytes(words));
  }

  CallBytes pointers(int argument, long address, long... words) {
    return segment(argument, address, RecordLayout.POINTERS, 0, bytes(words));
  }

  /** The path of the file whose data the call moves: empty when it has none. */
  CallBytes tail(String... names) {
    buffer.putShort(RecordLayout.HEAD_FLAGS_OFFSET, (short) RecordLayout.TAIL_TOLD);
    String tail = String.join("\0", names) + (names.length == 0 ? "" : "\0");
    return segment(0, 3, RecordLayout.TAIL, 0, tail.getBytes(ISO_8859_1));
  }

  private static byte[] bytes(long... words) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long word : words) {
      bytes.putLong(word);
    }
    return bytes.array();
  }

  private CallBytes segment(int argument, long address, int kind, int status, byte[] bytes) {
    int at = buffer.position();
    buffer.putLong(at + RecordLayout.SEGMENT_ADDRESS_OFFSET, address);
    buffer.putLong(at + RecordLayout.SEGMENT_WANTED_OFFSET, bytes.length);
    buffer.putInt(at + RecordLayout.SEGMENT_LENGTH_OFFSET, bytes.length);
    buffer.put(at + RecordLayout.SEGMENT_ARG_OFFSET, (byte) argument);
    buffer.put(at + RecordLayout.SEGMENT_KIND_OFFSET, (byte) kind);
    buffer.put(at + RecordLayout.SEGMENT_STATUS_OFFSET, (byte) status);
    buffer.put(at + RecordLayout.SEGMENT_HEAD_BYTES, bytes);
    buffer.position(at + RecordLayout.SEGMENT_HEAD_BYTES + (int) RecordLayout.padded(bytes.length));
    return this;
  }

  RecordReader read() {
    return new RecordReader().wrap(buffer, 0, buffer.position());
  }

  /** The same object each time. */
  RecordReader reader() {
    return reader.wrap(buffer, 0, buffer.position());
  }
}
