package dev.rastro.syscalls.record;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes records as the capture program lays them out. */
public final class RecordBuilder {
  private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024).order(ByteOrder.LITTLE_ENDIAN);

  private RecordBuilder(int kind, int number, int bytes) {
    buffer.putInt(RecordLayout.HEAD_TGID_OFFSET, 100);
    buffer.putInt(RecordLayout.HEAD_TID_OFFSET, 100);
    buffer.putInt(RecordLayout.HEAD_NR_OFFSET, number);
    buffer.put(RecordLayout.HEAD_KIND_OFFSET, (byte) kind);
    buffer.position(bytes);
  }

  public static RecordBuilder call(int number, long result, long... arguments) {
    RecordBuilder builder = new RecordBuilder(RecordLayout.CALL, number, RecordLayout.CALL_BYTES);
    builder.buffer.putLong(RecordLayout.CALL_RESULT_OFFSET, result);
    for (int i = 0; i < arguments.length; i++) {
      builder.buffer.putLong(RecordLayout.CALL_ARGS_OFFSET + 8 * i, arguments[i]);
    }
    return builder;
  }

  public static RecordBuilder signal(int number, ByteBuffer siginfo) {
    RecordBuilder builder =
        new RecordBuilder(RecordLayout.SIGNAL_DELIVER, number, RecordLayout.SIGNAL_BYTES);
    builder.buffer.put(RecordLayout.SIGNAL_SIGINFO_OFFSET, siginfo, 0, RecordLayout.SIGINFO_BYTES);
    return builder;
  }

  public static RecordBuilder exit(int status) {
    RecordBuilder builder = new RecordBuilder(RecordLayout.EXIT, 0, RecordLayout.EXIT_BYTES);
    builder.buffer.putInt(RecordLayout.EXIT_STATUS_OFFSET, status);
    return builder;
  }

  /** Little-endian memory of {@code words} 64-bit words. */
  public static byte[] longs(long... words) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long word : words) {
      bytes.putLong(word);
    }
    return bytes.array();
  }

  public static byte[] ints(int... words) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      bytes.putInt(word);
    }
    return bytes.array();
  }

  /** Each char one byte. */
  public static byte[] bytes(String latin1) {
    return latin1.getBytes(ISO_8859_1);
  }

  public RecordBuilder kind(int kind) {
    buffer.put(RecordLayout.HEAD_KIND_OFFSET, (byte) kind);
    return this;
  }

  public RecordBuilder abi(int abi) {
    buffer.put(RecordLayout.HEAD_ABI_OFFSET, (byte) abi);
    return this;
  }

  public RecordBuilder tid(int tid) {
    buffer.putInt(RecordLayout.HEAD_TID_OFFSET, tid);
    return this;
  }

  public RecordBuilder flags(int flags) {
    buffer.putShort(RecordLayout.HEAD_FLAGS_OFFSET, (short) flags);
    return this;
  }

  public RecordBuilder string(int argument, long address, String text) {
    return segment(argument, address, RecordLayout.STRING, 0, 0, bytes(text));
  }

  public RecordBuilder memory(int argument, long address, byte[] bytes) {
    return segment(argument, address, RecordLayout.BYTES, 0, bytes.length, bytes);
  }

  public RecordBuilder atEntry(int argument, long address, byte[] bytes) {
    return segment(
        argument, address, RecordLayout.BYTES, RecordLayout.AT_ENTRY, bytes.length, bytes);
  }

  public RecordBuilder pointers(int argument, long address, long... pointers) {
    return segment(
        argument, address, RecordLayout.POINTERS, 0, 8L * pointers.length, longs(pointers));
  }

  public RecordBuilder segment(
      int argument, long address, int kind, int status, long wanted, byte[] bytes) {
    buffer.putLong(address).putLong(wanted).putInt(bytes.length);
    buffer.put((byte) 0).put((byte) argument).put((byte) kind).put((byte) status);
    buffer.put(bytes);
    while (buffer.position() % 8 != 0) {
      buffer.put((byte) 0);
    }
    return this;
  }

  public int length() {
    return buffer.position();
  }

  public ByteBuffer buffer() {
    return buffer;
  }

  public RecordReader read() {
    return new RecordReader().wrap(buffer, 0, buffer.position());
  }
}
