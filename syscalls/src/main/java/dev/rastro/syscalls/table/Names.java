package dev.rastro.syscalls.table;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The symbolic names of a number's values, in the order in which they are tried. Immutable.
 *
 * <p>An entry matches a value {@code v} when {@code (v & mask) == value}. A choice is a list of
 * entries with a full mask; a flag has {@code mask == value}; a choice inside flags (the access
 * mode of open, the type of socket) has the mask of its field; an alias (STATX_ALL) is an entry
 * that comes before its parts.
 */
public final class Names {

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
    /** As {@link #NAMES}, but a value without a name is a decimal number. */
    PLAIN,
    /** As {@link #NAMES}, but flags behind a choice are written as if they stood alone. */
    APART
  }

  public record Entry(String text, long value, long mask) {
    boolean matches(long number) {
      return (number & mask) == value;
    }

    /** Whether this is {@link #NO_ENTRY}. */
    public boolean isNone() {
      return text.isEmpty();
    }
  }

  /** What {@link #find} answers for values without a name. */
  public static final Entry NO_ENTRY = new Entry("", 0, 0);

  private static final long WHOLE = -1L;

  private final String name;
  private final Style style;
  private final Form form;
  private final String prefix;
  private final List<Entry> entries;
  private final Entry[] tried;
  private final int firstBits;
  private final Map<String, Entry> byText = new HashMap<>();

  /** Those of {@link #entries} up to the first that looks at some bits alone, by value. */
  private final Entry[] whole;

  private final long[] values;

  /**
   * @param name of the set, e.g. {@code open_flags}
   * @param style choice or flags
   * @param form how a value is written
   * @param prefix what an unknown value is said to lack, e.g. {@code SEEK_???}; empty: nothing is
   *     said
   */
  public Names(String name, Style style, Form form, String prefix, List<Entry> entries) {
    this.name = name;
    this.style = style;
    this.form = form;
    this.prefix = prefix;
    this.entries = List.copyOf(entries);
    this.tried = entries.toArray(Entry[]::new);
    int first = tried.length;
    while (first > 0 && tried[first - 1].value() != 0) {
      first--;
    }
    this.firstBits = first;
    entries.forEach(entry -> byText.putIfAbsent(entry.text(), entry));
    int wholes = 0;
    while (wholes < entries.size() && entries.get(wholes).mask() == WHOLE) {
      wholes++;
    }
    whole = entries.subList(0, wholes).toArray(Entry[]::new);
    Arrays.sort(whole, Comparator.comparingLong(Entry::value));
    values = Arrays.stream(whole).mapToLong(Entry::value).toArray();
  }

  public String name() {
    return name;
  }

  public Style style() {
    return style;
  }

  public Form form() {
    return form;
  }

  public String prefix() {
    return prefix;
  }

  public List<Entry> entries() {
    return entries;
  }

  /** Of {@link #entries}. */
  public int count() {
    return tried.length;
  }

  /** One of {@link #entries}. */
  public Entry entry(int index) {
    return tried[index];
  }

  /** From this of the {@link #entries} on, each stands for bits: none matches a value without. */
  public int firstBits() {
    return firstBits;
  }

  /** The first entry of this text, or {@link #NO_ENTRY}. */
  public Entry find(String text) {
    return byText.getOrDefault(text, NO_ENTRY);
  }

  /** The first entry that matches, or {@link #NO_ENTRY}. Allocates nothing. */
  public Entry find(long value) {
    int found = Arrays.binarySearch(values, value);
    return found >= 0 ? whole[found] : findMasked(value);
  }

  /** The first of the entries that look at some bits alone, or {@link #NO_ENTRY}. */
  public Entry findMasked(long value) {
    for (int i = whole.length; i < tried.length; i++) {
      if (tried[i].matches(value)) {
        return tried[i];
      }
    }
    return NO_ENTRY;
  }
}
