package dev.rastro.daemon.kernel;

import dev.rastro.bpf.CaptureObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A kernel that lacks something, as far as the capture object can tell: the object is changed to
 * ask by a name that no kernel knows. Offsets are those of elf(5) for 64 bits.
 */
public final class AbsentTracepoint {
  private static final int SECTION_HEADERS = 0x28;
  private static final int SECTION_COUNT = 0x3c;
  private static final int SECTION_OF_NAMES = 0x3e;
  private static final int SECTION_HEADER_BYTES = 64;
  private static final int SECTION_OFFSET = 0x18;
  private static final int SECTION_BYTES = 0x20;

  private AbsentTracepoint() {}

  /**
   * The capture object, of which the program in one section asks for what is not there.
   *
   * @param section as {@code tp_btf/sched_process_fork}
   */
  public static byte[] in(String section) {
    byte[] object = CaptureObject.read();
    String absent = section.substring(0, section.length() - 1) + "_";
    ByteBuffer elf = little(object);
    int names = header(elf, elf.getShort(SECTION_OF_NAMES));
    int namesAt = (int) elf.getLong(names + SECTION_OFFSET);
    int namesBytes = (int) elf.getLong(names + SECTION_BYTES);
    // Strings share their ends with each other, so the new name cannot be written over the old one:
    // all names are copied behind the object, and the new one behind them.
    byte[] name = terminated(absent);
    byte[] changed = Arrays.copyOf(object, object.length + namesBytes + name.length);
    System.arraycopy(object, namesAt, changed, object.length, namesBytes);
    System.arraycopy(name, 0, changed, object.length + namesBytes, name.length);
    elf = little(changed);
    elf.putLong(names + SECTION_OFFSET, object.length);
    elf.putLong(names + SECTION_BYTES, namesBytes + name.length);
    elf.putInt(section(changed, section, object.length), namesBytes);
    // The object's BTF names the section, too, in strings that share nothing.
    int btf = section(changed, ".BTF", object.length);
    int btfAt = (int) elf.getLong(btf + SECTION_OFFSET);
    int found =
        find(changed, terminated(section), btfAt, btfAt + (int) elf.getLong(btf + SECTION_BYTES));
    System.arraycopy(name, 0, changed, found, name.length);
    return changed;
  }

  private static int header(ByteBuffer elf, int index) {
    return (int) elf.getLong(SECTION_HEADERS) + index * SECTION_HEADER_BYTES;
  }

  /** The header of the section with this name. */
  private static int section(byte[] object, String name, int namesAt) {
    ByteBuffer elf = little(object);
    byte[] wanted = terminated(name);
    for (int i = 0; i < elf.getShort(SECTION_COUNT); i++) {
      int at = namesAt + elf.getInt(header(elf, i));
      if (Arrays.equals(object, at, at + wanted.length, wanted, 0, wanted.length)) {
        return header(elf, i);
      }
    }
    throw new AssertionError("the capture object has no section " + name);
  }

  private static int find(byte[] bytes, byte[] wanted, int from, int to) {
    for (int at = from; at + wanted.length <= to; at++) {
      if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    throw new AssertionError("not found: " + new String(wanted, StandardCharsets.ISO_8859_1));
  }

  private static ByteBuffer little(byte[] object) {
    return ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] terminated(String text) {
    return (text + "\0").getBytes(StandardCharsets.ISO_8859_1);
  }
}
