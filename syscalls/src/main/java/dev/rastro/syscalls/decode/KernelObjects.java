package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Errnos;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;
import java.util.Map;

/** bpf, keys, ptrace and the barriers: objects of the kernel that have numbers of their own. */
final class KernelObjects {
  private static final long FANOTIFY_CLASSES = 0xc;
  private static final int NEXT_ID_OFFSET = 4;

  /** What the attributes of a command are; where there is a colon, the union member around them. */
  private static final Map<String, String> ATTRIBUTES =
      Map.ofEntries(
          Map.entry("BPF_MAP_CREATE", "bpf_map_create"),
          Map.entry("BPF_MAP_LOOKUP_ELEM", "bpf_map_element"),
          Map.entry("BPF_MAP_LOOKUP_AND_DELETE_ELEM", "bpf_map_element"),
          Map.entry("BPF_MAP_UPDATE_ELEM", "bpf_map_element"),
          Map.entry("BPF_MAP_DELETE_ELEM", "bpf_map_key"),
          Map.entry("BPF_MAP_GET_NEXT_KEY", "bpf_map_next"),
          Map.entry("BPF_MAP_FREEZE", "bpf_map_freeze"),
          Map.entry("BPF_PROG_LOAD", "bpf_prog_load"),
          Map.entry("BPF_OBJ_PIN", "bpf_object"),
          Map.entry("BPF_OBJ_GET", "bpf_object"),
          Map.entry("BPF_OBJ_GET_INFO_BY_FD", "info:bpf_object_facts"),
          Map.entry("BPF_PROG_GET_NEXT_ID", "bpf_next_id"),
          Map.entry("BPF_MAP_GET_NEXT_ID", "bpf_next_id"),
          Map.entry("BPF_BTF_GET_NEXT_ID", "bpf_next_id"),
          Map.entry("BPF_LINK_GET_NEXT_ID", "bpf_next_id"),
          Map.entry("BPF_PROG_GET_FD_BY_ID", "bpf_prog_by_id"),
          Map.entry("BPF_MAP_GET_FD_BY_ID", "bpf_map_by_id"),
          Map.entry("BPF_BTF_GET_FD_BY_ID", "bpf_btf_by_id"),
          Map.entry("BPF_LINK_GET_FD_BY_ID", "bpf_link_by_id"),
          Map.entry("BPF_RAW_TRACEPOINT_OPEN", "raw_tracepoint:bpf_raw_tracepoint"),
          Map.entry("BPF_PROG_ATTACH", "bpf_attach"),
          Map.entry("BPF_PROG_DETACH", "bpf_detach"),
          Map.entry("BPF_BTF_LOAD", "bpf_btf_load"),
          Map.entry("BPF_LINK_CREATE", "link_create:bpf_link_create"),
          Map.entry("BPF_LINK_UPDATE", "link_update:bpf_link_update"));

  private static final int MODE_DIGITS = 3;

  private KernelObjects() {}

  static void register(Specials specials) {
    specials.add("bpf_attr", KernelObjects::attributes);
    specials.add("bpf_type_data", KernelObjects::typeData);
    specials.addStruct("bpf_next_id", KernelObjects::nextId);
    specials.add("fanotify_directory", KernelObjects::directory);
    specials.addNamed("shmget_flags", (walk, value) -> permissions(walk, value, "shmget_flags"));
    specials.addNamed("semget_flags", (walk, value) -> permissions(walk, value, "semget_flags"));
    specials.addNamed("msgget_flags", (walk, value) -> permissions(walk, value, "msgget_flags"));
    specials.addNamed("fanotify_init_flags", KernelObjects::notificationFlags);
    specials.add("syslog_buf", new Special.Sometimes(KernelObjects::usesLog, KernelObjects::log));
    specials.add(
        "syslog_len", new Special.Sometimes(KernelObjects::usesLog, KernelObjects::logLength));
    specials.add("ldt_result", KernelObjects::tableResult);
    specials.add("kernel_version", KernelObjects::version);
    specials.add("key_serial", KernelObjects::serial);
    specials.add("key_answer", KernelObjects::answer);
    specials.add("ptrace_user", KernelObjects::userArea);
  }

  private static void attributes(Walk walk, long address) {
    String shape = ATTRIBUTES.getOrDefault(walk.choice(0), "");
    int colon = shape.indexOf(':');
    if (shape.isEmpty() || !(walk.kind(shape.substring(colon + 1)) instanceof Kind.Struct struct)) {
      walk.sink().address(address);
      return;
    }
    int segment = Multiplexed.segment(walk, address, false, 1);
    if (segment == RecordReader.NO_SEGMENT) {
      return;
    }
    int at = walk.memory().segmentData(segment);
    int length = walk.memory().segmentLength(segment);
    if (colon > 0) {
      walk.sink().beginStruct();
      walk.sink().field(shape.substring(0, colon));
    }
    walk.structs().structOrMore(struct, at, length);
    if (colon > 0) {
      walk.sink().endStruct(true);
    }
  }

  /** BTF that is loaded: of what was captured of it, only that there is none says all. */
  private static void typeData(Walk walk, long address) {
    if (address != 0 && walk.structs().field("btf_size") == 0) {
      walk.sink().string(walk.memory().buffer(), walk.memory().offset(), 0, false, Quote.BYTES);
    } else {
      walk.sink().address(address);
    }
  }

  /** The one attribute that the kernel changes. */
  private static boolean nextId(Walk walk, int at, int length) {
    int whole = 3 * Integer.BYTES;
    if (walk.failed() || length < whole) {
      return false;
    }
    int after = walk.memory().find(walk.register(1), walk.index(), Phase.OUT);
    Sink sink = walk.sink();
    sink.beginStruct();
    sink.field("start_id");
    sink.number(walk.unsigned(at, Integer.BYTES), Kind.Format.DECIMAL, false);
    sink.field("next_id");
    long before = walk.unsigned(at + NEXT_ID_OFFSET, Integer.BYTES);
    sink.number(before, Kind.Format.DECIMAL, false);
    if (after != RecordReader.NO_SEGMENT && walk.memory().segmentLength(after) >= whole) {
      long now = walk.unsigned(walk.memory().segmentData(after) + NEXT_ID_OFFSET, Integer.BYTES);
      if (now != before) {
        sink.becomes();
        sink.number(now, Kind.Format.DECIMAL, false);
      }
    }
    sink.field("open_flags");
    sink.named(walk.unsigned(at + 8, Integer.BYTES), walk.names("bpf_file_flags"));
    sink.endStruct(true);
    return true;
  }

  private static void directory(Walk walk, long value) {
    if ((int) value == -1) {
      walk.sink().phrase(value & 0xffffffffL, "FAN_NOFD");
    } else {
      walk.sink().number(Walk.extended(value), Kind.Format.DIRECTORY_DESCRIPTOR, true);
    }
  }

  /** Of the classes that two bits could say, one is none. */
  private static void notificationFlags(Walk walk, long value) {
    Names names = walk.names("fanotify_init_flags");
    if ((value & FANOTIFY_CLASSES) != FANOTIFY_CLASSES) {
      walk.sink().named(value, names);
      return;
    }
    StringBuilder words = walk.words();
    Walk.hex(words, FANOTIFY_CLASSES);
    words.append(" /* FAN_CLASS_??? */");
    long rest = flags(words, "|", value & ~FANOTIFY_CLASSES, names);
    if (rest != 0) {
      Walk.hex(words.append('|'), rest);
    }
    walk.sink().phrase(value, words);
  }

  /**
   * Appends the names of flags, each behind {@code separator}.
   *
   * @return the bits that have no name
   */
  private static long flags(StringBuilder words, String separator, long value, Names names) {
    long rest = value;
    for (Names.Entry entry : names.entries()) {
      if (entry.value() != 0 && (rest & entry.mask()) == entry.value()) {
        words.append(separator).append(entry.text());
        rest &= ~entry.mask();
      }
    }
    return rest;
  }

  /** Whether this action of syslog has a buffer or a level. */
  private static boolean usesLog(Walk walk) {
    return switch (walk.choice(0)) {
      case "SYSLOG_ACTION_CLOSE",
          "SYSLOG_ACTION_OPEN",
          "SYSLOG_ACTION_CLEAR",
          "SYSLOG_ACTION_CONSOLE_OFF",
          "SYSLOG_ACTION_CONSOLE_ON",
          "SYSLOG_ACTION_SIZE_UNREAD",
          "SYSLOG_ACTION_SIZE_BUFFER" ->
          false;
      default -> true;
    };
  }

  private static void log(Walk walk, long address) {
    if (!walk.choice(0).startsWith("SYSLOG_ACTION_READ") || address == 0 || walk.failed()) {
      walk.sink().address(address);
      return;
    }
    int segment = walk.find(address);
    if (segment == RecordReader.NO_SEGMENT) {
      walk.missing(address);
    } else {
      walk.pointers().bytes(segment, walk.returned(), Quote.BYTES);
    }
  }

  private static void logLength(Walk walk, long value) {
    if (walk.choice(0).equals("SYSLOG_ACTION_CONSOLE_LEVEL")) {
      walk.sink().named(value & 0xffffffffL, walk.names("syslog_level"));
    } else {
      walk.sink().number(Walk.extended(value), Kind.Format.DECIMAL, true);
    }
  }

  /**
   * modify_ldt returns an error as an unsigned number of 32 bits, which no caller takes for one.
   */
  private static void tableResult(Walk walk, long value) {
    int error = -(int) value;
    if (value >>> Integer.SIZE == 0 && Errnos.isKnown(error)) {
      walk.sink()
          .phrase(
              value,
              walk.words()
                  .append(value)
                  .append(' ')
                  .append(Errnos.name(error))
                  .append(" (")
                  .append(Errnos.text(error))
                  .append(')'));
    } else {
      walk.sink().number(value, Kind.Format.DECIMAL, true);
    }
  }

  /** Flags, and below them the permissions of what is made. */
  private static void permissions(Walk walk, long value, String set) {
    StringBuilder words = walk.words();
    long rest = value & ~0777 & 0xffffffffL;
    for (Names.Entry entry : walk.names(set).entries()) {
      if ((rest & entry.mask()) == entry.value()) {
        words.append(entry.text()).append('|');
        rest &= ~entry.mask();
      }
    }
    if (rest != 0) {
      Walk.hex(words, rest);
      words.append('|');
    }
    String mode = Integer.toOctalString((int) value & 0777);
    words.append("0".repeat(Math.max(1, MODE_DIGITS - mode.length()))).append(mode);
    walk.sink().phrase(value & 0xffffffffL, words);
  }

  private static void version(Walk walk, long value) {
    walk.sink()
        .phrase(
            value,
            walk.words()
                .append("KERNEL_VERSION(")
                .append(value >>> 16 & 0xffff)
                .append(", ")
                .append(value >>> 8 & 0xff)
                .append(", ")
                .append(value & 0xff)
                .append(')'));
  }

  private static void serial(Walk walk, long value) {
    String name = Walk.choice(walk.names("special_key"), value & 0xffffffffL);
    if (name.isEmpty() || walk.index() < 0) {
      walk.sink().number(Walk.extended(value), Kind.Format.DECIMAL, true);
    } else {
      walk.sink().phrase(value & 0xffffffffL, name);
    }
  }

  /** The result says how long the answer is, which may be more than there was room for. */
  private static void answer(Walk walk, long address) {
    if (address == 0 || walk.failed()) {
      walk.sink().address(address);
      return;
    }
    int segment = walk.find(address);
    segment = segment < 0 ? segment : walk.pointers().bytesAt(address, segment);
    if (segment < 0) {
      walk.missing(address);
    } else {
      // All but the key itself end with a NUL that counts.
      long told = walk.returned() - (walk.choice(0).equals("KEYCTL_READ") ? 0 : 1);
      walk.pointers().bytes(segment, Math.min(told, walk.register(walk.index() + 1)), Quote.BYTES);
    }
  }

  /** An offset in struct user, as the register that is there. */
  private static void userArea(Walk walk, long offset) {
    if (walk.kind("ptrace_registers") instanceof Kind.Struct registers) {
      for (Kind.Field field : registers.fields()) {
        if (field.offset() == offset && registers.fields().size() > 1) {
          StringBuilder words = walk.words().append("8*");
          for (int i = 0; i < field.name().length(); i++) {
            words.append(Character.toUpperCase(field.name().charAt(i)));
          }
          walk.sink().phrase(offset, words);
          return;
        }
      }
    }
    walk.sink().number(offset, Kind.Format.HEX, false);
  }
}
