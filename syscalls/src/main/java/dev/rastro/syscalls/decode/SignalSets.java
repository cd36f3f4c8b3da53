package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;
import dev.rastro.syscalls.table.Signals;

/** Sets of signals, and the fields of struct sigaction. */
final class SignalSets {
  private static final int SET_BYTES = 8;
  private static final int SIGNALS = 64;

  private SignalSets() {}

  static void register(Specials specials) {
    specials.add("sigset", new Set(SET_BYTES));
    specials.add("sigset8", new Set(SET_BYTES));
    specials.add("sigset_part", new Set(1));
    specials.add("siginfo", new Details());
    specials.add("sigevent", new Event());
    specials.add(
        "sigreturn_mask",
        (walk, address) -> {
          int segment = walk.findOnStack();
          if (segment < 0 || walk.memory().segmentLength(segment) < SET_BYTES) {
            walk.missing(address);
            return;
          }
          walk.sink().beginStruct();
          walk.sink().field("mask");
          tellSet(walk, walk.unsigned(walk.memory().segmentData(segment), SET_BYTES));
          walk.sink().endStruct(true);
        });
    specials.add(
        "signal_handler",
        (walk, handler) -> {
          if (handler == 0) {
            walk.sink().constant(0, "SIG_DFL");
          } else if (handler == 1) {
            walk.sink().constant(1, "SIG_IGN");
          } else {
            walk.sink().address(handler);
          }
        });
    specials.add(
        "sa_restorer",
        new Special.Sometimes(
            SignalSets::hasRestorer, (walk, address) -> walk.sink().address(address)));
    specials.add(
        "signal_result",
        (walk, signal) -> {
          walk.sink().number(signal, Kind.Format.DECIMAL, true);
          if (signal > 0 && signal < Signals.LIMIT) {
            walk.sink().beginNote();
            walk.sink().element();
            walk.sink().number(signal, Kind.Format.SIGNAL, false);
            walk.sink().endNote();
          }
        });
  }

  private static boolean hasRestorer(Walk walk) {
    Names flags =
        walk.structs().fieldKind("sa_flags") instanceof Kind.Named named
            ? named.names()
            : walk.names("sa_flags");
    return Walk.hasFlag(flags, walk.structs().field("sa_flags"), "SA_RESTORER");
  }

  /** {@code [HUP INT]}; {@code ~[RTMIN RT_1]} when that is shorter. */
  static void tellSet(Walk walk, long set) {
    boolean inverted = Long.bitCount(set) >= SIGNALS * 2 / 3;
    long told = inverted ? ~set : set;
    StringBuilder words = walk.words();
    words.append(inverted ? "~[" : "[");
    boolean first = true;
    for (long rest = told; rest != 0; rest &= rest - 1) {
      if (!first) {
        words.append(' ');
      }
      first = false;
      words.append(Signals.name(Long.numberOfTrailingZeros(rest) + 1), 3, nameEnd(rest));
    }
    words.append(']');
    walk.sink().phrase(set, words);
  }

  private static int nameEnd(long rest) {
    return Signals.name(Long.numberOfTrailingZeros(rest) + 1).length();
  }

  /** siginfo_t as an argument. */
  private static final class Details implements Special.InMemory {
    @Override
    public boolean tellBytes(Walk walk, int at, int length) {
      if (length < SignalFields.BYTES) {
        return false;
      }
      SignalFields.tell(
          walk.memory().buffer(), at, walk::names, walk.vocabulary()::syscall, walk.sink());
      return true;
    }
  }

  /** struct sigevent: what is to happen decides which fields there are. */
  private static final class Event implements Special.InMemory {
    private static final int EVENT_BYTES = 64;
    private static final int SIGNAL_AT = 8;
    private static final int NOTIFY_AT = 12;
    private static final int DETAIL_AT = 16;
    private static final int ATTRIBUTES_AT = 24;

    @Override
    public boolean tellBytes(Walk walk, int at, int length) {
      if (length < EVENT_BYTES) {
        return false;
      }
      Sink sink = walk.sink();
      Names ways = walk.names("sigev_notify");
      long notify = walk.unsigned(at + NOTIFY_AT, Integer.BYTES);
      String way = Walk.choice(ways, notify);
      sink.beginStruct();
      if (walk.unsigned(at, Long.BYTES) != 0) {
        sink.field("sigev_value");
        sink.beginStruct();
        sink.field("sival_int");
        sink.number(walk.signed32(at), Kind.Format.DECIMAL, true);
        sink.field("sival_ptr");
        sink.address(walk.unsigned(at, Long.BYTES));
        sink.endStruct(true);
      }
      sink.field("sigev_signo");
      boolean signals = !way.isEmpty() && !way.equals("SIGEV_NONE");
      sink.number(
          walk.signed32(at + SIGNAL_AT), signals ? Kind.Format.SIGNAL : Kind.Format.DECIMAL, true);
      sink.field("sigev_notify");
      sink.named(notify, ways);
      if (way.equals("SIGEV_THREAD_ID")) {
        sink.field("sigev_notify_thread_id");
        sink.number(walk.signed32(at + DETAIL_AT), Kind.Format.PID, true);
      } else if (way.equals("SIGEV_THREAD")) {
        sink.field("sigev_notify_function");
        sink.address(walk.unsigned(at + DETAIL_AT, Long.BYTES));
        sink.field("sigev_notify_attributes");
        sink.address(walk.unsigned(at + ATTRIBUTES_AT, Long.BYTES));
      }
      sink.endStruct(true);
      return true;
    }
  }

  private record Set(int least) implements Special.InMemory {
    @Override
    public boolean tellBytes(Walk walk, int at, int length) {
      if (length < least || length > SET_BYTES) {
        return false;
      }
      tellSet(walk, walk.little(at, length));
      return true;
    }
  }
}
