package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Messages;
import dev.rastro.syscalls.table.Names;
import dev.rastro.syscalls.table.Signals;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What decoders ask the table for by name; what was found is remembered. One thread. */
final class Vocabulary {
  private static final Names NO_NAMES =
      new Names("", Names.Style.CHOICE, Names.Form.NAMES, "", List.of());

  private static final Kind NO_KIND = new Kind.Scalar("", Kind.Format.HEX, Long.BYTES, false);

  private static final int LOWEST_BYTE = 0xff;

  private final SyscallTable table;
  private final Map<String, Names> names = new HashMap<>();
  private final Map<String, Kind> kinds = new HashMap<>();

  Vocabulary(SyscallTable table) {
    this.table = table;
  }

  /** A set of names; an empty one when the table has none such. */
  Names names(String name) {
    Names found = names.get(name);
    if (found == null) {
      found = kind(name) instanceof Kind.Named named ? named.names() : NO_NAMES;
      names.put(name, found);
    }
    return found;
  }

  /** Flags whose lowest byte is a signal. */
  Names namesWithSignal(String name) {
    String key = name + "|signal";
    Names found = names.get(key);
    if (found == null) {
      Names flags = names(name);
      List<Names.Entry> entries = new ArrayList<>(flags.entries());
      for (int signal = 1; signal <= LOWEST_BYTE; signal++) {
        String text = signal < Signals.LIMIT ? Signals.name(signal) : Integer.toString(signal);
        entries.add(new Names.Entry(text, signal, LOWEST_BYTE));
      }
      found = new Names(key, flags.style(), flags.form(), flags.prefix(), List.copyOf(entries));
      names.put(key, found);
    }
    return found;
  }

  /** Structs that a command points to; a bare number when there is none of this name. */
  Kind kind(String name) {
    Kind found = kinds.get(name);
    if (found == null) {
      found = table.kind(name).orElse(NO_KIND);
      kinds.put(name, found);
    }
    return found;
  }

  /** What netlink messages hold. */
  Messages netlink() {
    return table.messages();
  }

  /** As {@link SignalFields.SyscallNames} wants it. */
  String syscall(String architecture, int number) {
    return architecture.equals("AUDIT_ARCH_" + table.architecture())
        ? table.find(number).map(Syscall::name).orElse("")
        : "";
  }
}
