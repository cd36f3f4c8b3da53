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
    specials.add("sigset", new Set());
    specials.add("sigset8", new Set());
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

  private static final class Set implements Special.InMemory {
    @Override
    public boolean tellBytes(Walk walk, int at, int length) {
      if (length != SET_BYTES) {
        return false;
      }
      tellSet(walk, walk.unsigned(at, SET_BYTES));
      return true;
    }
  }
}
