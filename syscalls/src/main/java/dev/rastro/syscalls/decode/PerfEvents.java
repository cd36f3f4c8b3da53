package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;

/** struct perf_event_attr of linux/perf_event.h, as far as its own size says. */
final class PerfEvents {
  private static final int SMALLEST_BYTES = 48;
  private static final int FIRST_VERSION_BYTES = 64;
  private static final int SAMPLES_AT = 24;
  private static final int FLAGS_AT = 40;

  /** Bits of the flags that decide what other fields are. */
  private static final int FREQUENCY = 10;

  private static final int WATERMARK = 14;
  private static final int CLOCK = 25;

  /** Single bits of the flags by number; precise_ip, of two bits, stands between them. */
  private static final String[] BITS = {
    "disabled",
    "inherit",
    "pinned",
    "exclusive",
    "exclude_user",
    "exclude_kernel",
    "exclude_hv",
    "exclude_idle",
    "mmap",
    "comm",
    "freq",
    "inherit_stat",
    "enable_on_exec",
    "task",
    "watermark"
  };

  private static final String[] SKIDS = {
    "arbitrary skid", "constant skid", "requested to have 0 skid", "must have 0 skid"
  };

  private static final String[] BITS_AFTER_PRECISE = {
    "mmap_data",
    "sample_id_all",
    "exclude_host",
    "exclude_guest",
    "exclude_callchain_kernel",
    "exclude_callchain_user",
    "mmap2",
    "comm_exec",
    "use_clockid",
    "context_switch",
    "write_backward",
    "namespaces"
  };

  /** Those that follow, written with {@code -v} only. */
  private static final String[] LAST_BITS = {
    "ksymbol",
    "bpf_event",
    "aux_output",
    "cgroup",
    "text_poke",
    "build_id",
    "inherit_thread",
    "remove_on_exec",
    "sigtrap"
  };

  /** Newer than most programs: only where one is set. */
  private static final String[] NEWEST_BITS = {"defer_callchain", "defer_output"};

  private PerfEvents() {}

  static void register(Specials specials) {
    specials.addStruct("perf_event_attr", PerfEvents::attributes);
  }

  private static boolean attributes(Walk walk, int at, int length) {
    long size = length < SMALLEST_BYTES ? 0 : walk.unsigned(at + 4, Integer.BYTES);
    if (size != 0 && size < FIRST_VERSION_BYTES) {
      walk.unreadable(walk.register(0));
      return true;
    }
    if (length < SMALLEST_BYTES) {
      return false;
    }
    Sink sink = walk.sink();
    boolean verbose = walk.options().verbose();
    long type = walk.unsigned(at, Integer.BYTES);
    long flags = walk.unsigned(at + FLAGS_AT, Long.BYTES);
    sink.beginStruct();
    sink.field("type");
    sink.named(type, walk.names("perf_type"));
    sink.field("size");
    sink.named(walk.unsigned(at + 4, Integer.BYTES), walk.names("perf_attr_size"));
    sink.field("config");
    config(walk, Walk.choice(walk.names("perf_type"), type), walk.unsigned(at + 8, Long.BYTES));
    sink.field((flags >>> FREQUENCY & 1) != 0 ? "sample_freq" : "sample_period");
    sink.number(walk.unsigned(at + 16, Long.BYTES), Kind.Format.DECIMAL, false);
    sink.field("sample_type");
    sink.named(walk.unsigned(at + SAMPLES_AT, Long.BYTES), walk.names("perf_sample_type"));
    sink.field("read_format");
    sink.named(walk.unsigned(at + 32, Long.BYTES), walk.names("perf_read_format"));
    int next = bits(sink, flags, BITS, 0, verbose);
    int precise = (int) (flags >>> next & 3);
    sink.field("precise_ip");
    sink.number(precise, Kind.Format.DECIMAL, false);
    sink.comment(SKIDS[precise]);
    next = bits(sink, flags, BITS_AFTER_PRECISE, next + 2, verbose);
    if (verbose) {
      next = bits(sink, flags, LAST_BITS, next, true);
      bits(sink, flags, NEWEST_BITS, next, false);
      int bytes = size == 0 ? FIRST_VERSION_BYTES : (int) Math.min(size, length);
      rest(walk, at, bytes, type, flags);
    }
    sink.endStruct(verbose && size <= length);
    return true;
  }

  /** The fields behind the flags, as many as there are. */
  private static void rest(Walk walk, int at, int bytes, long type, long flags) {
    long samples = walk.unsigned(at + SAMPLES_AT, Long.BYTES);
    Names types = walk.names("perf_sample_type");
    boolean breakpoint = Walk.choice(walk.names("perf_type"), type).equals("PERF_TYPE_BREAKPOINT");
    decimal(
        walk, (flags >>> WATERMARK & 1) != 0 ? "wakeup_watermark" : "wakeup_events", at + 48, 4);
    if (breakpoint) {
      walk.sink().field("bp_type");
      walk.sink().named(walk.unsigned(at + 52, Integer.BYTES), walk.names("perf_breakpoint_type"));
      hex(walk, "bp_addr", at + 56, Long.BYTES);
    } else {
      hex(walk, "config1", at + 56, Long.BYTES);
    }
    if (bytes >= 72 && breakpoint) {
      decimal(walk, "bp_len", at + 64, Long.BYTES);
    } else if (bytes >= 72) {
      hex(walk, "config2", at + 64, Long.BYTES);
    }
    if (bytes >= 80 && Walk.hasFlag(types, samples, "PERF_SAMPLE_BRANCH_STACK")) {
      walk.sink().field("branch_sample_type");
      walk.sink().named(walk.unsigned(at + 72, Long.BYTES), walk.names("perf_branch_type"));
    }
    if (bytes >= 88) {
      hex(walk, "sample_regs_user", at + 80, Long.BYTES);
    }
    if (bytes >= 92 && Walk.hasFlag(types, samples, "PERF_SAMPLE_STACK_USER")) {
      hex(walk, "sample_stack_user", at + 88, Integer.BYTES);
    }
    if (bytes >= 96 && (flags >>> CLOCK & 1) != 0) {
      walk.sink().field("clockid");
      walk.structs().inline(walk.kind("clock_id"), at + 92);
    }
    if (bytes >= 104) {
      hex(walk, "sample_regs_intr", at + 96, Long.BYTES);
    }
    if (bytes >= 112) {
      decimal(walk, "aux_watermark", at + 104, Integer.BYTES);
      decimal(walk, "sample_max_stack", at + 108, Short.BYTES);
    }
    if (bytes >= 120) {
      decimal(walk, "aux_sample_size", at + 112, Integer.BYTES);
      unlessZero(walk, "aux_action", at + 116, Integer.BYTES);
    }
    if (bytes >= 128) {
      hex(walk, "sig_data", at + 120, Long.BYTES);
    }
    if (bytes >= 136) {
      hex(walk, "config3", at + 128, Long.BYTES);
    }
    if (bytes >= 144) {
      hex(walk, "config4", at + 136, Long.BYTES);
    }
  }

  private static void decimal(Walk walk, String name, int at, int bytes) {
    walk.sink().field(name);
    walk.sink().number(walk.unsigned(at, bytes), Kind.Format.DECIMAL, false);
  }

  private static void hex(Walk walk, String name, int at, int bytes) {
    walk.sink().field(name);
    walk.sink().number(walk.unsigned(at, bytes), Kind.Format.HEX, false);
  }

  private static void unlessZero(Walk walk, String name, int at, int bytes) {
    if (walk.unsigned(at, bytes) != 0) {
      hex(walk, name, at, bytes);
    }
  }

  /**
   * @param first the bit that has the first name
   * @return the bit behind the last
   */
  private static int bits(Sink sink, long flags, String[] names, int first, boolean all) {
    for (int i = 0; i < names.length; i++) {
      long bit = flags >>> (first + i) & 1;
      if (all || bit != 0) {
        sink.field(names[i]);
        sink.number(bit, Kind.Format.DECIMAL, false);
      }
    }
    return first + names.length;
  }

  private static void config(Walk walk, String type, long config) {
    switch (type) {
      case "PERF_TYPE_HARDWARE" -> {
        Names names = walk.names("perf_hardware");
        if (config >>> Integer.SIZE == 0) {
          walk.sink().named(config, names);
        } else {
          StringBuilder words = walk.words();
          unit(words, config);
          walk.sink().phrase(config, part(words, names, config & 0xffffffffL));
        }
      }
      case "PERF_TYPE_SOFTWARE" -> walk.sink().named(config, walk.names("perf_software"));
      case "PERF_TYPE_TRACEPOINT" -> walk.sink().number(config, Kind.Format.DECIMAL, false);
      case "PERF_TYPE_HW_CACHE" -> {
        StringBuilder words = walk.words();
        unit(words, config);
        if ((config >>> 24 & 0xff) != 0) {
          Walk.hex(words, config >>> 24 & 0xff);
          words.append("<<24|");
        }
        part(words, walk.names("perf_cache_result"), config >>> 16 & 0xff);
        part(words.append("<<16|"), walk.names("perf_cache_op"), config >>> 8 & 0xff);
        part(words.append("<<8|"), walk.names("perf_cache"), config & 0xff);
        walk.sink().phrase(config, words);
      }
      default -> walk.sink().number(config, Kind.Format.HEX, false);
    }
  }

  /** Which of several units counts: the upper half. */
  private static void unit(StringBuilder words, long config) {
    if (config >>> Integer.SIZE != 0) {
      Walk.hex(words, config >>> Integer.SIZE);
      words.append("<<32|");
    }
  }

  private static StringBuilder part(StringBuilder words, Names names, long value) {
    String name = Walk.choice(names, value);
    if (name.isEmpty()) {
      Walk.hex(words, value);
      words.append(" /* ").append(names.prefix()).append(" */");
    } else {
      words.append(name);
    }
    return words;
  }
}
