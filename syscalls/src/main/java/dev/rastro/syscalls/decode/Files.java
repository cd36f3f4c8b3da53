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
            (walk, size) -> walk.sink().number(size, Kind.Format.DECIMAL, true)));
    specials.add(
        "stat_rdev",
        new Special.Sometimes(
            walk -> isDevice(walk.structs().field("st_mode")),
            (walk, dev) -> walk.sink().number(dev, Kind.Format.DEVICE, false)));
    specials.add("linux_dirent64", Files::entries);
    specials.add("linux_dirent", Files::entries);
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

  /** How many entries a directory read brought. */
  private static void entries(Walk walk, long address) {
    walk.sink().address(address);
    if (address == 0 || walk.failed()) {
      return;
    }
    int segment = walk.find(address);
    int entries = 0;
    if (segment != RecordReader.NO_SEGMENT) {
      int at = walk.memory().segmentData(segment);
      int left = walk.memory().segmentLength(segment);
      while (left >= DIRENT_HEAD_BYTES) {
        int length = (int) walk.unsigned(at + DIRENT_LENGTH_OFFSET, Short.BYTES);
        if (length < DIRENT_HEAD_BYTES || length > left) {
          break;
        }
        entries++;
        at += length;
        left -= length;
      }
      if (walk.memory().segmentLength(segment) < walk.memory().segmentWanted(segment)) {
        walk.sink().comment(walk.words().append("at least ").append(entries).append(" entries"));
        return;
      }
    } else if (walk.returned() != 0) {
      return;
    }
    walk.sink().comment(walk.words().append(entries).append(entries == 1 ? " entry" : " entries"));
  }
}
