package dev.rastro.syscalls.table;

import java.util.List;

/**
 * The symbolic names of a number's values, in the order in which they are tried.
 *
 * <p>An entry matches a value {@code v} when {@code (v & mask) == value}. A choice is a list of
 * entries with a full mask; a flag has {@code mask == value}; a choice inside flags (the access
 * mode of open, the type of socket) has the mask of its field; an alias (STATX_ALL) is an entry
 * that comes before its parts.
 *
 * @param name of the set, e.g. {@code open_flags}
 * @param style choice or flags
 * @param prefix what an unknown value is said to lack, e.g. {@code SEEK_???}
 */
public record Names(String name, Style style, String prefix, List<Entry> entries) {

  public enum Style {
    CHOICE,
    FLAGS
  }

  public record Entry(String text, long value, long mask) {}
}
