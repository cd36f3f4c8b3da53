package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Kind;

/** struct user_desc of the x86 calls for local descriptors: asm/ldt.h. */
final class SegmentDescriptors {
  private static final int BYTES = 16;
  private static final int BASE_AT = 4;
  private static final int LIMIT_AT = 8;
  private static final int BITS_AT = 12;
  private static final int DIGITS = 8;

  /** From the lowest bit on; all but the second are one bit wide. */
  private static final String[] BITS = {
    "seg_32bit", "contents", "read_exec_only", "limit_in_pages", "seg_not_present", "useable", "lm"
  };

  private SegmentDescriptors() {}

  static void register(Specials specials) {
    Special.InMemory given = SegmentDescriptors::tell;
    specials.add("user_desc", given);
    specials.add(
        "user_desc_if_whole",
        (walk, address) -> {
          if (walk.register(walk.index() + 1) == BYTES) {
            walk.pointed(address, given);
          } else {
            walk.sink().address(address);
          }
        });
    specials.add("user_desc_answer", SegmentDescriptors::answer);
    specials.add("user_desc_result", SegmentDescriptors::result);
  }

  private static boolean tell(Walk walk, int at, int length) {
    if (length < BYTES) {
      return false;
    }
    walk.sink().beginStruct();
    entry(walk, at);
    rest(walk, at);
    walk.sink().endStruct(true);
    return true;
  }

  /** Asked by number, answered with all of it. */
  private static void answer(Walk walk, long address) {
    int before = address == 0 ? RecordReader.NO_SEGMENT : walk.find(address);
    if (before < 0 || walk.memory().segmentLength(before) < BYTES) {
      walk.sink().address(address);
      return;
    }
    walk.sink().beginStruct();
    entry(walk, walk.memory().segmentData(before));
    int after = found(walk, address, walk.index());
    if (after >= 0) {
      rest(walk, walk.memory().segmentData(after));
    }
    walk.sink().endStruct(after >= 0);
  }

  /** Which entry was taken, where the caller left it open. */
  private static void result(Walk walk, long value) {
    walk.sink().number(Walk.extended(value), Kind.Format.DECIMAL, true);
    int after = found(walk, walk.register(0), 0);
    if (after >= 0) {
      walk.sink().beginNote();
      walk.sink().element();
      int entry = walk.signed32(walk.memory().segmentData(after));
      walk.sink().phrase(entry, walk.words().append("entry_number=").append(entry));
      walk.sink().endNote();
    }
  }

  private static int found(Walk walk, long address, int argument) {
    int after =
        walk.failed() ? RecordReader.NO_SEGMENT : walk.memory().find(address, argument, Phase.OUT);
    return after >= 0 && walk.memory().segmentLength(after) >= BYTES
        ? after
        : RecordReader.NO_SEGMENT;
  }

  private static void entry(Walk walk, int at) {
    walk.sink().field("entry_number");
    walk.sink().number(walk.signed32(at), Kind.Format.DECIMAL, true);
  }

  private static void rest(Walk walk, int at) {
    walk.sink().field("base_addr");
    padded(walk, walk.unsigned(at + BASE_AT, Integer.BYTES));
    walk.sink().field("limit");
    padded(walk, walk.unsigned(at + LIMIT_AT, Integer.BYTES));
    long bits = walk.unsigned(at + BITS_AT, Integer.BYTES);
    for (int i = 0; i < BITS.length; i++) {
      int width = i == 1 ? 2 : 1;
      walk.sink().field(BITS[i]);
      walk.sink().number(bits & ((1 << width) - 1), Kind.Format.DECIMAL, false);
      bits >>>= width;
    }
  }

  /** Eight characters, the 0x among them. */
  private static void padded(Walk walk, long value) {
    String digits = Long.toHexString(value);
    int zeros = DIGITS - digits.length() - (value == 0 ? 0 : 2);
    walk.sink()
        .phrase(
            value,
            walk.words()
                .append(value == 0 ? "" : "0x")
                .append("0".repeat(Math.max(0, zeros)))
                .append(digits));
  }
}
