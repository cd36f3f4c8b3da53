// SPDX-License-Identifier: Apache-2.0
package dev.rastro.syscalls.plan;

import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Makes the record of a call in which a thread sleeps, as the capture program would: carries out
 * the call's capture plan on the memory of a process that goes on living meanwhile. What the kernel
 * has to write is not there yet and is left out. Safe for use by several threads.
 */
public final class LiveCapture {
  private static final int IOVEC_BYTES = 16;
  private static final int IOCB_BYTES = 64;
  private static final int LOWER_HALF = 0xffff;
  private static final int MSGHDR_BYTES = 56;
  private static final int MMSGHDR_BYTES = 64;
  private static final int IOCTL_SIZE_SHIFT = 16;
  private static final int IOCTL_SIZE_MASK = 0x3fff;
  private static final long LONGEST = 1L << 32;

  private final CapturePlan plan;

  public LiveCapture(SyscallTable table, CaptureLimits limits) {
    this.plan = CapturePlan.compile(table, limits);
  }

  /**
   * A record of kind {@link RecordLayout#CALL_BLOCKED}.
   *
   * @param number of the native ABI, below {@link RecordLayout#SYSCALL_SLOTS}
   * @param arguments all six registers
   * @param timeNanos CLOCK_MONOTONIC of the entry, or of now with {@code entryKnown} false
   * @param paths of the files that descriptors stand for; asked only of calls that move data of
   *     files
   */
  public ByteBuffer record(
      int tgid,
      int tid,
      int number,
      List<Long> arguments,
      long timeNanos,
      boolean entryKnown,
      UserMemory memory,
      IntFunction<Optional<String>> paths) {
    ByteBuffer record =
        ByteBuffer.allocate(RecordLayout.CALL_BYTES + RecordLayout.PAYLOAD_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(RecordLayout.HEAD_TIME_OFFSET, timeNanos);
    record.putInt(RecordLayout.HEAD_TGID_OFFSET, tgid);
    record.putInt(RecordLayout.HEAD_TID_OFFSET, tid);
    record.putInt(RecordLayout.HEAD_NR_OFFSET, number);
    record.put(RecordLayout.HEAD_KIND_OFFSET, (byte) RecordLayout.CALL_BLOCKED);
    for (int i = 0; i < RecordLayout.ARGS; i++) {
      record.putLong(RecordLayout.CALL_ARGS_OFFSET + i * Long.BYTES, arguments.get(i));
    }
    record.position(RecordLayout.CALL_BYTES);
    boolean complete = new Reading(plan.ops(number), arguments, memory, record).run();
    int flags =
        (entryKnown ? 0 : RecordLayout.NO_DURATION) | (complete ? 0 : RecordLayout.PAYLOAD_FULL);
    if ((plan.captureFlags(number) & PlanLayout.CAPTURE_FILE_DATA) != 0) {
      flags |= tail(arguments.get(0), paths.apply(arguments.get(0).intValue()), record);
    }
    record.putShort(RecordLayout.HEAD_FLAGS_OFFSET, (short) flags);
    return record.flip();
  }

  /** Puts the tail of a path behind the other segments; returns the flag that says that it did. */
  private static int tail(long descriptor, Optional<String> path, ByteBuffer record) {
    String[] names = path.orElse("").split("/", -1);
    StringBuilder tail = new StringBuilder();
    for (int i = names.length - 1; i > 0 && names.length - i <= RecordLayout.TAIL_NAMES; i--) {
      tail.append(names[i]).append('\0');
    }
    byte[] bytes = tail.toString().getBytes(StandardCharsets.UTF_8);
    int whole = RecordLayout.SEGMENT_HEAD_BYTES + (int) RecordLayout.padded(bytes.length);
    if (record.remaining() < whole) {
      return 0;
    }
    int at = record.position();
    record.putLong(at + RecordLayout.SEGMENT_ADDRESS_OFFSET, descriptor);
    record.putInt(at + RecordLayout.SEGMENT_LENGTH_OFFSET, bytes.length);
    record.put(at + RecordLayout.SEGMENT_KIND_OFFSET, (byte) RecordLayout.TAIL);
    record.put(at + RecordLayout.SEGMENT_HEAD_BYTES, bytes);
    record.position(at + whole);
    return RecordLayout.TAIL_TOLD;
  }

  /** One plan being carried out. */
  private static final class Reading {
    private static final int NONE = -1;

    private final List<CaptureOp> ops;
    private final List<Long> arguments;
    private final UserMemory memory;
    private final ByteBuffer record;
    private final int[] segmentOf = new int[PlanLayout.OPS];
    private final int[] argumentOf = new int[PlanLayout.OPS];
    private boolean complete = true;
    private int op;
    private int status;

    Reading(List<CaptureOp> ops, List<Long> arguments, UserMemory memory, ByteBuffer record) {
      this.ops = ops;
      this.arguments = arguments;
      this.memory = memory;
      this.record = record;
    }

    /** Whether all of it found room. */
    boolean run() {
      for (op = 0; op < ops.size(); op++) {
        segmentOf[op] = NONE;
        CaptureOp now = ops.get(op);
        if (now.when() != PlanLayout.WHEN_SUCCESS) {
          status = now.when() == PlanLayout.WHEN_ENTRY ? RecordLayout.AT_ENTRY : 0;
          run(now);
        }
      }
      return complete;
    }

    private void run(CaptureOp now) {
      if (now.command() != 0
          && now.command() != (arguments.get(PlanLayout.COMMAND_ARG) & LOWER_HALF)) {
        return;
      }
      argumentOf[op] = now.base() < PlanLayout.BASE_SEGMENT ? now.base() : parentArgument(now);
      long address = address(now);
      if (address == 0 || !hasRoom()) {
        return;
      }
      long length = length(now);
      segmentOf[op] = record.position();
      boolean byResult = (now.flags() & PlanLayout.LIMIT_BY_RESULT) != 0;
      switch (now.what()) {
        case PlanLayout.READ_BYTES -> bytes(address, length, now.limit());
        case PlanLayout.READ_STRING -> string(address, now.limit());
        case PlanLayout.READ_STRINGS -> strings(address, now.limit());
        case PlanLayout.READ_IOVEC -> iovecs(address, length, byResult ? 0 : now.limit());
        case PlanLayout.READ_MSGHDR -> {
          int head = bytes(address, MSGHDR_BYTES, MSGHDR_BYTES);
          if ((now.flags() & PlanLayout.HEAD_ONLY) == 0 && lengthOf(head) == MSGHDR_BYTES) {
            message(dataOf(head), byResult ? 0 : now.limit());
          }
        }
        case PlanLayout.READ_MMSGHDR -> messages(address, length, byResult ? 0 : now.limit());
        case PlanLayout.READ_IOCBS -> controlBlocks(address, length);
        default -> throw new IllegalStateException("operation " + now.what());
      }
    }

    private int parentArgument(CaptureOp now) {
      return argumentOf[now.base() - PlanLayout.BASE_SEGMENT];
    }

    /** The stack pointer is not known: what lies there is left out. */
    private long address(CaptureOp now) {
      if (now.base() < RecordLayout.ARGS) {
        return arguments.get(now.base());
      }
      return now.base() == PlanLayout.BASE_STACK
          ? 0
          : word(segmentOf[now.base() - PlanLayout.BASE_SEGMENT], now.pointerAt());
    }

    private long word(int segment, int offset) {
      return segment == NONE || offset + Long.BYTES > lengthOf(segment)
          ? 0
          : record.getLong(dataOf(segment) + offset);
    }

    private long length(CaptureOp now) {
      long argument = now.lengthArg() < RecordLayout.ARGS ? arguments.get(now.lengthArg()) : 0;
      return switch (now.lengthFrom()) {
        case PlanLayout.LENGTH_CONSTANT -> now.element();
        case PlanLayout.LENGTH_ARG -> Long.min(argument & -1L >>> 1, LONGEST) * now.element();
        case PlanLayout.LENGTH_POINTED -> pointedLength(now, argument) * now.element();
        case PlanLayout.LENGTH_IOCTL -> {
          long size = argument >> IOCTL_SIZE_SHIFT & IOCTL_SIZE_MASK;
          yield size == 0 ? now.element() : size;
        }
        case PlanLayout.LENGTH_BITS ->
            Math.max(0, Math.min((int) argument, PlanLayout.SEGMENT_BYTES * Byte.SIZE - 64) + 63L)
                / 64
                * 8;
        default -> 0; // the result, which there is not yet
      };
    }

    private long pointedLength(CaptureOp now, long address) {
      if (address == 0 || !hasRoom()) {
        return 0;
      }
      int own = argumentOf[op];
      argumentOf[op] = now.lengthArg();
      int segment = bytes(address, Integer.BYTES, Integer.BYTES);
      argumentOf[op] = own;
      return lengthOf(segment) < Integer.BYTES
          ? 0
          : Integer.toUnsignedLong(record.getInt(dataOf(segment)));
    }

    // ---- segments ----

    private boolean hasRoom() {
      boolean room = record.remaining() >= 2 * RecordLayout.SEGMENT_HEAD_BYTES;
      complete &= room;
      return room;
    }

    private static int dataOf(int segment) {
      return segment + RecordLayout.SEGMENT_HEAD_BYTES;
    }

    private int lengthOf(int segment) {
      return record.getInt(segment + RecordLayout.SEGMENT_LENGTH_OFFSET);
    }

    /** Where the segment is that has been written. */
    private int bytes(long address, long wanted, int limit) {
      int at = record.position();
      int room = record.remaining() - RecordLayout.SEGMENT_HEAD_BYTES;
      int take = (int) Math.min(Math.min(wanted, limit), room);
      complete &= Math.min(wanted, limit) <= room;
      int got = read(address, take);
      int cut = take < wanted ? RecordLayout.TRUNCATED : 0;
      close(at, address, wanted, got, RecordLayout.BYTES, got < take ? RecordLayout.FAULT : cut);
      return at;
    }

    private void string(long address, int limit) {
      int at = record.position();
      int room = record.remaining() - RecordLayout.SEGMENT_HEAD_BYTES;
      int take = Math.min(limit + 1, room);
      int got = read(address, take);
      int length = 0;
      while (length < got && record.get(dataOf(at) + length) != 0) {
        length++;
      }
      boolean ended = length < got;
      int cut = got < take ? RecordLayout.FAULT : RecordLayout.TRUNCATED;
      int kept = ended ? length : Math.min(length, limit);
      close(at, address, ended ? kept : 0, kept, RecordLayout.STRING, ended ? 0 : cut);
    }

    private void strings(long address, int limit) {
      int at = record.position();
      int most =
          Math.min(
              RecordLayout.STRINGS,
              (record.remaining() - RecordLayout.SEGMENT_HEAD_BYTES) / Long.BYTES);
      int got = read(address, most * Long.BYTES) / Long.BYTES;
      int count = 0;
      while (count < got && record.getLong(dataOf(at) + count * Long.BYTES) != 0) {
        count++;
      }
      int cut = got < most ? RecordLayout.FAULT : RecordLayout.TRUNCATED;
      int bytes = count * Long.BYTES;
      close(at, address, 0, bytes, RecordLayout.POINTERS, count < got ? 0 : cut);
      for (int i = 0; i < count && limit > 0 && hasRoom(); i++) {
        string(record.getLong(dataOf(at) + i * Long.BYTES), limit);
      }
    }

    private void iovecs(long address, long length, int limit) {
      int at = bytes(address, length, RecordLayout.IOVECS * IOVEC_BYTES);
      int count = lengthOf(at) / IOVEC_BYTES;
      for (int i = 0; i < count && limit > 0 && hasRoom(); i++) {
        long buffer = record.getLong(dataOf(at) + i * IOVEC_BYTES);
        long bytes = record.getLong(dataOf(at) + i * IOVEC_BYTES + Long.BYTES);
        if (buffer != 0) {
          bytes(buffer, Math.max(0, bytes), limit);
        }
      }
    }

    /** What a struct msghdr at this place of the record points to. */
    private void message(int at, int limit) {
      long name = record.getLong(at);
      int nameBytes = record.getInt(at + 8);
      long iovecs = record.getLong(at + 16);
      long iovecCount = record.getLong(at + 24);
      long control = record.getLong(at + 32);
      long controlBytes = record.getLong(at + 40);
      if (limit > 0 && name != 0 && nameBytes > 0 && hasRoom()) {
        bytes(name, nameBytes, RecordLayout.NAME_BYTES);
      }
      if (iovecs != 0 && hasRoom()) {
        iovecs(iovecs, Math.max(0, Math.min(iovecCount, LONGEST)) * IOVEC_BYTES, limit);
      }
      if (limit > 0 && control != 0 && controlBytes > 0 && hasRoom()) {
        bytes(control, controlBytes, RecordLayout.CONTROL_BYTES);
      }
    }

    private void messages(long address, long length, int limit) {
      int at = bytes(address, length, RecordLayout.MESSAGES * MMSGHDR_BYTES);
      int count = lengthOf(at) / MMSGHDR_BYTES;
      for (int i = 0; i < count && hasRoom(); i++) {
        message(dataOf(at) + i * MMSGHDR_BYTES, limit);
      }
    }

    /** The buffers are left out: no call waits for them that has not taken them already. */
    private void controlBlocks(long address, long length) {
      int at = bytes(address, length, RecordLayout.MESSAGES * Long.BYTES);
      int count = lengthOf(at) / Long.BYTES;
      for (int i = 0; i < count && hasRoom(); i++) {
        bytes(record.getLong(dataOf(at) + i * Long.BYTES), IOCB_BYTES, IOCB_BYTES);
      }
    }

    /** Behind the head that {@link #close} will write; the record's position stays. */
    private int read(long address, int bytes) {
      ByteBuffer into = record.slice(dataOf(record.position()), bytes);
      memory.read(address, into);
      return into.position();
    }

    private void close(int at, long address, long wanted, int length, int kind, int how) {
      record.putLong(at + RecordLayout.SEGMENT_ADDRESS_OFFSET, address);
      record.putLong(at + RecordLayout.SEGMENT_WANTED_OFFSET, wanted);
      record.putInt(at + RecordLayout.SEGMENT_LENGTH_OFFSET, length);
      record.put(at + RecordLayout.SEGMENT_OP_OFFSET, (byte) op);
      record.put(at + RecordLayout.SEGMENT_ARG_OFFSET, (byte) argumentOf[op]);
      record.put(at + RecordLayout.SEGMENT_KIND_OFFSET, (byte) kind);
      record.put(at + RecordLayout.SEGMENT_STATUS_OFFSET, (byte) (status | how));
      int padded = (length + 7) & ~7;
      for (int i = length; i < padded && dataOf(at) + i < record.limit(); i++) {
        record.put(dataOf(at) + i, (byte) 0);
      }
      record.position(Math.min(dataOf(at) + padded, record.limit()));
    }
  }
}
