package dev.rastro.syscalls.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Text as bytes, growing as needed and reused by {@link #clear}. Not thread-safe. How large it gets
 * is bounded by what is written: a record is at most 64 KiB, of which a byte makes at most four.
 */
public final class TextBuffer {
  private static final byte[] HEX_DIGITS = "0123456789abcdef".getBytes(UTF_8);
  private static final int LONG_DIGITS_MAX = 22;

  private byte[] bytes;
  private int length;

  public TextBuffer() {
    this(512);
  }

  public TextBuffer(int capacityBytes) {
    bytes = new byte[Math.max(64, capacityBytes)];
  }

  public int length() {
    return length;
  }

  public void clear() {
    length = 0;
  }

  /** Forgets what follows the first {@code length} bytes. */
  public void truncate(int length) {
    if (length < 0 || length > this.length) {
      throw new IndexOutOfBoundsException(length);
    }
    this.length = length;
  }

  /** The backing array, whose first {@link #length} bytes are the text; replaced when it grows. */
  public byte[] array() {
    return bytes;
  }

  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
  }

  /** A copy of the bytes from {@code from} to {@code to}, as UTF-8. */
  public String substring(int from, int to) {
    return new String(bytes, from, to - from, UTF_8);
  }

  @Override
  public String toString() {
    return substring(0, length);
  }

  public TextBuffer append(char ascii) {
    reserve(1);
    bytes[length++] = (byte) ascii;
    return this;
  }

  public TextBuffer append(CharSequence text) {
    if (text instanceof String string) {
      return append(string);
    }
    int count = text.length();
    reserve(count);
    int at = length;
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      if (c > 0x7f) {
        return appendEncoded(text);
      }
      bytes[at + i] = (byte) c;
    }
    length = at + count;
    return this;
  }

  /** The same: what is in most lines, and by far the most of them. */
  public TextBuffer append(String text) {
    int count = text.length();
    reserve(count);
    byte[] to = bytes;
    int at = length;
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      if (c > 0x7f) {
        return appendEncoded(text);
      }
      to[at + i] = (byte) c;
    }
    length = at + count;
    return this;
  }

  private TextBuffer appendEncoded(CharSequence text) {
    byte[] encoded = text.toString().getBytes(UTF_8);
    reserve(encoded.length);
    System.arraycopy(encoded, 0, bytes, length, encoded.length);
    length += encoded.length;
    return this;
  }

  public TextBuffer append(TextBuffer other) {
    reserve(other.length);
    System.arraycopy(other.bytes, 0, bytes, length, other.length);
    length += other.length;
    return this;
  }

  /** Puts ASCII text in front of what follows the first {@code at} bytes. */
  public TextBuffer insert(int at, String ascii) {
    int count = ascii.length();
    reserve(count);
    System.arraycopy(bytes, at, bytes, at + count, length - at);
    for (int i = 0; i < count; i++) {
      bytes[at + i] = (byte) ascii.charAt(i);
    }
    length += count;
    return this;
  }

  /** Blanks until the text is {@code column} bytes long, counted from {@code from}. */
  public TextBuffer padTo(int from, int column) {
    int missing = column - (length - from);
    if (missing > 0) {
      reserve(missing);
      Arrays.fill(bytes, length, length + missing, (byte) ' ');
      length += missing;
    }
    return this;
  }

  public TextBuffer appendDecimal(long value) {
    if (value < 0) {
      append('-');
      return appendUnsigned(-value);
    }
    return appendUnsigned(value);
  }

  public TextBuffer appendUnsigned(long value) {
    if (value >= 0 && value < 10) {
      return append((char) ('0' + value));
    }
    reserve(LONG_DIGITS_MAX);
    int digits = 0;
    long rest = value;
    if (rest < 0) {
      long tenth = Long.divideUnsigned(rest, 10);
      bytes[length + digits++] = (byte) ('0' + (rest - tenth * 10));
      rest = tenth;
    }
    while (rest > 0) {
      long tenth = rest / 10;
      bytes[length + digits++] = (byte) ('0' + (rest - tenth * 10));
      rest = tenth;
    }
    reverse(digits);
    return this;
  }

  /** {@code 0x} and the digits; a bare {@code 0} for zero. */
  public TextBuffer appendHex(long value) {
    if (value == 0) {
      return append('0');
    }
    append('0').append('x');
    return appendHexDigits(value, (67 - Long.numberOfLeadingZeros(value)) / 4);
  }

  /** Exactly {@code digits} hexadecimal digits without a prefix. */
  public TextBuffer appendHexDigits(long value, int digits) {
    reserve(digits);
    for (int i = 0; i < digits; i++) {
      bytes[length + i] = HEX_DIGITS[(int) (value >>> (4 * (digits - 1 - i))) & 0xf];
    }
    length += digits;
    return this;
  }

  /** With a leading zero; a bare {@code 0} for zero. */
  public TextBuffer appendOctal(long value) {
    append('0');
    if (value == 0) {
      return this;
    }
    reserve(LONG_DIGITS_MAX);
    int digits = 0;
    for (long rest = value; rest != 0; rest >>>= 3) {
      bytes[length + digits++] = (byte) ('0' + (rest & 7));
    }
    reverse(digits);
    return this;
  }

  private void reverse(int digits) {
    for (int i = length, j = length + digits - 1; i < j; i++, j--) {
      byte swapped = bytes[i];
      bytes[i] = bytes[j];
      bytes[j] = swapped;
    }
    length += digits;
  }

  /** In quotes, with C's escapes; other bytes in the shortest octal that is not misread. */
  public TextBuffer appendQuoted(ByteBuffer memory, int offset, int count) {
    reserve(4 * count + 2);
    int at = length;
    bytes[at++] = '"';
    memory.get(offset, bytes, at, count);
    int plain = plain(at, count);
    at += plain;
    for (int i = plain; i < count; i++) {
      byte b = memory.get(offset + i);
      if (isPlain(b)) {
        bytes[at++] = b;
      } else {
        boolean digitFollows = i + 1 < count && isOctal(memory.get(offset + i + 1));
        at = escape(at, b, digitFollows);
      }
    }
    bytes[at++] = '"';
    length = at;
    return this;
  }

  /** How many of some bytes that are in place need no escape, up to the first that does. */
  private int plain(int at, int count) {
    byte[] in = bytes;
    int i = 0;
    while (i < count && isPlain(in[at + i])) {
      i++;
    }
    return i;
  }

  private static boolean isPlain(byte b) {
    return b >= ' ' && b < 0x7f && b != '"' && b != '\\';
  }

  private static boolean isOctal(byte b) {
    return b >= '0' && b <= '7';
  }

  private int escape(int start, byte b, boolean digitFollows) {
    int at = start;
    bytes[at++] = '\\';
    switch (b) {
      case '"', '\\' -> bytes[at++] = b;
      case '\n' -> bytes[at++] = 'n';
      case '\t' -> bytes[at++] = 't';
      case 0x0b -> bytes[at++] = 'v';
      case '\f' -> bytes[at++] = 'f';
      case '\r' -> bytes[at++] = 'r';
      default -> {
        int octal = b & 0xff;
        if (digitFollows || octal >= 0100) {
          bytes[at++] = (byte) ('0' + (octal >> 6));
        }
        if (digitFollows || octal >= 010) {
          bytes[at++] = (byte) ('0' + ((octal >> 3) & 7));
        }
        bytes[at++] = (byte) ('0' + (octal & 7));
      }
    }
    return at;
  }

  /** Whether all bytes are printable ASCII or white space. */
  static boolean isText(ByteBuffer memory, int offset, int count) {
    for (int i = 0; i < count; i++) {
      byte b = memory.get(offset + i);
      if ((b < ' ' && (b < '\t' || b > '\r')) || b == 0x7f) {
        return false;
      }
    }
    return true;
  }

  /** As {@link #appendQuoted}, but with {@code \x..} where that has octal. */
  public TextBuffer appendQuotedHexEscapes(ByteBuffer memory, int offset, int count) {
    append('"');
    for (int i = 0; i < count; i++) {
      byte b = memory.get(offset + i);
      if (isPlain(b)) {
        append((char) b);
      } else if (b == '"' || b == '\\' || (b >= '\t' && b <= '\r')) {
        reserve(2);
        length = escape(length, b, false);
      } else {
        append('\\').append('x').appendHexDigits(b, 2);
      }
    }
    return append('"');
  }

  /** Without quotes, as strace writes the path of a descriptor: no angle brackets within it. */
  public TextBuffer appendEscaped(ByteBuffer memory, int offset, int count) {
    reserve(4 * count);
    int at = length;
    for (int i = 0; i < count; i++) {
      byte b = memory.get(offset + i);
      if (isPlain(b) && b != '<' && b != '>') {
        bytes[at++] = b;
      } else {
        boolean digitFollows = i + 1 < count && isOctal(memory.get(offset + i + 1));
        at = escape(at, b, digitFollows);
      }
    }
    length = at;
    return this;
  }

  /** A task's name, a byte to a character, in angle brackets. */
  public TextBuffer appendName(String name) {
    byte[] encoded = name.getBytes(ISO_8859_1);
    return append('<').appendEscaped(ByteBuffer.wrap(encoded), 0, encoded.length).append('>');
  }

  /** In quotes, every byte as {@code \x..}. */
  public TextBuffer appendQuotedHex(ByteBuffer memory, int offset, int count) {
    append('"');
    for (int i = 0; i < count; i++) {
      append('\\').append('x').appendHexDigits(memory.get(offset + i), 2);
    }
    return append('"');
  }

  private void reserve(int more) {
    if (more > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
