package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Syscall.Direction;

/** Vectors of pointers: argv, envp, iovec. And what mmap and mremap leave unsaid. */
final class Memory {
  static final int IOVEC_BYTES = 16;

  private Memory() {}

  static void register(Specials specials) {
    specials.add("argv", Memory::strings);
    specials.add("envp", Memory::environment);
    specials.add("iovec", Memory::vectorArgument);
    specials.add(
        "mmap_offset", (walk, offset) -> walk.sink().number(offset, Kind.Format.HEX, false));
    specials.add(
        "mremap_new_address",
        new Special.Sometimes(
            walk -> remaps(walk, "MREMAP_FIXED") && remaps(walk, "MREMAP_MAYMOVE"),
            (walk, address) -> walk.sink().address(address)));
  }

  private static boolean remaps(Walk walk, String flag) {
    return Walk.hasFlag(walk.names("mremap_flags"), walk.register(walk.index() - 1), flag);
  }

  private static void strings(Walk walk, long address) {
    int pointers = address == 0 ? RecordReader.NO_SEGMENT : walk.find(address);
    if (pointers == RecordReader.NO_SEGMENT) {
      notFollowed(walk, address);
      return;
    }
    RecordReader memory = walk.memory();
    int there = memory.segmentLength(pointers) / Long.BYTES;
    int status = memory.segmentStatus(pointers);
    if (there == 0 && (status & RecordLayout.FAULT) != 0) {
      walk.unreadable(address);
      return;
    }
    int at = memory.segmentData(pointers);
    int limit = walk.options().verbose() ? there : Math.min(there, walk.options().elementLimit());
    walk.sink().beginArray();
    for (int i = 0; i < limit; i++) {
      walk.sink().element();
      string(walk, walk.unsigned(at + Long.BYTES * i, Long.BYTES));
    }
    if (limit < there || (status & RecordLayout.TRUNCATED) != 0) {
      walk.sink().endArray(false);
    } else if ((status & RecordLayout.FAULT) != 0) {
      walk.sink().endArrayUnreadable(address + (long) Long.BYTES * there);
    } else {
      walk.sink().endArray(true);
    }
  }

  private static void string(Walk walk, long address) {
    int segment = walk.find(address);
    if (segment == RecordReader.NO_SEGMENT) {
      walk.missing(address);
    } else if ((walk.memory().segmentStatus(segment) & RecordLayout.FAULT) != 0) {
      walk.unreadable(address);
    } else {
      walk.pointers().text(segment, Quote.TEXT);
    }
  }

  private static void notFollowed(Walk walk, long address) {
    if (address == 0) {
      walk.sink().address(0);
    } else {
      walk.missing(address);
    }
  }

  private static void environment(Walk walk, long address) {
    if (walk.options().verbose()) {
      strings(walk, address);
      return;
    }
    int pointers = address == 0 ? RecordReader.NO_SEGMENT : walk.find(address);
    if (pointers == RecordReader.NO_SEGMENT) {
      notFollowed(walk, address);
      return;
    }
    int count = walk.memory().segmentLength(pointers) / Long.BYTES;
    int status = walk.memory().segmentStatus(pointers);
    walk.sink().address(address);
    if (count == 0 && (status & RecordLayout.FAULT) != 0) {
      return;
    }
    StringBuilder words = walk.words();
    if ((status & RecordLayout.TRUNCATED) != 0) {
      words.append("at least ");
    }
    words.append(count).append(count == 1 ? " var" : " vars");
    if ((status & RecordLayout.FAULT) != 0) {
      words.append(", unterminated");
    }
    walk.sink().comment(words);
  }

  private static void vectorArgument(Walk walk, long address) {
    boolean out = walk.call().arguments().get(walk.index()).direction() == Direction.OUT;
    long count = walk.elementCount();
    // Only what was really moved is told: what the call wrote, or all that it was given.
    long moved = out ? (walk.failed() ? 0 : Math.max(walk.returned(), 0)) : Long.MAX_VALUE;
    vector(walk, address, count, moved, out && walk.failed());
  }

  static void vector(Walk walk, long address, long count, long moved, boolean addressesOnly) {
    vector(walk, address, count, moved, addressesOnly, "");
  }

  /**
   * @param moved bytes that buffers hold, all together
   * @param addressesOnly the buffers were never filled
   * @param netlink the protocol whose messages they hold; empty: just bytes
   */
  static void vector(
      Walk walk, long address, long count, long moved, boolean addressesOnly, String netlink) {
    if (address == 0) {
      walk.sink().address(0);
      return;
    }
    if (count == 0) {
      walk.sink().beginArray();
      walk.sink().endArray(true);
      return;
    }
    int segment = findVector(walk, address);
    if (segment == RecordReader.NO_SEGMENT) {
      walk.missing(address);
      return;
    }
    RecordReader memory = walk.memory();
    int there = memory.segmentLength(segment) / IOVEC_BYTES;
    boolean faulted = (memory.segmentStatus(segment) & RecordLayout.FAULT) != 0;
    if (there == 0) {
      walk.unreadable(address);
      return;
    }
    int limit = walk.options().verbose() ? there : Math.min(there, walk.options().elementLimit());
    int at = memory.segmentData(segment);
    long left = moved;
    walk.sink().beginArray();
    for (int i = 0; i < limit; i++) {
      long length = walk.unsigned(at + IOVEC_BYTES * i + 8, Long.BYTES);
      // A length that is negative is larger than any.
      long part = length < 0 ? left : Math.min(length, left);
      walk.sink().element();
      long base = walk.unsigned(at + IOVEC_BYTES * i, Long.BYTES);
      element(walk, base, length, part, addressesOnly, netlink);
      left -= moved == Long.MAX_VALUE ? 0 : part;
    }
    if (faulted && limit == there && there < count) {
      walk.sink().endArrayUnreadable(address + (long) IOVEC_BYTES * there);
    } else {
      walk.sink().endArray(limit >= Math.min(count, Integer.MAX_VALUE));
    }
  }

  /** The array itself was read at either end; its buffers are of the walk's phase. */
  private static int findVector(Walk walk, long address) {
    int segment = walk.find(address);
    if (segment == RecordReader.NO_SEGMENT) {
      segment = walk.memory().find(address, walk.index(), Phase.IN);
    }
    return segment;
  }

  private static void element(
      Walk walk, long base, long length, long part, boolean addressesOnly, String netlink) {
    Sink sink = walk.sink();
    sink.beginStruct();
    sink.field("iov_base");
    if (base == 0 || addressesOnly) {
      sink.address(base);
    } else if (part == 0) {
      sink.string(walk.memory().buffer(), walk.memory().offset(), 0, false, Quote.BYTES);
    } else {
      int segment = walk.find(base);
      if (segment == RecordReader.NO_SEGMENT) {
        walk.missing(base);
      } else if (netlink.isEmpty() || !walk.pointers().messages(netlink, segment, part)) {
        walk.pointers().bytes(segment, part, Quote.BYTES);
      }
    }
    sink.field("iov_len");
    sink.number(length, Kind.Format.DECIMAL, false);
    sink.endStruct(true);
  }
}
