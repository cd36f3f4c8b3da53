package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;

/** struct sockaddr_ax25 and full_sockaddr_ax25 of linux/ax25.h. */
final class Ax25Addresses {
  /** Of the short form: family, callsign, number of digipeaters. */
  static final int BYTES = 16;

  private static final int CALLSIGN_AT = 2;
  private static final int CALLSIGN_BYTES = 7;
  private static final int COUNT_AT = 12;

  /** In the last byte of a callsign, what is not its number. */
  private static final int MARKS = ~0x1e;

  private Ax25Addresses() {}

  /**
   * @return true: it is an address of this family
   */
  static boolean tell(Walk walk, int at, int length) {
    Sink sink = walk.sink();
    int digipeaters = walk.signed32(at + COUNT_AT);
    if (digipeaters == 0 && length == BYTES) {
      head(walk, at, digipeaters);
      return true;
    }
    sink.field("fsa_ax25");
    sink.beginStruct();
    head(walk, at, digipeaters);
    sink.endStruct(true);
    int there = (length - BYTES) / CALLSIGN_BYTES;
    long shown = Math.min(there, Integer.toUnsignedLong(digipeaters));
    sink.field("fsa_digipeater");
    sink.beginArray();
    for (int i = 0; i < shown; i++) {
      sink.element();
      callsign(walk, at + BYTES + CALLSIGN_BYTES * i);
    }
    sink.endArray(shown == Integer.toUnsignedLong(digipeaters));
    return true;
  }

  /** Whether bytes are left over that are no whole callsign. */
  static boolean hasMore(int length) {
    return (length - BYTES) % CALLSIGN_BYTES != 0;
  }

  private static void head(Walk walk, int at, int digipeaters) {
    walk.sink().field("sax25_call");
    callsign(walk, at + CALLSIGN_AT);
    walk.sink().field("sax25_ndigis");
    walk.sink().number(digipeaters, Kind.Format.DECIMAL, true);
  }

  /** Six letters in the upper seven bits, then four bits of number. */
  private static void callsign(Walk walk, int at) {
    StringBuilder words = walk.words();
    boolean valid = letters(walk, at, words);
    int last = (int) walk.unsigned(at + CALLSIGN_BYTES - 1, 1);
    words.append('-').append(last >>> 1 & 0xf);
    if (valid && (last & MARKS) == 0) {
      walk.sink().phrase(0, words);
      return;
    }
    walk.sink().beginStruct();
    walk.sink().field("ax25_call");
    walk.sink().string(walk.memory().buffer(), at, CALLSIGN_BYTES, false, Quote.HEX);
    walk.sink().endStruct(true);
    if (valid) {
      walk.sink().comment(words);
    }
  }

  private static boolean letters(Walk walk, int at, StringBuilder words) {
    for (int i = 0; i < CALLSIGN_BYTES - 1; i++) {
      int octet = (int) walk.unsigned(at + i, 1);
      char letter = (char) (octet >>> 1);
      if (letter == ' ' && i > 0) {
        return true;
      }
      boolean plain = (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
      if (!plain || (octet & 1) != 0) {
        return false;
      }
      words.append(letter);
    }
    return true;
  }
}
