package dev.rastro.client.commands;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.syscalls.decode.CallSet;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.table.UnknownSyscall;
import java.util.List;

/**
 * A set of calls in strace's notation.
 *
 * @param allow syscalls, classes and regexes; empty: all
 * @param deny the same, taken away
 */
record CallNames(List<String> allow, List<String> deny) {
  static final CallNames ALL = new CallNames(List.of(), List.of());

  /** A regex that every name matches: how a filter says "no syscall at all". */
  static final CallNames NONE = new CallNames(List.of(), List.of("/."));

  private static final String NEGATION = "!";

  /**
   * @param option for messages
   */
  static CallNames parse(String list, String option) {
    boolean negated = list.startsWith(NEGATION);
    String names = negated ? list.substring(1) : list;
    return switch (names) {
      case "all" -> negated ? NONE : ALL;
      case "none" -> negated ? ALL : NONE;
      default -> {
        List<String> split = split(names, option);
        yield negated ? new CallNames(List.of(), split) : new CallNames(split, List.of());
      }
    };
  }

  static List<String> split(String list, String option) {
    List<String> names = List.of(list.split(",", -1));
    if (names.contains("")) {
      throw ClientFailure.usage(option + ": an empty name in '" + list + "'");
    }
    return names;
  }

  /**
   * @throws ClientFailure when the table knows no such call
   */
  CallSet resolve(SyscallTable table) {
    if (equals(ALL)) {
      return CallSet.ALL;
    }
    if (equals(NONE)) {
      return CallSet.NONE;
    }
    try {
      return CallSet.of(table.select(allow, deny));
    } catch (UnknownSyscall unknown) {
      throw ClientFailure.usage(unknown.getMessage());
    }
  }
}
