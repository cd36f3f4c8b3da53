package dev.rastro.syscalls.record;

import dev.rastro.syscalls.table.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;

/**
 * Batches that are sound for a good part, so that they reach the decoders, and wrong in places:
 * bytes changed, lengths that lie, ends cut off, or noise from the first byte on.
 */
public final class RandomRecords {
  private static final int RECORD_BYTES_MOST = 4096;
  private static final int SEGMENTS_MOST = 5;
  private static final int SEGMENT_BYTES_MOST = 256;
  private static final int KINDS = 9;
  private static final long[] CURIOUS = {
    0,
    1,
    2,
    8,
    16,
    64,
    128,
    255,
    256,
    4096,
    65535,
    65536,
    Integer.MAX_VALUE,
    0x80000000L,
    0xffffffffL,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -2,
    -14,
    -512,
    -4095,
    -4096
  };

  private RandomRecords() {}

  /** A little-endian buffer from 0 to its limit. */
  public static ByteBuffer batch(Random random, List<Syscall> calls, int records) {
    ByteBuffer batch =
        ByteBuffer.allocate(records * (RECORD_BYTES_MOST + RecordLayout.BATCH_HEAD_BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < records; i++) {
      int head = batch.position();
      batch.position(head + RecordLayout.BATCH_HEAD_BYTES);
      Syscall call = calls.get(random.nextInt(calls.size()));
      switch (random.nextInt(8)) {
        case 0 -> noise(random, batch);
        case 1 -> lifecycle(random, batch);
        default -> call(random, call, batch);
      }
      int start = head + RecordLayout.BATCH_HEAD_BYTES;
      int length = batch.position() - start;
      if (random.nextInt(3) == 0) {
        damage(random, batch, start, length);
      }
      if (random.nextInt(8) == 0) {
        length = random.nextInt(length + 1);
      }
      boolean lies = random.nextInt(64) == 0;
      batch.putInt(head, lies ? (int) number(random) : length);
      batch.position(start + (int) RecordLayout.padded(length));
    }
    int end = batch.position();
    batch.limit(random.nextInt(16) == 0 ? random.nextInt(end + 1) : end);
    return batch;
  }

  private static void noise(Random random, ByteBuffer batch) {
    byte[] bytes = new byte[random.nextInt(512)];
    random.nextBytes(bytes);
    batch.put(bytes);
  }

  private static void lifecycle(Random random, ByteBuffer batch) {
    int start = batch.position();
    byte[] bytes = new byte[RecordLayout.HEAD_BYTES + random.nextInt(RecordLayout.EXEC_BYTES)];
    random.nextBytes(bytes);
    bytes[RecordLayout.HEAD_KIND_OFFSET] = (byte) random.nextInt(KINDS);
    batch.put(bytes);
    if (random.nextBoolean()) {
      // siginfo: a signal, errno and code of which there are kinds.
      batch.putInt(start + RecordLayout.HEAD_NR_OFFSET, random.nextInt(70));
    }
  }

  private static void call(Random random, Syscall call, ByteBuffer batch) {
    int start = batch.position();
    batch.putInt(start + RecordLayout.HEAD_TGID_OFFSET, 100);
    batch.putInt(start + RecordLayout.HEAD_TID_OFFSET, random.nextInt(4));
    batch.putInt(start + RecordLayout.HEAD_NR_OFFSET, call.number());
    boolean enters = random.nextInt(16) == 0;
    batch.put(
        start + RecordLayout.HEAD_KIND_OFFSET,
        (byte) (enters ? RecordLayout.CALL_ENTER : RecordLayout.CALL));
    batch.put(start + RecordLayout.HEAD_ABI_OFFSET, (byte) (random.nextInt(32) == 0 ? 1 : 0));
    batch.putShort(
        start + RecordLayout.HEAD_FLAGS_OFFSET,
        (short) (random.nextInt(4) == 0 ? random.nextInt(16) : 0));
    batch.putLong(start + RecordLayout.CALL_RESULT_OFFSET, number(random));
    long[] registers = new long[RecordLayout.ARGS];
    for (int i = 0; i < registers.length; i++) {
      registers[i] = random.nextInt(2) == 0 ? number(random) : 0x1000L * (i + 1);
      batch.putLong(start + RecordLayout.CALL_ARGS_OFFSET + Long.BYTES * i, registers[i]);
    }
    batch.position(start + RecordLayout.CALL_BYTES);
    for (int i = random.nextInt(SEGMENTS_MOST + 1); i > 0; i--) {
      segment(random, registers, batch);
    }
  }

  private static void segment(Random random, long[] registers, ByteBuffer batch) {
    int argument = random.nextInt(RecordLayout.ARGS + 1);
    boolean nested = argument == RecordLayout.ARGS;
    int length = random.nextInt(SEGMENT_BYTES_MOST);
    batch.putLong(nested ? 0x1000L * random.nextInt(9) : registers[argument]);
    batch.putLong(random.nextInt(4) == 0 ? number(random) : length);
    batch.putInt(length);
    batch.put((byte) random.nextInt(RecordLayout.OPS)).put((byte) argument);
    batch.put((byte) (1 + random.nextInt(3)));
    batch.put((byte) (random.nextInt(3) == 0 ? random.nextInt(16) : 0));
    int data = batch.position();
    byte[] bytes = new byte[(int) RecordLayout.padded(length)];
    random.nextBytes(bytes);
    batch.put(bytes);
    // Words that may be pointers to another segment, sizes or flags.
    for (int at = 0; at + Long.BYTES <= length; at += Long.BYTES) {
      switch (random.nextInt(3)) {
        case 0 -> batch.putLong(data + at, 0x1000L * random.nextInt(9));
        case 1 -> batch.putLong(data + at, number(random));
        default -> batch.putInt(data + at, random.nextInt(64));
      }
    }
  }

  private static void damage(Random random, ByteBuffer batch, int start, int length) {
    for (int i = random.nextInt(6); i > 0 && length > 0; i--) {
      batch.put(start + random.nextInt(length), (byte) random.nextInt(256));
    }
  }

  private static long number(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> CURIOUS[random.nextInt(CURIOUS.length)];
      case 1 -> random.nextLong();
      case 2 -> -random.nextInt(600);
      default -> random.nextInt(64);
    };
  }
}
