package dev.rastro.syscalls.text;

import dev.rastro.syscalls.table.Names;
import dev.rastro.syscalls.table.Names.Entry;

/** Writes symbolic names: {@code O_RDWR|O_CREAT}, {@code 0x63 /* SEEK_??? *}{@code /}. */
final class NameWriter {
  private NameWriter() {}

  static void write(TextBuffer out, Names names, long value, TextStyle.Constants style) {
    switch (style) {
      case NAMES -> write(out, names, value);
      case NUMBERS -> out.appendHex(value);
      case BOTH -> both(out, names, value);
    }
  }

  /** {@code 0x2 /* O_RDWR *}{@code /}; what has no name is written as ever. */
  private static void both(TextBuffer out, Names names, long value) {
    int start = out.length();
    write(out, names, value);
    if (out.array()[start] >= '0' && out.array()[start] <= '9') {
      return;
    }
    out.append(" */");
    TextBuffer number = new TextBuffer();
    out.insert(start, number.appendHex(value).append(" /* ").toString());
  }

  static void write(TextBuffer out, Names names, long value) {
    switch (names.form()) {
      case DECIMAL -> writeBeside(out.appendUnsigned(value), names, value);
      case HEX -> writeBeside(out.appendHex(value), names, value);
      default -> writeNames(out, names, value);
    }
  }

  private static void writeBeside(TextBuffer out, Names names, long value) {
    if (value == 0 && names.style() == Names.Style.FLAGS) {
      return;
    }
    out.append(" /* ");
    if (isNamed(names, value)) {
      writeNames(out, names, value);
    } else {
      out.append(names.prefix());
    }
    out.append(" */");
  }

  private static boolean isNamed(Names names, long value) {
    return !names.find(value).isNone();
  }

  private static void writeNames(TextBuffer out, Names names, long value) {
    if (names.style() == Names.Style.CHOICE) {
      writeChoice(out, names, value);
    } else {
      writeFlags(out, names, value);
    }
  }

  private static void writeChoice(TextBuffer out, Names names, long value) {
    Entry entry = names.find(value);
    if (entry.isNone()) {
      writeUnknown(out, names, value);
    } else {
      out.append(entry.text());
    }
  }

  /**
   * Names are tried in order and take away the bits of their mask. A name of zero is written when
   * it is a choice inside flags (O_RDONLY), or when it is all there is to say.
   */
  private static void writeFlags(TextBuffer out, Names names, long value) {
    long rest = value;
    long decided = 0;
    boolean any = false;
    boolean alone = true;
    for (int i = 0; i < names.count() && (rest != 0 || i < names.firstBits()); i++) {
      Entry entry = names.entry(i);
      long mask = entry.mask();
      boolean choice = entry.value() == 0 || mask != entry.value();
      boolean matches =
          entry.value() == 0
              ? (value & mask) == 0 && (decided & mask) == 0
              : (rest & mask) == entry.value() && (!choice || (decided & mask) == 0);
      if (!matches) {
        continue;
      }
      if (any) {
        out.append('|');
      }
      out.append(entry.text());
      any = true;
      alone &= names.form() == Names.Form.APART && choice;
      rest &= ~(entry.value() == 0 ? 0 : mask);
      if (choice) {
        decided |= mask;
      }
    }
    if (rest != 0) {
      if (any) {
        out.append('|');
      }
      if (alone) {
        writeUnknown(out, names, rest);
      } else {
        out.appendHex(rest);
      }
    } else if (!any) {
      out.append('0');
    }
  }

  private static void writeUnknown(TextBuffer out, Names names, long value) {
    if (names.form() == Names.Form.PLAIN) {
      out.appendUnsigned(value);
    } else {
      out.appendHex(value);
    }
    if (!names.prefix().isEmpty()) {
      out.append(" /* ").append(names.prefix()).append(" */");
    }
  }
}
