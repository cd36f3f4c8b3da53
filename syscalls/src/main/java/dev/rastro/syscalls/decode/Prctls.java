package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;

/** What the arguments of prctl that depend on one another are. */
final class Prctls {
  /** TASK_COMM_LEN of linux/sched.h without the NUL: what the kernel takes of a name. */
  private static final int NAME_BYTES = 15;

  private static final long ANY_TRACER = -1;

  private Prctls() {}

  static void register(Specials specials) {
    specials.add("thread_name", (Special.InMemory) Prctls::name);
    specials.add("ptracer", Prctls::tracer);
    specials.add("pr_mce_policy_if_set", Prctls::policy);
    specials.add("capability_if_used", Prctls::capability);
    specials.add("pr_spec_control_if_known", Prctls::speculation);
    specials.add("seccomp_operand", Prctls::seccompOperand);
    specials.add(
        "hex_unless_filter",
        new Special.Sometimes(
            walk -> !walk.choice(1).equals("SECCOMP_MODE_FILTER"),
            (walk, value) -> walk.sink().number(value, Kind.Format.HEX, false)));
  }

  private static boolean name(Walk walk, int at, int length) {
    int end = walk.pointers().terminated(at, Math.min(length, NAME_BYTES));
    boolean cut = end == NAME_BYTES && length > end && walk.unsigned(at + end, 1) != 0;
    walk.sink().string(walk.memory().buffer(), at, end, cut, Quote.TEXT);
    return true;
  }

  private static void tracer(Walk walk, long value) {
    if (value == ANY_TRACER) {
      walk.sink().phrase(value, "PR_SET_PTRACER_ANY");
    } else {
      walk.sink().number(value, Kind.Format.DECIMAL, true);
    }
  }

  private static void policy(Walk walk, long value) {
    if (walk.choice(1).equals("PR_MCE_KILL_SET")) {
      walk.sink().named(value, walk.names("pr_mce_policy"));
    } else {
      walk.sink().number(value, Kind.Format.HEX, false);
    }
  }

  private static void capability(Walk walk, long value) {
    switch (walk.choice(1)) {
      case "PR_CAP_AMBIENT_CLEAR_ALL", "" -> walk.sink().number(value, Kind.Format.HEX, false);
      default -> walk.sink().named(value, walk.names("capability"));
    }
  }

  private static void speculation(Walk walk, long value) {
    if (walk.choice(1).isEmpty()) {
      walk.sink().number(value, Kind.Format.HEX, false);
    } else {
      walk.sink().named(value, walk.names("pr_spec_control"));
    }
  }

  private static void seccompOperand(Walk walk, long value) {
    if (walk.choice(1).equals("SECCOMP_MODE_FILTER")) {
      Filters.program(walk, value);
    } else {
      walk.sink().number(value, Kind.Format.HEX, false);
    }
  }
}
