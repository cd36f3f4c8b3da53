package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;

/** ioctl: commands without a name, and the numbers that a command packs beside one. */
final class Ioctls {
  private static final int COMMAND = 1;
  private static final int EVDEV_TYPES = 0x1f;
  private static final int EVDEV_AXES = 0x3f;

  private Ioctls() {}

  static void register(Specials specials) {
    specials.addNamed("ioctl_command", Ioctls::command);
    specials.add("ioctl_arg", (walk, value) -> walk.sink().number(value, Kind.Format.HEX, false));
    specials.add("tty_byte", (Special.InMemory) Ioctls::oneByte);
    specials.add("file_label", (Special.InMemory) Ioctls::label);
    specials.add("random_pool", (Special.InMemory) Ioctls::randomPool);
    specials.add("fiemap", (Special.InMemory) Ioctls::extents);
    specials.add("dedupe_range", (Special.InMemory) Ioctls::dedupe);
    Interfaces.register(specials);
  }

  /** The name of the command of this ioctl; empty when it has none. */
  static String name(Walk walk) {
    return Walk.choice(walk.names("ioctl_command"), walk.register(COMMAND) & 0xffffffffL);
  }

  private static void command(Walk walk, long value) {
    long command = value & 0xffffffffL;
    Names names = walk.names("ioctl_command");
    Names.Entry exact = names.find(command);
    Names.Entry family = names.findMasked(command);
    if (family.isNone() && !exact.isNone()) {
      walk.sink().named(command, names);
      return;
    }
    StringBuilder words = walk.words();
    if (family.isNone()) {
      unknown(words, command);
    } else {
      withOperands(walk, words, family.text(), command);
      if (!exact.equals(family)) {
        words.append(" or ").append(exact.text());
      }
    }
    walk.sink().phrase(command, words);
  }

  private static int sizeBytes(long command) {
    return (int) (command >>> 16 & 0x3fff);
  }

  private static void unknown(StringBuilder words, long command) {
    words.append("_IOC(");
    words.append(
        switch ((int) (command >>> 30)) {
          case 0 -> "_IOC_NONE";
          case 1 -> "_IOC_WRITE";
          case 2 -> "_IOC_READ";
          default -> "_IOC_READ|_IOC_WRITE";
        });
    words.append(", ");
    Walk.hex(words, command >>> 8 & 0xff);
    words.append(", ");
    Walk.hex(words, command & 0xff);
    words.append(", ");
    Walk.hex(words, sizeBytes(command));
    words.append(')');
  }

  /** {@code EVIOCGBIT(%type, %size)}: what a percent sign stands before is in the command. */
  private static void withOperands(Walk walk, StringBuilder words, String text, long command) {
    int from = 0;
    for (int at = text.indexOf('%'); at >= 0; at = text.indexOf('%', from)) {
      words.append(text, from, at);
      int end = at + 1;
      while (Character.isLetter(text.charAt(end))) {
        end++;
      }
      switch (text.substring(at + 1, end)) {
        case "size" -> words.append(sizeBytes(command));
        case "number" -> words.append(command & 0xff);
        case "type" -> operand(walk, words, "evdev_type", (int) command & EVDEV_TYPES);
        case "axis" -> operand(walk, words, "evdev_axis", (int) command & EVDEV_AXES);
        default -> throw new IllegalStateException("no such operand: " + text);
      }
      from = end;
    }
    words.append(text, from, text.length());
  }

  private static void operand(Walk walk, StringBuilder words, String set, int value) {
    Names names = walk.names(set);
    String name = Walk.choice(names, value);
    // strace writes the type 0 as a number: it asks which types there are.
    if (value == 0 && set.equals("evdev_type")) {
      words.append('0');
    } else if (name.isEmpty()) {
      Walk.hex(words, value);
      words.append(" /* ").append(names.prefix()).append(" */");
    } else {
      words.append(name);
    }
  }

  private static boolean oneByte(Walk walk, int at, int length) {
    if (length < 1) {
      return false;
    }
    walk.sink().string(walk.memory().buffer(), at, 1, false, Quote.BYTES);
    return true;
  }

  private static boolean label(Walk walk, int at, int length) {
    int end = walk.pointers().terminated(at, length);
    walk.sink().string(walk.memory().buffer(), at, end, false, Quote.TEXT);
    return true;
  }

  private static boolean randomPool(Walk walk, int at, int length) {
    int head = 2 * Integer.BYTES;
    if (length < head) {
      return false;
    }
    int poolBytes = walk.signed32(at + Integer.BYTES);
    walk.sink().beginStruct();
    walk.sink().field("entropy_count");
    walk.sink().number(walk.signed32(at), Kind.Format.DECIMAL, true);
    walk.sink().field("buf_size");
    walk.sink().number(poolBytes, Kind.Format.DECIMAL, true);
    walk.sink().field("buf");
    int there = Math.max(0, Math.min(poolBytes, length - head));
    walk.sink().string(walk.memory().buffer(), at + head, there, there < poolBytes, Quote.BYTES);
    walk.sink().endStruct(true);
    return true;
  }

  /** What was asked for stays as it was, so both sides are told from what is there afterwards. */
  private static boolean extents(Walk walk, int at, int length) {
    if (!(walk.kind("fiemap_request") instanceof Kind.Struct request)
        || length < request.sizeBytes()) {
      return false;
    }
    Sink sink = walk.sink();
    if (walk.failed()) {
      walk.structs().struct(request, at, length);
      return true;
    }
    sink.beginChange();
    walk.structs().struct(request, at, length);
    sink.becomes();
    sink.beginStruct();
    sink.field("fm_flags");
    sink.named(walk.unsigned(at + 16, Integer.BYTES), walk.names("fiemap_flags"));
    sink.field("fm_mapped_extents");
    sink.number(walk.unsigned(at + 20, Integer.BYTES), Kind.Format.DECIMAL, false);
    sink.endStruct(false);
    sink.endChange();
    return true;
  }

  private static boolean dedupe(Walk walk, int at, int length) {
    int head = 24;
    if (length < head || !(walk.kind("file_dedupe_range_info") instanceof Kind.Struct target)) {
      return false;
    }
    Sink sink = walk.sink();
    long count = walk.unsigned(at + 16, Short.BYTES);
    sink.beginStruct();
    sink.field("src_offset");
    sink.number(walk.unsigned(at, Long.BYTES), Kind.Format.DECIMAL, false);
    sink.field("src_length");
    sink.number(walk.unsigned(at + 8, Long.BYTES), Kind.Format.DECIMAL, false);
    sink.field("dest_count");
    sink.number(count, Kind.Format.DECIMAL, false);
    sink.field("info");
    // The size in the command is that of the head alone; what follows may not be there.
    int there = (int) Math.min(count, (length - head) / target.sizeBytes());
    sink.beginArray();
    for (int i = 0; i < there; i++) {
      sink.element();
      walk.structs().inline(target, at + head + i * target.sizeBytes());
    }
    sink.endArray(there >= count);
    sink.endStruct(true);
    return true;
  }
}
