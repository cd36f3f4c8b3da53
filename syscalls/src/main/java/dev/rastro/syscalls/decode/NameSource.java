package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Names;

/** Where sets of names come from, by name; an empty set when there is none such. */
@FunctionalInterface
public interface NameSource {
  Names names(String name);
}
