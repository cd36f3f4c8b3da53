package dev.rastro.daemon.session;

import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.table.Errnos;
import dev.rastro.syscalls.table.Signals;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.table.UnknownSyscall;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** Names of a filter, turned into the masks that the kernel decides by. */
public final class Selection {

  /** The kernel keeps a mask for each smaller one. */
  private static final int MAX_ERRNOS = RecordLayout.ERRNOS;

  private static final String ALL = "all";
  private static final String NONE = "none";

  private Selection() {}

  /**
   * Syscall slots: those allowed, or all, but for those denied. Calls that the table lacks and
   * calls of a foreign ABI have no name to be allowed by: they pass when everything is allowed.
   *
   * @param prefix of the fields' names in errors, {@code filter.}
   */
  public static BitSet slots(
      SyscallTable table, String prefix, List<String> allow, List<String> deny) throws BadFilter {
    check(table, prefix + "syscalls", allow);
    check(table, prefix + "deny_syscalls", deny);
    try {
      BitSet slots = new BitSet(RecordLayout.SYSCALL_SLOTS);
      if (allow.isEmpty()) {
        slots.set(0, RecordLayout.SYSCALL_SLOTS);
      } else {
        slots.or(table.select(allow, List.of()));
      }
      if (!deny.isEmpty()) {
        slots.andNot(table.select(deny, List.of()));
      }
      return slots;
    } catch (UnknownSyscall e) {
      throw new BadFilter(prefix + "syscalls", e.getMessage());
    }
  }

  /** Signal numbers; an empty list means all of them or none, as the request's field says. */
  public static BitSet signals(String field, List<String> names, boolean emptyMeansAll)
      throws BadFilter {
    checkCount(field, names);
    BitSet signals = new BitSet(RecordLayout.SIGNALS);
    if (names.isEmpty() && emptyMeansAll) {
      signals.set(1, RecordLayout.SIGNALS);
    }
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i).toLowerCase(Locale.ROOT);
      if (name.equals(ALL)) {
        signals.set(1, RecordLayout.SIGNALS);
      } else if (!name.equals(NONE)) {
        OptionalInt number = Signals.parse(names.get(i));
        if (number.isEmpty()
            || number.getAsInt() < 1
            || number.getAsInt() >= RecordLayout.SIGNALS) {
          throw new BadFilter(
              "%s[%d]".formatted(field, i),
              names.get(i) + ": no such signal; give a name such as SIGCHLD, or all, or none");
        }
        signals.set(number.getAsInt());
      }
    }
    return signals;
  }

  /** Errors by name or number; an empty list means that any will do. */
  public static BitSet errnos(String field, List<String> names) throws BadFilter {
    checkCount(field, names);
    BitSet errnos = new BitSet();
    for (int i = 0; i < names.size(); i++) {
      OptionalInt number = Errnos.parse(names.get(i));
      if (number.isEmpty() || number.getAsInt() >= MAX_ERRNOS) {
        throw new BadFilter(
            "%s[%d]".formatted(field, i),
            names.get(i) + ": no such error; give a name such as ENOENT, or a number");
      }
      errnos.set(number.getAsInt());
    }
    return errnos;
  }

  /** Entry by entry, so that the error can name the one at fault. */
  private static void check(SyscallTable table, String field, List<String> entries)
      throws BadFilter {
    checkCount(field, entries);
    for (int i = 0; i < entries.size(); i++) {
      try {
        table.select(List.of(entries.get(i)), List.of());
      } catch (UnknownSyscall e) {
        throw new BadFilter("%s[%d]".formatted(field, i), e.getMessage());
      }
    }
  }

  private static void checkCount(String field, List<String> entries) throws BadFilter {
    if (entries.size() > SessionLimits.MAX_FILTER_ENTRIES) {
      throw new BadFilter(
          field,
          "%d entries, at most %d are taken"
              .formatted(entries.size(), SessionLimits.MAX_FILTER_ENTRIES));
    }
  }
}
