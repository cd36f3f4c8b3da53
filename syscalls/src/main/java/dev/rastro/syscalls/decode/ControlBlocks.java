package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Kind;

/** struct iocb, which io_submit is given by pointers: linux/aio_abi.h. */
final class ControlBlocks {
  private static final int BLOCK_BYTES = 64;
  private static final int KEY_AT = 8;
  private static final int RW_FLAGS_AT = 12;
  private static final int OPCODE_AT = 16;
  private static final int PRIORITY_AT = 18;
  private static final int DESCRIPTOR_AT = 20;
  private static final int BUFFER_AT = 24;
  private static final int BYTES_AT = 32;
  private static final int OFFSET_AT = 40;
  private static final int FLAGS_AT = 56;
  private static final int EVENT_AT = 60;
  private static final int EVENTS_MASK = 0xffff;

  private ControlBlocks() {}

  static void register(Specials specials) {
    specials.add("iocbs", ControlBlocks::pointers);
    specials.addStruct("iocb", (walk, at, length) -> block(walk, at, length, false));
  }

  private static void pointers(Walk walk, long address) {
    long count = walk.elementCount();
    if (count == 0) {
      walk.sink().beginArray();
      walk.sink().endArray(true);
      return;
    }
    int segment = address == 0 ? RecordReader.NO_SEGMENT : walk.find(address);
    int there = segment < 0 ? 0 : walk.memory().segmentLength(segment) / Long.BYTES;
    if (there == 0) {
      walk.sink().address(address);
      return;
    }
    int at = walk.memory().segmentData(segment);
    int limit = walk.options().verbose() ? there : Math.min(there, walk.options().elementLimit());
    walk.sink().beginArray();
    for (int i = 0; i < limit; i++) {
      walk.sink().element();
      pointed(walk, walk.unsigned(at + Long.BYTES * i, Long.BYTES));
    }
    if (walk.isFaulted(segment) && limit == there) {
      walk.sink().endArrayUnreadable(address + (long) Long.BYTES * there);
    } else {
      walk.sink().endArray(Long.compareUnsigned(limit, count) >= 0);
    }
  }

  private static void pointed(Walk walk, long address) {
    int segment = address == 0 ? RecordReader.NO_SEGMENT : walk.find(address);
    if (segment < 0) {
      walk.sink().address(address);
    } else if (!block(
        walk, walk.memory().segmentData(segment), walk.memory().segmentLength(segment), true)) {
      walk.unreadable(address);
    }
  }

  /**
   * @param whole whether what is to be done is told, not just which block it is
   */
  private static boolean block(Walk walk, int at, int length, boolean whole) {
    if (length < BLOCK_BYTES || !(walk.kind("iocb_command") instanceof Kind.Named commands)) {
      return false;
    }
    Sink sink = walk.sink();
    long opcode = walk.unsigned(at + OPCODE_AT, Short.BYTES);
    sink.beginStruct();
    sink.field("aio_data");
    sink.number(walk.unsigned(at, Long.BYTES), Kind.Format.HEX, false);
    long key = walk.unsigned(at + KEY_AT, Integer.BYTES);
    if (key != 0) {
      sink.field("aio_key");
      sink.number(key, Kind.Format.DECIMAL, false);
    }
    long flags = walk.unsigned(at + RW_FLAGS_AT, Integer.BYTES);
    if (flags != 0) {
      sink.field("aio_rw_flags");
      sink.named(flags, walk.names("rwf_flags"));
    }
    sink.field("aio_lio_opcode");
    sink.named(opcode, commands.names());
    priority(walk, at);
    sink.field("aio_fildes");
    sink.number(walk.signed32(at + DESCRIPTOR_AT), Kind.Format.DESCRIPTOR, true);
    if (whole) {
      operation(walk, at, Walk.choice(commands.names(), opcode));
    }
    sink.endStruct(true);
    return true;
  }

  private static void priority(Walk walk, int at) {
    long priority = walk.unsigned(at + PRIORITY_AT, Short.BYTES);
    long flags = walk.unsigned(at + FLAGS_AT, Integer.BYTES);
    if (Walk.hasFlag(walk.names("iocb_flags"), flags, "IOCB_FLAG_IOPRIO")) {
      walk.sink().field("aio_reqprio");
      walk.structs().inline(walk.kind("ioprio16"), at + PRIORITY_AT);
    } else if (priority != 0) {
      walk.sink().field("aio_reqprio");
      walk.sink().number((short) priority, Kind.Format.DECIMAL, true);
    }
  }

  private static void operation(Walk walk, int at, String operation) {
    long buffer = walk.unsigned(at + BUFFER_AT, Long.BYTES);
    long bytes = walk.unsigned(at + BYTES_AT, Long.BYTES);
    switch (operation) {
      case "IOCB_CMD_PREAD", "IOCB_CMD_PWRITE" -> {
        walk.sink().field("aio_buf");
        if (operation.equals("IOCB_CMD_PWRITE")) {
          data(walk, buffer, bytes);
        } else {
          walk.sink().address(buffer);
        }
        walk.sink().field("aio_nbytes");
        walk.sink().number(bytes, Kind.Format.DECIMAL, false);
        offset(walk, at);
      }
      case "IOCB_CMD_PREADV", "IOCB_CMD_PWRITEV" -> {
        boolean reads = operation.equals("IOCB_CMD_PREADV");
        walk.sink().field("aio_buf");
        Memory.vector(walk, buffer, bytes, Long.MAX_VALUE, reads);
        offset(walk, at);
      }
      case "IOCB_CMD_POLL" -> {
        walk.sink().field("aio_buf");
        walk.sink().named(buffer & EVENTS_MASK, walk.names("poll_events"));
      }
      default -> {}
    }
  }

  private static void data(Walk walk, long address, long bytes) {
    int segment = address == 0 || bytes == 0 ? RecordReader.NO_SEGMENT : walk.find(address);
    if (segment < 0) {
      walk.sink().address(address);
    } else {
      walk.pointers().bytes(segment, bytes, Quote.BYTES);
    }
  }

  private static void offset(Walk walk, int at) {
    walk.sink().field("aio_offset");
    walk.sink().number(walk.unsigned(at + OFFSET_AT, Long.BYTES), Kind.Format.DECIMAL, true);
    long flags = walk.unsigned(at + FLAGS_AT, Integer.BYTES);
    if (flags == 0) {
      return;
    }
    walk.sink().field("aio_flags");
    walk.sink().named(flags, walk.names("iocb_flags"));
    if (Walk.hasFlag(walk.names("iocb_flags"), flags, "IOCB_FLAG_RESFD")) {
      walk.sink().field("aio_resfd");
      walk.sink().number(walk.signed32(at + EVENT_AT), Kind.Format.DESCRIPTOR, true);
    }
  }
}
