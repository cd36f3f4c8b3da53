package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;

/** mount, swapon, quotas and file handles. */
final class Mounts {
  private static final Kind.Text STRING = new Kind.Text("string", false);
  private static final int HANDLE_HEAD_BYTES = 8;
  private static final int PRIORITY = 0x7fff;
  private static final int QUOTA_TYPE_BITS = 8;

  private Mounts() {}

  static void register(Specials specials) {
    specials.add("mount_type", (walk, address) -> tell(walk, address, takesType(walk)));
    specials.add("mount_data", (walk, address) -> tell(walk, address, takesData(walk)));
    specials.addNamed("swap_flags", Mounts::swapFlags);
    specials.add("quotactl_command", Mounts::quotaCommand);
    specials.add("quotactl_id", new Special.Sometimes(Mounts::takesId, Mounts::quotaId));
    specials.add("quotactl_addr", new Special.Sometimes(Mounts::takesAddress, Mounts::quota));
    specials.add("file_handle", Mounts::handle);
  }

  private static void tell(Walk walk, long address, boolean string) {
    if (string) {
      walk.pointed(STRING, address);
    } else {
      walk.sink().address(address);
    }
  }

  private static boolean has(Walk walk, String flag) {
    long flags = walk.register(3);
    // A magic number of old stands in the upper half, and would look like flags.
    if (Walk.hasFlag(walk.names("mount_flags"), flags, "MS_MGC_VAL")) {
      flags &= 0xffff;
    }
    return Walk.hasFlag(walk.names("mount_flags"), flags, flag);
  }

  private static boolean takesType(Walk walk) {
    return !has(walk, "MS_REMOUNT") && !isChange(walk);
  }

  private static boolean takesData(Walk walk) {
    return has(walk, "MS_REMOUNT") || !isChange(walk);
  }

  /** Moves what is mounted, or changes how it is shared: nothing new is mounted. */
  private static boolean isChange(Walk walk) {
    return has(walk, "MS_BIND")
        || has(walk, "MS_MOVE")
        || has(walk, "MS_SHARED")
        || has(walk, "MS_PRIVATE")
        || has(walk, "MS_SLAVE")
        || has(walk, "MS_UNBINDABLE");
  }

  private static void swapFlags(Walk walk, long value) {
    Names names = walk.names("swap_flags");
    long flags = value & ~PRIORITY & 0xffffffffL;
    if (flags == 0) {
      walk.sink().number(value & PRIORITY, Kind.Format.DECIMAL, false);
      return;
    }
    StringBuilder words = walk.words();
    long rest = flags;
    for (Names.Entry entry : names.entries()) {
      if ((rest & entry.mask()) == entry.value()) {
        words.append(words.length() == 0 ? "" : "|").append(entry.text());
        rest &= ~entry.value();
      }
    }
    if (rest != 0) {
      words.append(words.length() == 0 ? "" : "|");
      Walk.hex(words, rest);
    }
    walk.sink().phrase(value, words.append('|').append(value & PRIORITY));
  }

  private static int quotaCommandArgument(Walk walk) {
    return walk.call().name().equals("quotactl") ? 0 : 1;
  }

  private static String quotaName(Walk walk) {
    long command = walk.register(quotaCommandArgument(walk)) & 0xffffffffL;
    return Walk.choice(walk.names("quota_command"), command >>> QUOTA_TYPE_BITS);
  }

  private static void quotaCommand(Walk walk, long value) {
    long command = value & 0xffffffffL;
    StringBuilder words = walk.words().append("QCMD(");
    choice(walk, words, "quota_command", command >>> QUOTA_TYPE_BITS);
    words.append(", ");
    choice(walk, words, "quota_type", command & 0xff);
    walk.sink().phrase(command, words.append(')'));
  }

  private static void choice(Walk walk, StringBuilder words, String set, long value) {
    Names names = walk.names(set);
    String name = Walk.choice(names, value);
    if (name.isEmpty()) {
      Walk.hex(words, value);
      words.append(" /* ").append(names.prefix()).append(" */");
    } else {
      words.append(name);
    }
  }

  private static boolean takesId(Walk walk) {
    return switch (quotaName(walk)) {
      case "Q_QUOTAOFF", "Q_SYNC", "Q_GETINFO", "Q_SETINFO", "Q_GETFMT" -> false;
      case "Q_XQUOTAON", "Q_XQUOTAOFF", "Q_XQUOTARM", "Q_XGETQSTAT", "Q_XQUOTASYNC" -> false;
      default -> true;
    };
  }

  private static boolean takesAddress(Walk walk) {
    return switch (quotaName(walk)) {
      case "Q_QUOTAOFF", "Q_SYNC", "Q_XQUOTASYNC" -> false;
      default -> true;
    };
  }

  private static void quotaId(Walk walk, long value) {
    if (quotaName(walk).equals("Q_QUOTAON")) {
      walk.sink().named(value & 0xffffffffL, walk.names("quota_format"));
    } else {
      walk.sink().number(value & 0xffffffffL, Kind.Format.OWNER, false);
    }
  }

  private static void quota(Walk walk, long address) {
    switch (quotaName(walk)) {
      case "Q_QUOTAON" -> walk.pointed(STRING, address);
      case "Q_GETQUOTA" -> Multiplexed.struct(walk, "dqblk", address, true);
      case "Q_SETQUOTA" -> Multiplexed.struct(walk, "dqblk", address, false);
      default -> walk.sink().address(address);
    }
  }

  /** What the kernel writes, a larger size included, is beside what the caller had written. */
  private static void handle(Walk walk, long address) {
    boolean asks = walk.call().name().equals("name_to_handle_at");
    int before = Multiplexed.segment(walk, address, false, Integer.BYTES);
    if (before < 0) {
      return;
    }
    long given = walk.unsigned(walk.memory().segmentData(before), Integer.BYTES);
    Sink sink = walk.sink();
    sink.beginStruct();
    sink.field("handle_bytes");
    sink.number(given, Kind.Format.DECIMAL, false);
    int after = before;
    if (asks) {
      walk.lookAt(walk.index(), Phase.OUT);
      after = walk.find(address);
      if (after < 0) {
        sink.endStruct(true);
        return;
      }
      long needed = walk.unsigned(walk.memory().segmentData(after), Integer.BYTES);
      if (needed != given) {
        sink.becomes();
        sink.number(needed, Kind.Format.DECIMAL, false);
      }
    }
    if (!asks || !walk.failed()) {
      opaque(walk, after);
    }
    sink.endStruct(true);
  }

  private static void opaque(Walk walk, int segment) {
    int at = walk.memory().segmentData(segment);
    long bytes = walk.unsigned(at, Integer.BYTES);
    int there =
        (int) Math.min(bytes, (long) walk.memory().segmentLength(segment) - HANDLE_HEAD_BYTES);
    if (there < 0) {
      return;
    }
    walk.sink().field("handle_type");
    walk.sink().number(walk.signed32(at + Integer.BYTES), Kind.Format.DECIMAL, true);
    walk.sink().field("f_handle");
    walk.sink()
        .string(
            walk.memory().buffer(), at + HANDLE_HEAD_BYTES, there, there < bytes, Quote.WHOLE_HEX);
  }
}
