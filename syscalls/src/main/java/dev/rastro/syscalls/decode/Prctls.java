package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Kind;

/** prctl and arch_prctl by their option. */
final class Prctls {
  private static final int OPTION = 0;

  private Prctls() {}

  static void register(Specials specials) {
    specials.add("prctl_arg2", new Special.Sometimes(walk -> arguments(walk) >= 2, Prctls::second));
    for (int i = 3; i <= 5; i++) {
      int position = i;
      specials.add(
          "prctl_arg" + i,
          new Special.Sometimes(
              walk -> arguments(walk) >= position,
              (walk, value) -> {
                if (isSimple(walk)) {
                  walk.sink().number(value, Kind.Format.DECIMAL, false);
                } else {
                  walk.sink().number(value, Kind.Format.HEX, false);
                }
              }));
    }
    specials.add(
        "prctl_result", (walk, value) -> walk.sink().number(value, Kind.Format.DECIMAL, true));
    specials.add("arch_prctl_arg", Prctls::architecture);
  }

  /** How many arguments are written, the option included. */
  private static int arguments(Walk walk) {
    return switch (walk.choice(OPTION)) {
      case "PR_GET_DUMPABLE", "PR_GET_KEEPCAPS", "PR_GET_TIMERSLACK", "PR_GET_SECCOMP" -> 1;
      case "PR_SET_NAME",
          "PR_GET_NAME",
          "PR_SET_PDEATHSIG",
          "PR_SET_DUMPABLE",
          "PR_SET_KEEPCAPS",
          "PR_SET_TIMERSLACK",
          "PR_CAPBSET_READ",
          "PR_CAPBSET_DROP",
          "PR_SET_CHILD_SUBREAPER" ->
          2;
      default -> 5;
    };
  }

  private static boolean isSimple(Walk walk) {
    return walk.choice(OPTION).equals("PR_SET_NO_NEW_PRIVS");
  }

  private static void second(Walk walk, long value) {
    switch (walk.choice(OPTION)) {
      case "PR_SET_NAME" -> name(walk, value, false);
      case "PR_GET_NAME" -> name(walk, value, true);
      case "PR_SET_PDEATHSIG" -> walk.sink().number(value, Kind.Format.SIGNAL, false);
      case "PR_CAPBSET_READ", "PR_CAPBSET_DROP" ->
          walk.sink().named(value, walk.names("capability"));
      case "PR_SET_DUMPABLE",
          "PR_SET_KEEPCAPS",
          "PR_SET_TIMERSLACK",
          "PR_SET_CHILD_SUBREAPER",
          "PR_SET_NO_NEW_PRIVS" ->
          walk.sink().number(value, Kind.Format.DECIMAL, false);
      default -> walk.sink().number(value, Kind.Format.HEX, false);
    }
  }

  private static void name(Walk walk, long address, boolean out) {
    int segment = Multiplexed.segment(walk, address, out, 1);
    if (segment != RecordReader.NO_SEGMENT) {
      walk.pointers().text(segment, Quote.TEXT);
    }
  }

  private static void architecture(Walk walk, long value) {
    if (!walk.choice(OPTION).startsWith("ARCH_GET_")) {
      walk.sink().number(value, Kind.Format.HEX, false);
      return;
    }
    walk.lookAt(walk.index(), Phase.OUT);
    int segment = Multiplexed.segment(walk, value, true, Long.BYTES);
    if (segment != RecordReader.NO_SEGMENT) {
      walk.sink().beginArray();
      walk.sink().element();
      walk.sink()
          .number(
              walk.unsigned(walk.memory().segmentData(segment), Long.BYTES),
              Kind.Format.HEX,
              false);
      walk.sink().endArray(true);
    }
  }
}
