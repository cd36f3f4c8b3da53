// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.detail;

import dev.rastro.syscalls.record.RecordLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What a program was started with, in its exec record, without what is secret of it. One thread.
 */
final class StartedWith {
  private final SecretWords words;
  private final Bytes argument = new Bytes();
  private ByteBuffer record = ByteBuffer.allocate(0);

  StartedWith(Secrets secrets) {
    this.words = new SecretWords(secrets);
  }

  /** Takes all of it out. */
  static void clear(byte[] into, int at) {
    int from = at + RecordLayout.EXEC_ARGUMENT_BYTES_OFFSET;
    Arrays.fill(into, from, at + RecordLayout.EXEC_BYTES, (byte) 0);
  }

  /** Each argument ends where a secret in it begins. False when there is none. */
  boolean hide(byte[] into, int at) {
    if (record.array() != into) {
      record = ByteBuffer.wrap(into).order(ByteOrder.LITTLE_ENDIAN);
    }
    int from = at + RecordLayout.EXEC_ARGUMENTS_OFFSET;
    int told = record.getInt(at + RecordLayout.EXEC_ARGUMENT_BYTES_OFFSET);
    boolean whole = told >= 0 && told <= RecordLayout.ARGUMENT_BYTES;
    int end = from + (whole ? told : RecordLayout.ARGUMENT_BYTES);
    int to = from;
    boolean less = false;
    words.begin();
    int next = from;
    while (next < end) {
      int stop = next;
      while (stop < end && into[stop] != 0) {
        stop++;
      }
      int kept = words.secretFrom(argument.wrap(record, next, stop - next), stop < end);
      less |= kept < stop - next;
      System.arraycopy(into, next, into, to, kept);
      to += kept;
      if (stop < end) {
        into[to++] = 0;
      }
      next = stop + 1;
    }
    if (less) {
      // How much there was nobody has to know, either.
      Arrays.fill(into, to, from + RecordLayout.ARGUMENT_BYTES, (byte) 0);
      record.putInt(at + RecordLayout.EXEC_ARGUMENT_BYTES_OFFSET, to - from);
    }
    return less;
  }
}
