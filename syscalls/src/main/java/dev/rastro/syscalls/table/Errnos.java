package dev.rastro.syscalls.table;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Error numbers, the same on all architectures of the table, with the kernel's own that only a
 * tracer sees (ERESTARTSYS).
 */
public final class Errnos {
  private static final int LIMIT = 1024;
  private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");
  private static final String[] NAMES = new String[LIMIT];
  private static final String[] TEXTS = new String[LIMIT];

  static {
    for (DataLine line : DataFile.load("errno.txt").lines()) {
      String[] words = line.text().split(" ", 3);
      int number = line.parseInt(words[0]);
      if (words.length != 3 || number >= LIMIT) {
        throw line.error("expected: NUMBER NAME TEXT");
      }
      NAMES[number] = words[1];
      TEXTS[number] = words[2];
    }
  }

  private Errnos() {}

  public static boolean isKnown(int errno) {
    return errno > 0 && errno < LIMIT && NAMES[errno] != null;
  }

  /** {@code ENOENT}; empty when not known. */
  public static String name(int errno) {
    return isKnown(errno) ? NAMES[errno] : "";
  }

  /** As strerror says it; empty when not known. */
  public static String text(int errno) {
    return isKnown(errno) ? TEXTS[errno] : "";
  }

  /** {@code ENOENT}, {@code enoent} or {@code 2}; empty when it is no error. */
  public static OptionalInt parse(String text) {
    if (NUMBER.matcher(text).matches()) {
      int number = Integer.parseInt(text);
      return number > 0 && number < LIMIT ? OptionalInt.of(number) : OptionalInt.empty();
    }
    String name = text.toUpperCase(Locale.ROOT);
    for (int number = 1; number < LIMIT; number++) {
      if (name.equals(NAMES[number])) {
        return OptionalInt.of(number);
      }
    }
    return OptionalInt.empty();
  }
}
