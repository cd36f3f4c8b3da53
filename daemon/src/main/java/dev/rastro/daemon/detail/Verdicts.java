// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.detail;

import java.util.function.Predicate;

/**
 * What rules say of texts, remembered: programs ask for the same files again and again, and a look
 * at all rules takes a hundred times as long. A text that comes takes the place of another. One
 * thread; a text that is remembered allocates nothing.
 */
final class Verdicts {
  /** A power of two. */
  private static final int REMEMBERED = 256;

  /** Longer ones are looked at each time. */
  private static final int MAX_CHARACTERS = 128;

  private final Predicate<CharSequence> rules;
  private final String[] texts = new String[REMEMBERED];
  private final boolean[] verdicts = new boolean[REMEMBERED];

  Verdicts(Predicate<CharSequence> rules) {
    this.rules = rules;
  }

  boolean of(CharSequence text) {
    int length = text.length();
    if (length > MAX_CHARACTERS) {
      return rules.test(text);
    }
    int hash = 0;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    int place = (hash ^ hash >>> 16) & (REMEMBERED - 1);
    if (texts[place] == null || !texts[place].contentEquals(text)) {
      verdicts[place] = rules.test(text);
      texts[place] = text.toString();
    }
    return verdicts[place];
  }
}
