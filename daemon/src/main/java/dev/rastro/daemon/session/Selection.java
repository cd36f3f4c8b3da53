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
    BitSet slots = new BitSet(RecordLayout.SYSCALL_SLOTS);
    if (allow.isEmpty()) {
      slots.set(0, RecordLayout.SYSCALL_SLOTS);
    } else {
      slots.or(named(table, prefix + "syscalls", allow));
    }
    slots.andNot(named(table, prefix + "deny_syscalls", deny));
    return slots;
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
  private static BitSet named(SyscallTable table, String field, List<String> entries)
      throws BadFilter {
    checkCount(field, entries);
    BitSet slots = new BitSet(RecordLayout.SYSCALL_SLOTS);
    int regexes = 0;
    for (int i = 0; i < entries.size(); i++) {
      String entry = entries.get(i);
      regexes += entry.startsWith("/") || entry.startsWith("?/") ? 1 : 0;
      if (regexes > SessionLimits.MAX_FILTER_REGEXES) {
        throw new BadFilter(
            "%s[%d]".formatted(field, i),
            "more than %d regular expressions".formatted(SessionLimits.MAX_FILTER_REGEXES));
      }
      try {
        slots.or(table.select(List.of(entry), List.of()));
      } catch (UnknownSyscall e) {
        throw new BadFilter("%s[%d]".formatted(field, i), e.getMessage());
      }
    }
    return slots;
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
