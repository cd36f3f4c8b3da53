package dev.rastro.syscalls.text;

/** File modes and device numbers. */
final class ModeWriter {
  private static final int TYPE = 0170000;

  private ModeWriter() {}

  static void writeMode(TextBuffer out, int mode, TextStyle.Constants style) {
    boolean named = !typeName(mode & TYPE).isEmpty();
    if (style == TextStyle.Constants.NAMES || !named) {
      writeMode(out, mode);
      return;
    }
    writePermissions(out, mode);
    if (style == TextStyle.Constants.BOTH) {
      out.append(" /* ");
      writeMode(out, mode);
      out.append(" */");
    }
  }

  static void writeDevice(TextBuffer out, long device, TextStyle.Constants style) {
    if (style != TextStyle.Constants.NAMES) {
      out.appendHex(device);
    }
    if (style == TextStyle.Constants.BOTH) {
      out.append(" /* ");
    }
    if (style != TextStyle.Constants.NUMBERS) {
      writeDevice(out, device);
    }
    if (style == TextStyle.Constants.BOTH) {
      out.append(" */");
    }
  }

  /** {@code S_IFREG|S_ISUID|0644}. */
  static void writeMode(TextBuffer out, int mode) {
    String type = typeName(mode & TYPE);
    if (!type.isEmpty()) {
      out.append(type).append('|');
    } else if ((mode & TYPE) != 0) {
      writePermissions(out, mode & 0xffff);
      return;
    }
    if ((mode & 04000) != 0) {
      out.append("S_ISUID|");
    }
    if ((mode & 02000) != 0) {
      out.append("S_ISGID|");
    }
    if ((mode & 01000) != 0) {
      out.append("S_ISVTX|");
    }
    writePermissions(out, mode & 0777);
  }

  /** At least three octal digits: {@code 0644}, {@code 04755}, {@code 000}. */
  static void writePermissions(TextBuffer out, int mode) {
    long bits = mode & 0xffffffffL;
    if (bits == 0) {
      out.append("000");
      return;
    }
    if (bits < 010) {
      out.append('0');
    }
    out.appendOctal(bits);
  }

  /** {@code makedev(0x8, 0x1)}, from the kernel's 64-bit encoding. */
  static void writeDevice(TextBuffer out, long device) {
    long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL);
    long minor = (device & 0xff) | ((device >>> 12) & 0xffffff00L);
    out.append("makedev(").appendHex(major).append(", ").appendHex(minor).append(')');
  }

  private static String typeName(int type) {
    return switch (type) {
      case 0010000 -> "S_IFIFO";
      case 0020000 -> "S_IFCHR";
      case 0040000 -> "S_IFDIR";
      case 0060000 -> "S_IFBLK";
      case 0100000 -> "S_IFREG";
      case 0120000 -> "S_IFLNK";
      case 0140000 -> "S_IFSOCK";
      default -> "";
    };
  }
}
