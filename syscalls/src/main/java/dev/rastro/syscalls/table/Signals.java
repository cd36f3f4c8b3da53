package dev.rastro.syscalls.table;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** Signal numbers and names, the same on all architectures of the table. */
public final class Signals {
  /** One more than the greatest signal number. */
  public static final int LIMIT = 65;

  /** The kernel's, not the C library's, which keeps the first ones to itself. */
  public static final int FIRST_REALTIME = 32;

  private static final String[] NAMES = new String[LIMIT];
  private static final Map<String, Integer> NUMBERS = new HashMap<>();

  static {
    for (DataLine line : DataFile.load("signals.txt").lines()) {
      String[] words = line.words();
      if (words.length != 2) {
        throw line.error("expected: NUMBER NAME");
      }
      int number = line.parseInt(words[0]);
      if (NAMES[number] == null) {
        NAMES[number] = words[1];
      }
      NUMBERS.put(words[1], number);
    }
    NAMES[FIRST_REALTIME] = "SIGRTMIN";
    for (int number = FIRST_REALTIME + 1; number < LIMIT; number++) {
      NAMES[number] = "SIGRT_" + (number - FIRST_REALTIME);
    }
    for (int number = FIRST_REALTIME; number < LIMIT; number++) {
      NUMBERS.put(NAMES[number], number);
      NUMBERS.put("SIGRTMIN+" + (number - FIRST_REALTIME), number);
    }
    NUMBERS.put("SIGRTMAX", LIMIT - 1);
  }

  private Signals() {}

  /** {@code SIGCHLD}, {@code SIGRT_2}; the number itself when there is no such signal. */
  public static String name(int signal) {
    return signal > 0 && signal < LIMIT ? NAMES[signal] : Integer.toString(signal);
  }

  /** A number, or a name in any case with or without SIG. */
  public static OptionalInt parse(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    Integer number = NUMBERS.get(name.startsWith("SIG") ? name : "SIG" + name);
    if (number != null) {
      return OptionalInt.of(number);
    }
    if (!name.isEmpty() && name.length() < 3 && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      int value = Integer.parseInt(name);
      return value > 0 && value < LIMIT ? OptionalInt.of(value) : OptionalInt.empty();
    }
    return OptionalInt.empty();
  }
}
