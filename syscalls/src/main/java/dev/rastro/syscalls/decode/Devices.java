package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;

/** What ioctls of devices and file systems have that fields alone cannot say. */
final class Devices {
  /** linux/keyboard.h: a key's value is its type and, below that, which of the type. */
  private static final int KEY_TYPE_SHIFT = 8;

  private static final int KEY_LATIN = 0;
  private static final int KEY_LETTER = 11;
  private static final int LOWEST_BYTE = 0xff;

  private static final int STATS_AT = 24;
  private static final int FEATURES_BYTES = 24;

  /** Groups of a UUID's bytes. */
  private static final int[] UUID_GROUPS = {4, 2, 2, 2, 6};

  private static final String[] FEATURE_USES = {"supported", "safe to set", "safe to clear"};

  private Devices() {}

  static void register(Specials specials) {
    specials.add("hidden", (walk, value) -> hidden(walk));
    specials.add("console_text", (Special.InMemory) Devices::limitedText);
    specials.add("uuid", (Special.InMemory) Devices::uuid);
    specials.add("fraction", (Special.InMemory) Devices::fraction);
    specials.add("fourcc", Devices::fourCharacters);
    specials.add("per_mille", Devices::perMille);
    specials.add("char_value", (walk, value) -> character(walk, value));
    specials.add("sound_divisor", Devices::soundDivisor);
    specials.add("tone", Devices::tone);
    specials.add("key_value", Devices::keyValue);
    specials.add("console_table", (Special.InMemory) Devices::bytes);
    specials.add("hd_identity", (Special.InMemory) Devices::identity);
    specials.add("device_name", (Special.InMemory) Devices::name);
    specials.add("device_bits", (Special.InMemory) Devices::bits);
    specials.add("keycode", (Special.InMemory) Devices::keycode);
    specials.add("touch_slots", (Special.InMemory) Devices::slots);
    specials.add("mtd_free_bytes", (Special.InMemory) Devices::freeBytes);
    specials.add(
        "rtc_signed",
        new Special.Sometimes(
            Devices::isCorrection,
            (walk, value) -> walk.sink().number(value, Kind.Format.DECIMAL, true)));
    specials.add(
        "rtc_unsigned",
        new Special.Sometimes(
            walk -> !isCorrection(walk),
            (walk, value) -> walk.sink().number(value, Kind.Format.HEX, false)));
    specials.add("btrfs_no_argument", new Special.Sometimes(walk -> false, (walk, value) -> {}));
    specials.add("btrfs_subvol_bits", (Special.InMemory) Devices::subvolumeFlags);
    specials.add("btrfs_stats_answer", (Special.InMemory) Devices::statistics);
    specials.add("btrfs_supported_features", (Special.InMemory) Devices::features);
  }

  /** Too much to be told, as strace hints at it. */
  private static void hidden(Walk walk) {
    walk.sink().beginArray();
    walk.sink().endArray(false);
  }

  /** A string in a field, of which no more is told than of any other. */
  private static boolean limitedText(Walk walk, int at, int length) {
    int end = walk.pointers().terminated(at, length);
    walk.sink().string(walk.memory().buffer(), at, end, false, Quote.BYTES);
    return true;
  }

  private static boolean uuid(Walk walk, int at, int length) {
    StringBuilder words = walk.words();
    int next = at;
    for (int group : UUID_GROUPS) {
      words.append(next == at ? "" : "-");
      for (int i = 0; i < group; i++) {
        int octet = (int) walk.unsigned(next++, 1);
        words.append(Character.forDigit(octet >> 4, 16)).append(Character.forDigit(octet & 15, 16));
      }
    }
    walk.sink().phrase(0, words);
    return true;
  }

  private static boolean fraction(Walk walk, int at, int length) {
    StringBuilder words = walk.words().append(walk.unsigned(at, Integer.BYTES)).append('/');
    walk.sink().phrase(0, words.append(walk.unsigned(at + Integer.BYTES, Integer.BYTES)));
    return true;
  }

  private static void fourCharacters(Walk walk, long value) {
    StringBuilder words = walk.words().append("v4l2_fourcc(");
    for (int i = 0; i < Integer.BYTES; i++) {
      words.append(i == 0 ? "" : ", ");
      quote(words, (int) (value >>> (Byte.SIZE * i)) & LOWEST_BYTE);
    }
    walk.sink().phrase(value, words.append(')'));
  }

  private static void quote(StringBuilder words, int octet) {
    words.append('\'');
    if (octet == '\'' || octet == '\\') {
      words.append('\\').append((char) octet);
    } else if (octet >= ' ' && octet < 0x7f) {
      words.append((char) octet);
    } else {
      words.append("\\x").append(Character.forDigit(octet >> 4, 16));
      words.append(Character.forDigit(octet & 15, 16));
    }
    words.append('\'');
  }

  private static void character(Walk walk, long value) {
    StringBuilder words = walk.words();
    quote(words, (int) value & LOWEST_BYTE);
    walk.sink().phrase(value, words);
  }

  private static void perMille(Walk walk, long value) {
    walk.sink().number(value, Kind.Format.DECIMAL, false);
    walk.sink().comment(walk.words().append(value / 10).append('.').append(value % 10).append('%'));
  }

  /** A count of ticks at 1,193,180 a second; none silences the speaker. */
  private static void soundDivisor(Walk walk, long value) {
    walk.sink().number(value, Kind.Format.DECIMAL, false);
    if ((value & 0xffff) == 0) {
      walk.sink().comment("off");
    }
  }

  private static void tone(Walk walk, long value) {
    long divisor = value & 0xffff;
    StringBuilder words =
        walk.words().append(value >>> Short.SIZE & 0xffff).append("<<16|").append(divisor);
    walk.sink().phrase(value, words);
    if (divisor == 0) {
      walk.sink().comment("off");
    }
  }

  private static void keyValue(Walk walk, long value) {
    int type = (int) value >>> KEY_TYPE_SHIFT & LOWEST_BYTE;
    int key = (int) value & LOWEST_BYTE;
    walk.sink().number(value, Kind.Format.HEX, false);
    StringBuilder words = walk.words().append("K(");
    String name = Walk.choice(walk.names("kd_key_type"), type);
    if (name.isEmpty()) {
      Walk.hex(words, type);
    } else {
      words.append(name);
    }
    words.append(", ");
    if (type == KEY_LATIN || type == KEY_LETTER) {
      quote(words, key);
    } else {
      Walk.hex(words, key);
    }
    walk.sink().comment(words.append(')'));
  }

  private static boolean bytes(Walk walk, int at, int length) {
    walk.sink().string(walk.memory().buffer(), at, length, false, Quote.HEX);
    return true;
  }

  private static boolean identity(Walk walk, int at, int length) {
    walk.sink().string(walk.memory().buffer(), at, length, false, Quote.BYTES);
    return true;
  }

  /** As long as the result says, with a NUL. */
  private static boolean name(Walk walk, int at, int length) {
    int there = (int) Math.max(0, Math.min(length, walk.returned() - 1));
    walk.sink().string(walk.memory().buffer(), at, there, false, Quote.BYTES);
    return true;
  }

  /** A bit for each code that the device has or that is set; the result says how many bytes. */
  private static boolean bits(Walk walk, int at, int length) {
    String set =
        switch (Ioctls.name(walk).replaceAll("\\(.*", "")) {
          case "EVIOCGPROP" -> "evdev_property";
          case "EVIOCGLED" -> "evdev_led";
          case "EVIOCGSND" -> "evdev_sound";
          case "EVIOCGSW" -> "evdev_switch";
          case "EVIOCGBIT" -> bitsOfType((int) walk.register(1) & 0x1f);
          default -> "evdev_key";
        };
    int there = (int) Math.max(0, Math.min(length, walk.returned()));
    if (there == 0 || set.isEmpty()) {
      return false;
    }
    Names names = walk.names(set);
    walk.sink().beginArray();
    for (int bit = 0; bit < there * Byte.SIZE; bit++) {
      if ((walk.unsigned(at + bit / Byte.SIZE, 1) >> bit % Byte.SIZE & 1) != 0) {
        walk.sink().element();
        walk.sink().named(bit, names);
      }
    }
    walk.sink().endArray(true);
    return true;
  }

  /** linux/input-event-codes.h: what the bits of a type of events are. */
  private static String bitsOfType(int type) {
    return switch (type) {
      case 0 -> "evdev_type";
      case 0x01 -> "evdev_key";
      case 0x02 -> "evdev_wheel";
      case 0x03 -> "evdev_axis";
      case 0x04 -> "evdev_misc";
      case 0x05 -> "evdev_switch";
      case 0x11 -> "evdev_led";
      case 0x12 -> "evdev_sound";
      case 0x14 -> "evdev_repeat";
      case 0x15 -> "evdev_effect";
      default -> "";
    };
  }

  private static boolean keycode(Walk walk, int at, int length) {
    if (length < 2 * Integer.BYTES) {
      return false;
    }
    walk.sink().beginArray();
    walk.sink().element();
    walk.sink().number(walk.unsigned(at, Integer.BYTES), Kind.Format.DECIMAL, false);
    walk.sink().element();
    walk.sink().named(walk.unsigned(at + Integer.BYTES, Integer.BYTES), walk.names("evdev_key"));
    walk.sink().endArray(true);
    return true;
  }

  /** A code, and its value for each slot of a touch screen. */
  private static boolean slots(Walk walk, int at, int length) {
    if (length < Integer.BYTES) {
      return false;
    }
    Sink sink = walk.sink();
    sink.beginStruct();
    sink.field("code");
    sink.named(walk.unsigned(at, Integer.BYTES), walk.names("evdev_slot"));
    sink.field("values");
    int rest = length - Integer.BYTES;
    walk.structs().array(walk.kind("int"), at + Integer.BYTES, rest, 0, Structs.End.WHOLE, 0);
    sink.endStruct(true);
    return true;
  }

  /** Eight pairs of where unused bytes begin and how many there are. */
  private static boolean freeBytes(Walk walk, int at, int length) {
    Kind number = walk.kind("hex");
    int pairBytes = 2 * Integer.BYTES;
    walk.sink().beginArray();
    for (int i = 0; i < length / pairBytes; i++) {
      walk.sink().element();
      walk.structs().array(number, at + i * pairBytes, pairBytes, 2, Structs.End.WHOLE, 0);
    }
    walk.sink().endArray(true);
    return true;
  }

  /** Which member of the union a parameter of a clock has its value in. */
  private static boolean isCorrection(Walk walk) {
    return Walk.choice(walk.names("rtc_parameter"), walk.structs().number(0, Long.BYTES))
        .equals("RTC_PARAM_CORRECTION");
  }

  private static boolean subvolumeFlags(Walk walk, int at, int length) {
    if (length < Long.BYTES) {
      return false;
    }
    walk.sink().named(walk.unsigned(at, Long.BYTES), walk.names("btrfs_subvol_flags"));
    return true;
  }

  /** {@code [[BTRFS_DEV_STAT_WRITE_ERRS]=4, …]}, which has no name of its own. */
  private static boolean statistics(Walk walk, int at, int length) {
    Names names = walk.names("btrfs_stats");
    if (length < STATS_AT + Long.BYTES * names.entries().size()) {
      return false;
    }
    long count = walk.unsigned(at + 8, Long.BYTES);
    Sink sink = walk.sink();
    sink.beginStruct();
    sink.field("nr_items");
    sink.number(count, Kind.Format.DECIMAL, false);
    sink.field("flags");
    sink.named(walk.unsigned(at + 16, Long.BYTES), walk.names("btrfs_stats_flags"));
    sink.unnamedField("values");
    sink.beginArray();
    for (int i = 0; i < names.entries().size() && Long.compareUnsigned(i, count) < 0; i++) {
      sink.element();
      sink.index(names.entries().get(i).text());
      sink.number(
          walk.unsigned(at + STATS_AT + Long.BYTES * i, Long.BYTES), Kind.Format.DECIMAL, false);
    }
    sink.endArray(true);
    sink.endStruct(true);
    return true;
  }

  private static boolean features(Walk walk, int at, int length) {
    if (length < FEATURES_BYTES * FEATURE_USES.length) {
      return false;
    }
    walk.sink().beginArray();
    for (int i = 0; i < FEATURE_USES.length; i++) {
      walk.sink().element();
      walk.structs().inline(walk.kind("btrfs_features"), at + FEATURES_BYTES * i);
      walk.sink().comment(FEATURE_USES[i]);
    }
    walk.sink().endArray(true);
    return true;
  }
}
