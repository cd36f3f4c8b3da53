package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;

/** Files and directories: modes, devices, directory entries. */
final class Files {
  private static final int TYPE = 0170000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int BLOCK_DEVICE = 0060000;
  private static final int DIRENT_LENGTH_OFFSET = 16;
  private static final int DIRENT_HEAD_BYTES = 18;
  private static final int DIRENT64_NAME_OFFSET = 19;

  private Files() {}

  static void register(Specials specials) {
    specials.add(
        "mode_if_creat",
        new Special.Sometimes(
            Files::creates,
            (walk, mode) -> walk.sink().number(mode & 0xffff, Kind.Format.PERMISSIONS, false)));
    specials.add(
        "mknod_dev",
        new Special.Sometimes(
            walk -> isDevice(walk.register(walk.index() - 1)),
            (walk, dev) -> walk.sink().number(dev & 0xffffffffL, Kind.Format.DEVICE, false)));
    specials.add(
        "stat_size",
        new Special.Sometimes(
            walk -> !isDevice(walk.structs().field("st_mode")),
            (walk, size) -> walk.sink().number(size, Kind.Format.DECIMAL, false)));
    specials.add(
        "stat_rdev",
        new Special.Sometimes(
            walk -> isDevice(walk.structs().field("st_mode")),
            (walk, dev) -> walk.sink().number(dev, Kind.Format.DEVICE, false)));
    specials.add(
        "resident_page", (walk, page) -> walk.sink().number(page & 1, Kind.Format.DECIMAL, false));
    specials.add("linux_dirent64", Files::entries);
    specials.add("linux_dirent", Files::entries);
    specials.add(
        "reserved",
        new Special.Sometimes(
            walk -> walk.structs().field("__reserved") != 0,
            (walk, value) -> walk.sink().number(value, Kind.Format.HEX, false)));
    specials.add("unused", new Special.Sometimes(walk -> false, (walk, value) -> {}));
  }

  private static boolean isDevice(long mode) {
    return (mode & TYPE) == CHARACTER_DEVICE || (mode & TYPE) == BLOCK_DEVICE;
  }

  /** O_CREAT or O_TMPFILE among the flags in front, of a call or of struct open_how. */
  private static boolean creates(Walk walk) {
    if (walk.structs().isInside()) {
      return walk.structs().field("mode") != 0 || creates(walk, walk.structs().field("flags"));
    }
    return creates(walk, walk.register(walk.index() - 1));
  }

  private static boolean creates(Walk walk, long flags) {
    Names names = walk.names("open_flags");
    return Walk.hasFlag(names, flags, "O_CREAT") || Walk.hasFlag(names, flags, "O_TMPFILE");
  }

  /** How many entries a directory read brought, or with {@code -v} each of them. */
  private static void entries(Walk walk, long address) {
    if (walk.failed()) {
      walk.sink().address(address);
      return;
    }
    int segment = address == 0 ? RecordReader.NO_SEGMENT : walk.find(address);
    if (segment == RecordReader.NO_SEGMENT && walk.returned() != 0) {
      walk.sink().address(address);
    } else if (walk.options().verbose()) {
      eachEntry(walk, segment);
    } else {
      walk.sink().address(address);
      countEntries(walk, segment);
    }
  }

  private static void countEntries(Walk walk, int segment) {
    int entries = 0;
    int at = 0;
    for (int length = entryBytes(walk, segment, at); length > 0; ) {
      entries++;
      at += length;
      length = entryBytes(walk, segment, at);
    }
    StringBuilder words = walk.words();
    if (isCut(walk, segment)) {
      words.append("at least ");
    }
    walk.sink().comment(words.append(entries).append(entries == 1 ? " entry" : " entries"));
  }

  private static void eachEntry(Walk walk, int segment) {
    boolean wide = walk.call().name().equals("getdents64");
    walk.sink().beginArray();
    int at = 0;
    for (int length = entryBytes(walk, segment, at); length > 0; ) {
      walk.sink().element();
      entry(walk, walk.memory().segmentData(segment) + at, length, wide);
      at += length;
      length = entryBytes(walk, segment, at);
    }
    walk.sink().endArray(!isCut(walk, segment));
  }

  /** struct linux_dirent64, or linux_dirent, which has the type in its last byte. */
  private static void entry(Walk walk, int at, int length, boolean wide) {
    Sink sink = walk.sink();
    int nameAt = wide ? DIRENT64_NAME_OFFSET : DIRENT_HEAD_BYTES;
    int nameBytes = Math.max(0, length - nameAt - (wide ? 0 : 1));
    int typeAt = wide ? DIRENT_HEAD_BYTES : length - 1;
    sink.beginStruct();
    sink.field("d_ino");
    sink.number(walk.unsigned(at, Long.BYTES), Kind.Format.DECIMAL, false);
    sink.field("d_off");
    sink.number(walk.unsigned(at + Long.BYTES, Long.BYTES), Kind.Format.DECIMAL, wide);
    sink.field("d_reclen");
    sink.number(length, Kind.Format.DECIMAL, false);
    if (wide) {
      sink.field("d_type");
      sink.named(walk.unsigned(at + typeAt, 1), walk.names("dirent_type"));
    }
    sink.field("d_name");
    int end = walk.pointers().terminated(at + nameAt, nameBytes);
    sink.string(walk.memory().buffer(), at + nameAt, end, false, Quote.PATH);
    if (!wide) {
      sink.field("d_type");
      sink.named(walk.unsigned(at + typeAt, 1), walk.names("dirent_type"));
    }
    sink.endStruct(true);
  }

  /** The length of the entry that begins at byte {@code at}; 0 where there is no whole one. */
  private static int entryBytes(Walk walk, int segment, int at) {
    if (segment == RecordReader.NO_SEGMENT) {
      return 0;
    }
    int left = walk.memory().segmentLength(segment) - at;
    if (left <= DIRENT_HEAD_BYTES) {
      return 0;
    }
    int length =
        (int)
            walk.unsigned(
                walk.memory().segmentData(segment) + at + DIRENT_LENGTH_OFFSET, Short.BYTES);
    return length <= DIRENT_HEAD_BYTES || length > left ? 0 : length;
  }

  private static boolean isCut(Walk walk, int segment) {
    return segment != RecordReader.NO_SEGMENT
        && walk.memory().segmentLength(segment) < walk.memory().segmentWanted(segment);
  }
}
