// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.detail;

import dev.rastro.syscalls.record.RecordLayout;
import java.nio.ByteBuffer;

/**
 * What a program was started with, in its exec record, without what is secret of it. One thread.
 */
final class StartedWith {
  private final SecretWords words;
  private final Bytes argument = new Bytes();

  StartedWith(Secrets secrets) {
    this.words = new SecretWords(secrets);
  }

  /** Takes all of it out of a record, whose bytes are little-endian. */
  static void clear(ByteBuffer into, int at) {
    Bytes.clear(into, at + RecordLayout.EXEC_ARGUMENT_BYTES_OFFSET, at + RecordLayout.EXEC_BYTES);
  }

  /** Each argument ends where a secret in it begins. False when there is none. */
  boolean hide(ByteBuffer into, int at) {
    int from = at + RecordLayout.EXEC_ARGUMENTS_OFFSET;
    int told = into.getInt(at + RecordLayout.EXEC_ARGUMENT_BYTES_OFFSET);
    boolean whole = told >= 0 && told <= RecordLayout.ARGUMENT_BYTES;
    int end = from + (whole ? told : RecordLayout.ARGUMENT_BYTES);
    int to = from;
    boolean less = false;
    words.begin();
    int next = from;
    while (next < end) {
      int stop = next;
      while (stop < end && into.get(stop) != 0) {
        stop++;
      }
      int kept = words.secretFrom(argument.wrap(into, next, stop - next), stop < end);
      less |= kept < stop - next;
      into.put(to, into, next, kept);
      to += kept;
      if (stop < end) {
        into.put(to++, (byte) 0);
      }
      next = stop + 1;
    }
    if (less) {
      // How much there was nobody has to know, either.
      Bytes.clear(into, to, from + RecordLayout.ARGUMENT_BYTES);
      into.putInt(at + RecordLayout.EXEC_ARGUMENT_BYTES_OFFSET, to - from);
    }
    return less;
  }
}
