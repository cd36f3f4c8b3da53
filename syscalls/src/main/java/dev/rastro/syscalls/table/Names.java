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
 * @param form how a value is written
 * @param prefix what an unknown value is said to lack, e.g. {@code SEEK_???}; empty: nothing is
 *     said
 */
public record Names(String name, Style style, Form form, String prefix, List<Entry> entries) {

  public enum Style {
    CHOICE,
    FLAGS
  }

  public enum Form {
    /** {@code SEEK_SET}. */
    NAMES,
    /** {@code 3 /* SYSLOG_ACTION_READ_ALL *}{@code /}. */
    DECIMAL,
    /** {@code 0x1 /* PIDTYPE_TGID *}{@code /}. */
    HEX,
    /** As {@link #NAMES}, but flags behind a choice are written as if they stood alone. */
    APART
  }

  public record Entry(String text, long value, long mask) {}
}
