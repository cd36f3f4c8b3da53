// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.rpc;

import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;
import dev.rastro.syscalls.table.SyscallTable;
import java.util.List;

/** The bits of clone(2) by their names. */
final class CloneFlags {
  private static final String KIND = "clone3_flags";

  private final List<Names.Entry> entries;

  private CloneFlags(List<Names.Entry> entries) {
    this.entries = entries;
  }

  static CloneFlags of(SyscallTable table) {
    Kind.Named flags = (Kind.Named) table.kind(KIND).orElseThrow();
    return new CloneFlags(flags.names().entries());
  }

  List<String> names(long flags) {
    return entries.stream()
        .filter(entry -> (flags & entry.mask()) == entry.value())
        .map(Names.Entry::text)
        .toList();
  }
}
