package dev.rastro.syscalls.decode;

import java.nio.ByteBuffer;

/** IPv4 and IPv6 addresses, as they lie in memory, in their usual notation. */
public final class InternetAddresses {
  private static final int GROUPS = 8;

  private InternetAddresses() {}

  /** Four bytes: {@code 127.0.0.1}. */
  public static void dotted(StringBuilder words, ByteBuffer memory, int at) {
    for (int i = 0; i < 4; i++) {
      words.append(i == 0 ? "" : ".").append(memory.get(at + i) & 0xff);
    }
  }

  /** Sixteen bytes. RFC 5952: the longest run of zero groups, of at least two, is left out. */
  public static void colons(StringBuilder words, ByteBuffer memory, int at) {
    int bestStart = -1;
    int bestLength = 1;
    int run = 0;
    for (int i = 0; i < GROUPS; i++) {
      run = group(memory, at, i) == 0 ? run + 1 : 0;
      if (run > bestLength) {
        bestLength = run;
        bestStart = i - run + 1;
      }
    }
    boolean mapped =
        bestStart == 0 && (bestLength == 6 || (bestLength == 5 && group(memory, at, 5) == 0xffff));
    int groups = mapped ? 6 : GROUPS;
    for (int i = 0; i < groups; i++) {
      if (i == bestStart) {
        words.append("::");
        i += bestLength - 1;
        continue;
      }
      if (i > 0 && words.charAt(words.length() - 1) != ':') {
        words.append(':');
      }
      appendHex(words, group(memory, at, i));
    }
    if (mapped) {
      if (words.charAt(words.length() - 1) != ':') {
        words.append(':');
      }
      dotted(words, memory, at + 12);
    }
  }

  private static int group(ByteBuffer memory, int at, int index) {
    return (memory.get(at + 2 * index) & 0xff) << 8 | (memory.get(at + 2 * index + 1) & 0xff);
  }

  private static void appendHex(StringBuilder words, int group) {
    boolean started = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
      int digit = group >> shift & 0xf;
      started |= digit != 0 || shift == 0;
      if (started) {
        words.append(Character.forDigit(digit, 16));
      }
    }
  }
}
