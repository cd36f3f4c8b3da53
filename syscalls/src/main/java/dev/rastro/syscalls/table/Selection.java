package dev.rastro.syscalls.table;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * One entry of a filter's list, worked out. Filters come from whoever may ask a daemon, and its own
 * regular expressions could keep Java busy for years: RE2's take time in proportion to their
 * length.
 */
final class Selection {
  /** Class names that strace takes without a percent sign. */
  private static final Set<String> BARE_CLASSES =
      Set.of("file", "process", "network", "signal", "ipc", "desc", "memory");

  /** What may follow an at sign. */
  private static final Set<String> ABIS = Set.of("64", "32", "x32");

  private static final String NATIVE_ABI = "64";
  private static final int LONGEST_REGEX = 128;

  private final SyscallTable table;

  Selection(SyscallTable table) {
    this.table = table;
  }

  BitSet select(String entry) {
    boolean tolerant = entry.startsWith("?");
    String wanted = tolerant ? entry.substring(1) : entry;
    try {
      return resolve(wanted);
    } catch (UnknownSyscall e) {
      if (tolerant) {
        return new BitSet();
      }
      throw e;
    }
  }

  private BitSet resolve(String qualified) {
    int at = qualified.lastIndexOf('@');
    String abi = at < 0 ? "" : qualified.substring(at + 1);
    String wanted = ABIS.contains(abi) ? qualified.substring(0, at) : qualified;
    BitSet chosen = named(wanted);
    // Calls of the other ABIs are shown by number only: none of theirs can be chosen by name.
    return ABIS.contains(abi) && !abi.equals(NATIVE_ABI) ? new BitSet() : chosen;
  }

  private BitSet named(String wanted) {
    BitSet chosen = new BitSet(SyscallTable.SLOTS);
    if (wanted.equals("all")) {
      chosen.set(0, SyscallTable.SLOTS);
    } else if (wanted.startsWith("/")) {
      selectMatching(wanted, chosen);
    } else if (wanted.startsWith("%")) {
      return selectClass(wanted, wanted.substring(1));
    } else if (BARE_CLASSES.contains(wanted)) {
      return selectClass(wanted, wanted);
    } else if (!wanted.equals("none")) {
      chosen.set(number(wanted));
    }
    return chosen;
  }

  private void selectMatching(String wanted, BitSet chosen) {
    if (wanted.length() > LONGEST_REGEX) {
      throw UnknownSyscall.regex(
          wanted.substring(0, LONGEST_REGEX) + "...",
          "longer than %d characters".formatted(LONGEST_REGEX));
    }
    // Repeated by number it could be much longer than it is written.
    if (wanted.indexOf('{') >= 0) {
      throw UnknownSyscall.regex(wanted, "repetitions by number are not taken; use * or +");
    }
    Pattern pattern;
    try {
      pattern = Pattern.compile(wanted.substring(1));
    } catch (PatternSyntaxException e) {
      throw UnknownSyscall.regex(wanted, "not a regular expression: " + e.getDescription());
    }
    for (SyscallTable.Row row : table.rows().values()) {
      if (pattern.matcher(row.name()).find()) {
        chosen.set(row.number());
      }
    }
    if (chosen.isEmpty()) {
      throw UnknownSyscall.regex(wanted, "matches no syscall");
    }
  }

  private BitSet selectClass(String wanted, String name) {
    var classes = table.classes();
    BitSet members = classes.get(name.equals("net") ? "network" : name);
    if (members == null) {
      List<String> near = Suggestions.nearest(name, classes.keySet());
      throw UnknownSyscall.className(wanted, near.stream().map(n -> "%" + n).toList());
    }
    return members;
  }

  private int number(String wanted) {
    SyscallTable.Row row = table.rows().get(wanted);
    if (row != null) {
      return row.number();
    }
    if (!wanted.isEmpty() && wanted.chars().allMatch(c -> c >= '0' && c <= '9')) {
      int number = wanted.length() < 4 ? Integer.parseInt(wanted) : SyscallTable.SLOTS;
      if (number < SyscallTable.SLOTS) {
        return number;
      }
    }
    String where = table.isForeign(wanted) ? " on " + table.architecture().label() : "";
    throw UnknownSyscall.name(wanted, where, table.suggest(wanted));
  }
}
