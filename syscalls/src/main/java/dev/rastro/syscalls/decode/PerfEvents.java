package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;

/** struct perf_event_attr of linux/perf_event.h as it is written without {@code -v}. */
final class PerfEvents {
  private static final int SMALLEST_BYTES = 48;
  private static final int FIRST_VERSION_BYTES = 64;
  private static final int PRECISE_SHIFT = 15;

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
    if (walk.options().verbose() || length < SMALLEST_BYTES) {
      return false;
    }
    Sink sink = walk.sink();
    long type = walk.unsigned(at, Integer.BYTES);
    long flags = walk.unsigned(at + 40, Long.BYTES);
    sink.beginStruct();
    sink.field("type");
    sink.named(type, walk.names("perf_type"));
    sink.field("size");
    sink.named(walk.unsigned(at + 4, Integer.BYTES), walk.names("perf_attr_size"));
    sink.field("config");
    config(walk, Walk.choice(walk.names("perf_type"), type), walk.unsigned(at + 8, Long.BYTES));
    sink.field((flags >>> 10 & 1) != 0 ? "sample_freq" : "sample_period");
    sink.number(walk.unsigned(at + 16, Long.BYTES), Kind.Format.DECIMAL, false);
    sink.field("sample_type");
    sink.named(walk.unsigned(at + 24, Long.BYTES), walk.names("perf_sample_type"));
    sink.field("read_format");
    sink.named(walk.unsigned(at + 32, Long.BYTES), walk.names("perf_read_format"));
    bits(sink, flags, BITS, 0);
    int precise = (int) (flags >>> PRECISE_SHIFT & 3);
    sink.field("precise_ip");
    sink.number(precise, Kind.Format.DECIMAL, false);
    sink.comment(SKIDS[precise]);
    bits(sink, flags, BITS_AFTER_PRECISE, PRECISE_SHIFT + 2);
    sink.endStruct(false);
    return true;
  }

  private static void bits(Sink sink, long flags, String[] names, int first) {
    for (int i = 0; i < names.length; i++) {
      if ((flags >>> (first + i) & 1) != 0) {
        sink.field(names[i]);
        sink.number(1, Kind.Format.DECIMAL, false);
      }
    }
  }

  private static void config(Walk walk, String type, long config) {
    switch (type) {
      case "PERF_TYPE_HARDWARE" -> walk.sink().named(config, walk.names("perf_hardware"));
      case "PERF_TYPE_SOFTWARE" -> walk.sink().named(config, walk.names("perf_software"));
      case "PERF_TYPE_TRACEPOINT" -> walk.sink().number(config, Kind.Format.DECIMAL, false);
      case "PERF_TYPE_HW_CACHE" -> {
        StringBuilder words = walk.words();
        part(walk, words, "perf_cache_result", config >>> 16);
        part(walk, words.append("<<16|"), "perf_cache_op", config >>> 8 & 0xff);
        part(walk, words.append("<<8|"), "perf_cache", config & 0xff);
        walk.sink().phrase(config, words);
      }
      default -> walk.sink().number(config, Kind.Format.HEX, false);
    }
  }

  private static void part(Walk walk, StringBuilder words, String set, long value) {
    Names names = walk.names(set);
    String name = Walk.choice(names, value);
    if (name.isEmpty()) {
      Walk.hex(words, value);
      words.append(" /* ").append(names.prefix()).append(" */");
    } else {
      words.append(name);
    }
  }
}
