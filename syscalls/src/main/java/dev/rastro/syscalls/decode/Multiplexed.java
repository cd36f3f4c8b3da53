package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Kind;

/** fcntl, futex, prctl, arch_prctl: calls whose command decides what the other arguments are. */
final class Multiplexed {
  private static final int COMMAND = 1;

  private Multiplexed() {}

  static void register(Specials specials) {
    specials.add(
        "fcntl_arg",
        new Special.Sometimes(walk -> !fcntlShape(walk).equals(""), Multiplexed::fcntlArgument));
    specials.add("fcntl_result", Multiplexed::fcntlResult);
    Futexes.register(specials);
    Ioctls.register(specials);
    Prctls.register(specials);
  }

  /** What the third argument of fcntl is; empty when the command takes none. */
  private static String fcntlShape(Walk walk) {
    return switch (walk.choice(COMMAND)) {
      case "F_GETFD", "F_GETFL", "F_GETSIG", "F_GETLEASE", "F_GETPIPE_SZ", "F_GET_SEALS" -> "";
      case "F_GETOWN" -> "";
      case "F_SETFD" -> "fd_flags";
      case "F_SETFL" -> "open_flags";
      case "F_SETLEASE" -> "lease_type";
      case "F_ADD_SEALS" -> "seal_flags";
      case "F_NOTIFY" -> "notify_flags";
      case "F_DUPFD", "F_DUPFD_CLOEXEC", "F_SETOWN", "F_SETPIPE_SZ" -> "int";
      case "F_SETSIG" -> "signal";
      case "F_SETLK", "F_SETLKW", "F_OFD_SETLK", "F_OFD_SETLKW" -> "flock";
      case "F_GETLK", "F_OFD_GETLK" -> "flock?";
      case "F_SETOWN_EX" -> "f_owner_ex";
      case "F_GETOWN_EX" -> "f_owner_ex?";
      default -> "hex";
    };
  }

  private static void fcntlArgument(Walk walk, long value) {
    String shape = fcntlShape(walk);
    boolean out = shape.endsWith("?");
    switch (shape) {
      case "int" -> walk.sink().number(Walk.extended(value), Kind.Format.DECIMAL, true);
      case "signal" -> walk.sink().number(Walk.extended(value), Kind.Format.SIGNAL, true);
      case "hex" -> walk.sink().number(value, Kind.Format.HEX, false);
      case "flock", "flock?" -> lock(walk, value, out);
      case "f_owner_ex", "f_owner_ex?" -> struct(walk, "f_owner_ex", value, out);
      default -> {
        if (walk.names(shape).entries().isEmpty()) {
          walk.sink().number(value, Kind.Format.HEX, false);
        } else {
          walk.sink().named(value & 0xffffffffL, walk.names(shape));
        }
      }
    }
  }

  /** The pid of a lock means something only in an answer. */
  private static void lock(Walk walk, long address, boolean out) {
    if (!(walk.kind("flock") instanceof Kind.Struct struct)) {
      walk.sink().address(address);
      return;
    }
    int segment = segment(walk, address, out, struct.sizeBytes());
    if (segment == RecordReader.NO_SEGMENT) {
      return;
    }
    int at = walk.memory().segmentData(segment);
    walk.sink().beginStruct();
    for (Kind.Field field : struct.fields()) {
      if (out || !field.name().equals("l_pid")) {
        walk.sink().field(field.name());
        walk.structs().inline(field.kind(), at + field.offset());
      }
    }
    walk.sink().endStruct(true);
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
    } else if (walk.memory().segmentLength(segment) < sizeBytes) {
      walk.unreadable(address);
      segment = RecordReader.NO_SEGMENT;
    }
    return segment;
  }

  private static void fcntlResult(Walk walk, long result) {
    switch (walk.choice(COMMAND)) {
      case "F_GETFD" -> flags(walk, result, "fd_flags");
      case "F_GETFL" -> flags(walk, result, "open_flags");
      case "F_GETLEASE" -> noted(walk, result, "lease_type");
      case "F_GET_SEALS" -> flags(walk, result, "seal_flags");
      case "F_GETSIG" -> {
        walk.sink().number(result, Kind.Format.DECIMAL, true);
        if (result != 0) {
          walk.sink().beginNote();
          walk.sink().element();
          walk.sink().number(result, Kind.Format.SIGNAL, false);
          walk.sink().endNote();
        }
      }
      case "F_DUPFD", "F_DUPFD_CLOEXEC" -> walk.sink().number(result, Kind.Format.DESCRIPTOR, true);
      default -> walk.sink().number(result, Kind.Format.DECIMAL, true);
    }
  }

  private static void flags(Walk walk, long result, String names) {
    walk.sink().number(result, Kind.Format.HEX, false);
    if (result != 0 && !walk.names(names).entries().isEmpty()) {
      walk.sink().beginNote();
      walk.sink().label("flags");
      walk.sink().named(result, walk.names(names));
      walk.sink().endNote();
    }
  }

  static void noted(Walk walk, long result, String names) {
    walk.sink().number(result, Kind.Format.HEX, false);
    if (!walk.names(names).entries().isEmpty()) {
      walk.sink().beginNote();
      walk.sink().element();
      walk.sink().named(result, walk.names(names));
      walk.sink().endNote();
    }
  }
}
