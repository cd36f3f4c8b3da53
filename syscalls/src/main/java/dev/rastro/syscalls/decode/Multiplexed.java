package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Kind;

/** Calls whose command decides what the other arguments are, where {@code commands.txt} cannot. */
final class Multiplexed {

  private Multiplexed() {}

  static void register(Specials specials) {
    specials.add("raw", (walk, value) -> walk.sink().number(value, Kind.Format.HEX, false));
    specials.add("raw_address", (walk, value) -> walk.sink().address(value));
    specials.add("omitted", new Special.Sometimes(walk -> false, (walk, value) -> {}));
    specials.add(
        "lock_request", (Special.InMemory) (walk, at, length) -> lock(walk, at, length, false));
    specials.add(
        "lock_answer", (Special.InMemory) (walk, at, length) -> lock(walk, at, length, true));
    Filters.register(specials);
    Futexes.register(specials);
    Ioctls.register(specials);
    Ipc.register(specials);
    KernelObjects.register(specials);
    Mounts.register(specials);
    PerfEvents.register(specials);
    Prctls.register(specials);
  }

  /** The pid of a lock means something only in an answer. */
  private static boolean lock(Walk walk, int at, int length, boolean answer) {
    if (!(walk.kind("flock") instanceof Kind.Struct struct) || length < struct.sizeBytes()) {
      return false;
    }
    walk.sink().beginStruct();
    for (Kind.Field field : struct.fields()) {
      if (answer || !field.name().equals("l_pid")) {
        walk.sink().field(field.name());
        walk.structs().inline(field.kind(), at + field.offset());
      }
    }
    walk.sink().endStruct(true);
    return true;
  }

  /** Tells a struct that a command points to; its address where there is nothing to tell. */
  static void struct(Walk walk, String kind, long address, boolean out) {
    if (!(walk.kind(kind) instanceof Kind.Struct struct)) {
      walk.sink().address(address);
      return;
    }
    int segment = segment(walk, address, out, struct.sizeBytes());
    if (segment != RecordReader.NO_SEGMENT) {
      walk.structs()
          .struct(struct, walk.memory().segmentData(segment), walk.memory().segmentLength(segment));
    }
  }

  /** The segment of at least so many bytes; where there is none, the address has been told. */
  static int segment(Walk walk, long address, boolean out, int sizeBytes) {
    if (address == 0 || (out && walk.failed())) {
      walk.sink().address(address);
      return RecordReader.NO_SEGMENT;
    }
    walk.lookAt(walk.index(), out ? Phase.OUT : Phase.IN);
    int segment = walk.find(address);
    if (segment == RecordReader.NO_SEGMENT) {
      walk.missing(address);
      return segment;
    }
    segment = walk.pointers().bytesAt(address, segment);
    if (walk.memory().segmentLength(segment) < sizeBytes) {
      walk.unreadable(address);
      segment = RecordReader.NO_SEGMENT;
    }
    return segment;
  }
}
