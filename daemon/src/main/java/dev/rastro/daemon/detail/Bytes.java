// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.detail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Bytes of a record as characters of one byte each, for patterns. A flyweight. */
final class Bytes implements CharSequence {
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private int from;
  private int length;

  /** Makes bytes 0. */
  static void clear(ByteBuffer buffer, int from, int to) {
    for (int at = from; at < to; at++) {
      buffer.put(at, (byte) 0);
    }
  }

  /** Sets bits of one byte. */
  static void set(ByteBuffer buffer, int at, int bits) {
    buffer.put(at, (byte) (buffer.get(at) | bits));
  }

  Bytes wrap(ByteBuffer buffer, int from, int length) {
    this.buffer = buffer;
    this.from = from;
    this.length = length;
    return this;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public char charAt(int index) {
    return (char) (buffer.get(from + index) & 0xff);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return toString().substring(start, end);
  }

  @Override
  public String toString() {
    byte[] copy = new byte[length];
    buffer.get(from, copy);
    return new String(copy, StandardCharsets.ISO_8859_1);
  }
}
