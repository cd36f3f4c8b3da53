package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;

/** futex by its operation. */
final class Futexes {
  private static final int OPERATION = 1;
  private static final int TIMESPEC_BYTES = 16;
  private static final long MATCH_ANY = 0xffffffffL;

  private Futexes() {}

  static void register(Specials specials) {
    specials.add(
        "futex_val",
        new Special.Sometimes(
            walk -> !locks(operation(walk)),
            (walk, value) -> walk.sink().number(value & 0xffffffffL, Kind.Format.DECIMAL, false)));
    specials.add(
        "futex_timeout",
        new Special.Sometimes(
            walk -> takesTimeout(operation(walk)) || takesCount(operation(walk)),
            Futexes::timeout));
    specials.add(
        "futex_uaddr2",
        new Special.Sometimes(
            walk -> takesSecond(operation(walk)), (walk, address) -> walk.sink().address(address)));
    specials.add(
        "futex_val3", new Special.Sometimes(walk -> takesThird(operation(walk)), Futexes::third));
    specials.add(
        "futex_result", (walk, value) -> walk.sink().number(value, Kind.Format.DECIMAL, true));
  }

  /** Without the flags; empty when not known. */
  private static String operation(Walk walk) {
    if (!(walk.call().arguments().get(OPERATION).kind() instanceof Kind.Named named)) {
      return "";
    }
    long value = walk.register(OPERATION) & 0x7f;
    Names names = named.names();
    for (int i = 0; i < names.entries().size(); i++) {
      Names.Entry entry = names.entries().get(i);
      if (entry.value() == value && !entry.text().endsWith("_PRIVATE")) {
        return entry.text();
      }
    }
    return "";
  }

  private static boolean locks(String operation) {
    return switch (operation) {
      case "FUTEX_LOCK_PI", "FUTEX_LOCK_PI2", "FUTEX_TRYLOCK_PI", "FUTEX_UNLOCK_PI" -> true;
      default -> false;
    };
  }

  private static boolean takesTimeout(String operation) {
    return switch (operation) {
      case "FUTEX_WAIT",
          "FUTEX_WAIT_BITSET",
          "FUTEX_LOCK_PI",
          "FUTEX_LOCK_PI2",
          "FUTEX_WAIT_REQUEUE_PI" ->
          true;
      default -> false;
    };
  }

  /** The fourth register is a number for these and for what is not known. */
  private static boolean takesCount(String operation) {
    return switch (operation) {
      case "FUTEX_REQUEUE", "FUTEX_CMP_REQUEUE", "FUTEX_WAKE_OP", "FUTEX_CMP_REQUEUE_PI", "" ->
          true;
      default -> false;
    };
  }

  private static boolean takesSecond(String operation) {
    return takesCount(operation) || operation.equals("FUTEX_WAIT_REQUEUE_PI");
  }

  private static boolean takesThird(String operation) {
    return switch (operation) {
      case "FUTEX_WAIT_BITSET",
          "FUTEX_WAKE_BITSET",
          "FUTEX_CMP_REQUEUE",
          "FUTEX_CMP_REQUEUE_PI",
          "FUTEX_WAKE_OP",
          "" ->
          true;
      default -> false;
    };
  }

  private static void timeout(Walk walk, long value) {
    String operation = operation(walk);
    if (operation.isEmpty()) {
      walk.sink().number(value, Kind.Format.HEX, false);
    } else if (takesCount(operation)) {
      walk.sink().number(value & 0xffffffffL, Kind.Format.DECIMAL, false);
    } else {
      int segment = Multiplexed.segment(walk, value, false, TIMESPEC_BYTES);
      if (segment != RecordReader.NO_SEGMENT) {
        Times.timespec(walk, walk.memory().segmentData(segment));
      }
    }
  }

  private static void third(Walk walk, long value) {
    long bits = value & 0xffffffffL;
    switch (operation(walk)) {
      case "FUTEX_WAIT_BITSET", "FUTEX_WAKE_BITSET" -> {
        if (bits == MATCH_ANY) {
          walk.sink().phrase(bits, "FUTEX_BITSET_MATCH_ANY");
        } else {
          walk.sink().number(bits, Kind.Format.HEX, false);
        }
      }
      case "FUTEX_CMP_REQUEUE", "FUTEX_CMP_REQUEUE_PI" ->
          walk.sink().number(bits, Kind.Format.DECIMAL, false);
      case "FUTEX_WAKE_OP" -> wakeOperation(walk, bits);
      default -> walk.sink().number(bits, Kind.Format.HEX, false);
    }
  }

  /** {@code FUTEX_OP_SET<<28|0x1<<12|FUTEX_OP_CMP_EQ<<24|0x2}. */
  private static void wakeOperation(Walk walk, long bits) {
    StringBuilder words = walk.words();
    if (bits >>> 31 != 0) {
      words.append("FUTEX_OP_OPARG_SHIFT<<28|");
    }
    named(words, walk.names("futex_wake_op"), bits >>> 28 & 7, 28);
    words.append('|');
    Walk.hex(words, bits >>> 12 & 0xfff);
    words.append("<<12|");
    named(words, walk.names("futex_wake_cmp"), bits >>> 24 & 0xf, 24);
    words.append('|');
    Walk.hex(words, bits & 0xfff);
    walk.sink().phrase(bits, words);
  }

  private static void named(StringBuilder words, Names names, long value, int shift) {
    String name = Walk.choice(names, value);
    if (name.isEmpty()) {
      Walk.hex(words, value);
      words.append("<<").append(shift).append(" /* ").append(names.prefix()).append(" */");
    } else {
      words.append(name).append("<<").append(shift);
    }
  }
}
