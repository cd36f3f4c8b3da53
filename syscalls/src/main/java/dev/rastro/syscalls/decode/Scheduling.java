package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Errnos;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;
import dev.rastro.syscalls.table.Syscall;

/** Who may run when and where: policies, priorities, memory nodes, capabilities, barriers. */
final class Scheduling {
  /** linux/ioprio.h: the class stands above so many bits of data. */
  private static final int KCMP_PIDS_BEFORE = 3;

  private static final int IOPRIO_CLASS_SHIFT = 13;

  private static final int IOPRIO_CLASSES = 7;

  /** The personality that is only asked for. */
  private static final long ASKED = 0xffffffffL;

  private static final int ERRNO_LIMIT = 4096;

  /** Sizes of struct sched_attr in its first and second version. */
  private static final int SCHED_ATTR_LEAST_BYTES = 48;

  private static final int SCHED_ATTR_BYTES = 56;

  private Scheduling() {}

  static void register(Specials specials) {
    specials.add("sched_policy_result", (walk, policy) -> noted(walk, policy, "sched_policy"));
    specials.add("adjtimex_result", (walk, state) -> noted(walk, state, "adjtimex_state"));
    specials.add("ioprio", Scheduling::priority);
    specials.add("ioprio16", Scheduling::priority);
    specials.add(
        "ioprio_result",
        (walk, value) -> {
          walk.sink().number(value, Kind.Format.DECIMAL, true);
          walk.sink().beginNote();
          walk.sink().element();
          priority(walk, value);
          walk.sink().endNote();
        });
    specials.add(
        "membarrier_cpu",
        new Special.Sometimes(
            walk -> (walk.register(1) & 1) != 0,
            (walk, cpu) -> walk.sink().number(Walk.extended(cpu), Kind.Format.DECIMAL, true)));
    specials.addNamed(
        "personality",
        (walk, value) -> {
          if (value == ASKED) {
            walk.sink().number(value, Kind.Format.HEX, false);
          } else {
            walk.sink().named(value, walk.names("personality"));
          }
        });
    specials.add(
        "personality_result",
        (walk, value) -> {
          walk.sink().number(value, Kind.Format.HEX, false);
          walk.sink().beginNote();
          walk.sink().element();
          walk.sink().named(value, walk.names("personality"));
          walk.sink().endNote();
        });
    specials.add(
        "kcmp_index", new Special.Sometimes(Scheduling::comparesOne, Scheduling::comparedIndex));
    specials.add(
        "kcmp_slot",
        new Special.Sometimes(
            Scheduling::comparesOne,
            (walk, index) -> {
              if (walk.choice(2).equals("KCMP_EPOLL_TFD")) {
                walk.pointed(walk.kind("kcmp_epoll_slot"), index);
              } else {
                comparedIndex(walk, index);
              }
            }));
    specials.add("page_status", Scheduling::pageStatus);
    specials.addStruct("sched_attr", Scheduling::attributes);
    specials.add("node_set", new NodeSet());
    specials.add(
        "mq_attr_if_creat",
        new Special.Sometimes(
            walk -> Walk.hasFlag(walk.names("open_flags"), walk.register(1), "O_CREAT"),
            new QueueAttributes()));
    specials.add("cap_sets", new Capabilities());
  }

  /** Whether kcmp compares one file of many, or something unknown. */
  private static boolean comparesOne(Walk walk) {
    return switch (walk.choice(2)) {
      case "KCMP_FILE", "KCMP_EPOLL_TFD", "" -> true;
      default -> false;
    };
  }

  /** A descriptor of the process three arguments before: only the caller's own are told. */
  private static void comparedIndex(Walk walk, long index) {
    int owner = (int) walk.register(walk.index() - KCMP_PIDS_BEFORE);
    Kind.Format format = Kind.Format.DECIMAL;
    if (walk.choice(2).isEmpty()) {
      format = Kind.Format.HEX;
    } else if (owner == walk.memory().tgid() && walk.choice(2).equals("KCMP_FILE")) {
      format = Kind.Format.DESCRIPTOR;
    }
    walk.sink().number(index, format, false);
  }

  private static void noted(Walk walk, long value, String set) {
    walk.sink().number(value, Kind.Format.DECIMAL, true);
    String name = Walk.choice(walk.names(set), value);
    if (!name.isEmpty()) {
      walk.sink().beginNote();
      walk.sink().element();
      walk.sink().phrase(value, name);
      walk.sink().endNote();
    }
  }

  private static void priority(Walk walk, long value) {
    Names classes = walk.names("ioprio_class");
    long kind = value >>> IOPRIO_CLASS_SHIFT & IOPRIO_CLASSES;
    String name = Walk.choice(classes, kind);
    StringBuilder words = walk.words().append("IOPRIO_PRIO_VALUE(");
    if (name.isEmpty()) {
      Walk.hex(words, kind);
      words.append(" /* ").append(classes.prefix()).append(" */");
    } else {
      words.append(name);
    }
    words.append(", ").append(value & ((1 << IOPRIO_CLASS_SHIFT) - 1)).append(')');
    walk.sink().phrase(value, words);
  }

  /** A node, or why there is none. */
  private static void pageStatus(Walk walk, long value) {
    int status = (int) value;
    if (status < 0 && status > -ERRNO_LIMIT && Errnos.isKnown(-status)) {
      walk.sink().phrase(status, walk.words().append('-').append(Errnos.name(-status)));
    } else {
      walk.sink().number(status, Kind.Format.DECIMAL, true);
    }
  }

  /** struct sched_attr as far as its own size says; what is to be kept is not told. */
  private static boolean attributes(Walk walk, int at, int length) {
    if (length < Integer.BYTES) {
      return false;
    }
    Sink sink = walk.sink();
    long size = walk.unsigned(at, Integer.BYTES);
    long takenSize = size == 0 ? SCHED_ATTR_LEAST_BYTES : size;
    if (takenSize < SCHED_ATTR_LEAST_BYTES || length < SCHED_ATTR_LEAST_BYTES) {
      refusedSize(walk, size);
      return true;
    }
    sink.beginStruct();
    sink.field("size");
    sink.number(size, Kind.Format.DECIMAL, false);
    Names flagNames = walk.names("sched_attr_flags");
    long flags = walk.unsigned(at + 8, Long.BYTES);
    if (!Walk.hasFlag(flagNames, flags, "SCHED_FLAG_KEEP_POLICY")) {
      sink.field("sched_policy");
      sink.named(walk.unsigned(at + 4, Integer.BYTES), walk.names("sched_policy"));
    }
    sink.field("sched_flags");
    sink.named(flags, flagNames);
    if (!Walk.hasFlag(flagNames, flags, "SCHED_FLAG_KEEP_PARAMS")) {
      number(walk, "sched_nice", walk.signed32(at + 16));
      number(walk, "sched_priority", walk.unsigned(at + 20, Integer.BYTES));
      number(walk, "sched_runtime", walk.unsigned(at + 24, Long.BYTES));
      number(walk, "sched_deadline", walk.unsigned(at + 32, Long.BYTES));
      number(walk, "sched_period", walk.unsigned(at + 40, Long.BYTES));
    }
    if (size >= SCHED_ATTR_BYTES && length >= SCHED_ATTR_BYTES) {
      number(walk, "sched_util_min", walk.unsigned(at + 48, Integer.BYTES));
      number(walk, "sched_util_max", walk.unsigned(at + 52, Integer.BYTES));
    }
    sink.endStruct(size <= SCHED_ATTR_BYTES);
    return true;
  }

  /** A size that the kernel does not take; it may say which it would. */
  private static void refusedSize(Walk walk, long size) {
    int answer = walk.memory().find(walk.register(walk.index()), walk.index(), Phase.OUT);
    boolean answered =
        walk.failed()
            && answer != RecordReader.NO_SEGMENT
            && walk.memory().segmentLength(answer) >= Integer.BYTES;
    long taken = answered ? walk.unsigned(walk.memory().segmentData(answer), Integer.BYTES) : size;
    walk.sink().beginChange();
    sizeAlone(walk, size);
    if (taken != size) {
      walk.sink().becomes();
      sizeAlone(walk, taken);
    }
    walk.sink().endChange();
  }

  private static void sizeAlone(Walk walk, long size) {
    walk.sink().beginStruct();
    walk.sink().field("size");
    walk.sink().number(size, Kind.Format.DECIMAL, false);
    walk.sink().endStruct(true);
  }

  private static void number(Walk walk, String field, long value) {
    walk.sink().field(field);
    walk.sink().number(value, Kind.Format.DECIMAL, true);
  }

  /** What a new message queue is to hold. */
  private static final class QueueAttributes implements Special.InMemory {
    @Override
    public boolean tellBytes(Walk walk, int at, int length) {
      if (!(walk.kind("mq_attr") instanceof Kind.Struct struct) || length < struct.sizeBytes()) {
        return false;
      }
      walk.structs().struct(struct, at, length);
      return true;
    }
  }

  /** The words of a bit mask, {@code [0x00000000000001]}. */
  private static final class NodeSet implements Special.InMemory {
    private static final int DIGITS = 14;

    /** The kernel takes the number of bits for one too high. */
    @Override
    public void tell(Walk walk, long address) {
      if (words(walk) == 0) {
        walk.sink().address(address);
      } else {
        walk.pointed(address, this);
      }
    }

    private static long words(Walk walk) {
      return walk.call().arguments().get(walk.index()).length() instanceof Syscall.Length.Bits bits
          ? Long.divideUnsigned(walk.register(bits.index()) + Long.SIZE - 2, Long.SIZE)
          : 1;
    }

    @Override
    public boolean tellBytes(Walk walk, int at, int length) {
      if (length < Long.BYTES) {
        return false;
      }
      int words = (int) Math.min(length / Long.BYTES, words(walk));
      int limit = walk.options().verbose() ? words : Math.min(words, walk.options().elementLimit());
      walk.sink().beginArray();
      for (int i = 0; i < limit; i++) {
        walk.sink().element();
        long word = walk.unsigned(at + Long.BYTES * i, Long.BYTES);
        StringBuilder text = walk.words();
        if (word == 0) {
          text.append("0".repeat(DIGITS + 2));
        } else {
          text.append("0x");
          int digits = Math.max(DIGITS, (67 - Long.numberOfLeadingZeros(word)) / 4);
          for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            text.append(Character.forDigit((int) (word >>> shift) & 0xf, 16));
          }
        }
        walk.sink().phrase(word, text);
      }
      walk.sink().endArray(limit == words);
      return true;
    }
  }

  /** Three sets, of 32 bits or in two halves, as the version in the header says. */
  private static final class Capabilities implements Special.InMemory {
    private static final String[] SETS = {"effective", "permitted", "inheritable"};
    private static final int HALF_BYTES = 12;

    @Override
    public void tell(Walk walk, long address) {
      int header = walk.memory().find(walk.register(0), 0, Phase.IN);
      if (walk.register(0) == 0
          || header == RecordReader.NO_SEGMENT
          || walk.memory().segmentLength(header) < Long.BYTES) {
        walk.sink().address(address);
        return;
      }
      walk.pointed(address, this);
    }

    @Override
    public boolean tellBytes(Walk walk, int at, int length) {
      int header = walk.memory().find(walk.register(0), 0, Phase.IN);
      long version = walk.unsigned(walk.memory().segmentData(header), Integer.BYTES);
      String name = Walk.choice(walk.names("cap_version"), version);
      boolean wide = name.endsWith("_2") || name.endsWith("_3");
      if (length < (wide ? 2 * HALF_BYTES : HALF_BYTES)) {
        return false;
      }
      walk.sink().beginStruct();
      for (int i = 0; i < SETS.length; i++) {
        long set = walk.unsigned(at + Integer.BYTES * i, Integer.BYTES);
        if (wide) {
          set |= walk.unsigned(at + HALF_BYTES + Integer.BYTES * i, Integer.BYTES) << Integer.SIZE;
        }
        walk.sink().field(SETS[i]);
        walk.sink().named(set, walk.names("capability_set"));
      }
      walk.sink().endStruct(true);
      return true;
    }
  }
}
