package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Kind;

/** What io_uring is told, where a struct does not say it: linux/io_uring.h. */
final class Rings {
  private static final int FILE_SKIPPED = -2;
  private static final int PROBE_BYTES = 16;
  private static final int OPERATION_BYTES = 8;
  private static final int SIGNALS_BYTES = 8;
  private static final int COUNT_ARGUMENT = 3;
  private static final String[] WORKERS = {"IO_WQ_BOUND", "IO_WQ_UNBOUND"};

  private Rings() {}

  static void register(Specials specials) {
    specials.addNamed("io_uring_register_op", Rings::operation);
    specials.add(
        "ring_file",
        (walk, file) -> {
          if ((int) file == FILE_SKIPPED) {
            walk.sink().phrase(file, "IORING_REGISTER_FILES_SKIP");
          } else {
            walk.sink().number(Walk.extended(file), Kind.Format.DESCRIPTOR, true);
          }
        });
    specials.add("ring_operations", (Special.InMemory) Rings::probe);
    specials.add("ring_workers", Rings::workers);
    specials.add("ring_wait", Rings::waiting);
  }

  /** Beside the number there may be a flag: the ring is a registered one. */
  private static void operation(Walk walk, long value) {
    StringBuilder words = walk.words();
    long rest = value;
    for (var flag : walk.names("io_uring_register_flags").entries()) {
      if ((rest & flag.value()) != 0) {
        words.append(flag.text()).append('|');
        rest &= ~flag.value();
      }
    }
    String name = Walk.choice(walk.names("io_uring_register_op"), rest);
    if (words.length() == 0 || name.isEmpty()) {
      walk.sink().named(value, walk.names("io_uring_register_op"));
    } else {
      walk.sink().phrase(value, words.append(name));
    }
  }

  /** Which operations the kernel can do, as many as it said and there is room for. */
  private static boolean probe(Walk walk, int at, int length) {
    if (length < PROBE_BYTES || !(walk.kind("io_uring_probe") instanceof Kind.Struct head)) {
      return false;
    }
    long room =
        Math.min(
            Integer.toUnsignedLong((int) walk.register(COUNT_ARGUMENT)), walk.unsigned(at + 1, 1));
    int there = (length - PROBE_BYTES) / OPERATION_BYTES;
    walk.sink().beginStruct();
    walk.structs().fields(head, at, PROBE_BYTES);
    walk.sink().field("ops");
    walk.structs()
        .array(
            walk.kind("io_uring_probe_op"),
            at + PROBE_BYTES,
            (int) Math.min(there, room) * OPERATION_BYTES,
            0,
            room > there ? Structs.End.CUT : Structs.End.WHOLE,
            0);
    walk.sink().endStruct(true);
    return true;
  }

  /** How many workers there may be of each sort; afterwards, how many there were. */
  private static void workers(Walk walk, long address) {
    if (address == 0) {
      walk.sink().address(address);
      return;
    }
    walk.sink().beginChange();
    limits(walk, address);
    walk.sink().becomes();
    if (walk.failed()) {
      walk.sink().address(address);
    } else {
      walk.lookAt(walk.index(), Phase.OUT);
      limits(walk, address);
    }
    walk.sink().endChange();
  }

  private static void limits(Walk walk, long address) {
    int segment = walk.find(address);
    int there = segment < 0 ? 0 : walk.memory().segmentLength(segment) / Integer.BYTES;
    long count = Math.min(walk.elementCount(), WORKERS.length);
    if (there < count) {
      walk.sink().address(address);
      return;
    }
    walk.sink().beginArray();
    for (int i = 0; i < count; i++) {
      walk.sink().element();
      walk.sink().index(WORKERS[i]);
      int at = walk.memory().segmentData(segment) + Integer.BYTES * i;
      walk.sink().number(walk.unsigned(at, Integer.BYTES), Kind.Format.DECIMAL, false);
    }
    walk.sink().endArray(true);
  }

  /** Signals that are let through while waiting, or a struct that has them and a time. */
  private static void waiting(Walk walk, long address) {
    int segment = address == 0 ? RecordReader.NO_SEGMENT : walk.find(address);
    long bytes = walk.elementCount();
    if (segment < 0 || walk.memory().segmentLength(segment) < bytes) {
      walk.sink().address(address);
      return;
    }
    int at = walk.memory().segmentData(segment);
    if (bytes == SIGNALS_BYTES) {
      SignalSets.tellSet(walk, walk.unsigned(at, SIGNALS_BYTES));
    } else if (hasStruct(walk)
        && walk.kind("io_uring_getevents_arg") instanceof Kind.Struct struct
        && bytes >= struct.sizeBytes()) {
      walk.structs().struct(struct, at, struct.sizeBytes());
    } else {
      walk.sink().address(address);
    }
  }

  private static boolean hasStruct(Walk walk) {
    return Walk.hasFlag(
        walk.names("io_uring_enter_flags"),
        walk.register(walk.index() - 1),
        "IORING_ENTER_EXT_ARG");
  }
}
