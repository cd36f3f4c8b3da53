// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.printing;

import java.util.regex.Pattern;

/** Text that somebody else has chosen, as it may be shown in a terminal. */
public final class Printable {
  private static final Pattern CONTROL = Pattern.compile("\\p{IsControl}");

  private Printable() {}

  /**
   * On one line, whatever is in it: a process names itself as it likes, and must command nobody.
   */
  public static String line(String text) {
    return CONTROL.matcher(text).replaceAll("?");
  }
}
