package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;

/** ioctl: commands without a name, and the numbers that a command packs beside one. */
final class Ioctls {
  private static final int COMMAND = 1;
  private static final int EVDEV = 'E';
  private static final int EVDEV_BITS = 0x20;
  private static final int EVDEV_BITS_END = 0x40;
  private static final int EVDEV_AXES = 0x40;
  private static final int EVDEV_AXES_END = 0x80;

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
    if (!Walk.choice(walk.names("ioctl_command"), command).isEmpty()) {
      walk.sink().named(command, walk.names("ioctl_command"));
      return;
    }
    int type = (int) (command >>> 8 & 0xff);
    int number = (int) (command & 0xff);
    int sizeBytes = (int) (command >>> 16 & 0x3fff);
    StringBuilder words = walk.words();
    if (type != EVDEV || !evdev(walk, words, (int) (command >>> 30), number, sizeBytes)) {
      words.append("_IOC(");
      direction(words, (int) (command >>> 30));
      words.append(", ");
      Walk.hex(words, type);
      words.append(", ");
      Walk.hex(words, number);
      words.append(", ");
      Walk.hex(words, sizeBytes);
      words.append(')');
    }
    walk.sink().phrase(command, words);
  }

  private static void direction(StringBuilder words, int bits) {
    words.append(
        switch (bits) {
          case 0 -> "_IOC_NONE";
          case 1 -> "_IOC_WRITE";
          case 2 -> "_IOC_READ";
          default -> "_IOC_READ|_IOC_WRITE";
        });
  }

  /** Queries of input devices carry what they ask for in the command: linux/input.h. */
  private static boolean evdev(
      Walk walk, StringBuilder words, int direction, int number, int sizeBytes) {
    if (direction != 2) {
      return false;
    }
    if (number >= EVDEV_BITS && number < EVDEV_BITS_END) {
      words.append("EVIOCGBIT(");
      choice(walk, words, "evdev_type", number - EVDEV_BITS);
      words.append(", ").append(sizeBytes).append(')');
      return true;
    }
    if (number >= EVDEV_AXES && number < EVDEV_AXES_END) {
      words.append("EVIOCGABS(");
      choice(walk, words, "evdev_axis", number - EVDEV_AXES);
      words.append(')');
      return true;
    }
    String name = Walk.choice(walk.names("evdev_query"), number);
    if (name.isEmpty()) {
      return false;
    }
    words.append(name);
    if (!name.equals("EVIOCGVERSION") && !name.equals("EVIOCGID")) {
      words.append('(').append(sizeBytes).append(')');
    }
    return true;
  }

  private static void choice(Walk walk, StringBuilder words, String names, int value) {
    // strace writes the type 0 as a number: it asks which types there are.
    String name = names.equals("evdev_type") && value == 0 ? "0" : "";
    if (name.isEmpty()) {
      name = Walk.choice(walk.names(names), value);
    }
    if (name.isEmpty()) {
      Walk.hex(words, value);
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
