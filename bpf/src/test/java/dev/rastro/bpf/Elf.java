package dev.rastro.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sections, symbols and relocations of an object file of 64 bits (elf.h, Elf64_*). */
final class Elf {
  private static final int SHT_SYMTAB = 2;
  private static final int SHT_REL = 9;
  private static final int SYMBOL_BYTES = 24;
  private static final int RELOCATION_BYTES = 16;

  static final int STT_FUNC = 2;

  private final ByteBuffer bytes;
  private final List<Section> sections = new ArrayList<>();
  private final List<Symbol> symbols = new ArrayList<>();

  record Section(String name, int type, int offset, int size, int link, int info) {}

  /**
   * @param section by number, in which it is
   * @param value where it is there
   */
  record Symbol(String name, int type, int section, int value, int size) {}

  Elf(byte[] object) {
    bytes = ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN);
    int headers = (int) bytes.getLong(40);
    int headerBytes = bytes.getShort(58);
    int names = (int) bytes.getLong(headers + bytes.getShort(62) * headerBytes + 24);
    for (int i = 0; i < bytes.getShort(60); i++) {
      int at = headers + i * headerBytes;
      sections.add(
          new Section(
              text(names + bytes.getInt(at)),
              bytes.getInt(at + 4),
              (int) bytes.getLong(at + 24),
              (int) bytes.getLong(at + 32),
              bytes.getInt(at + 40),
              bytes.getInt(at + 44)));
    }
    sections.stream().filter(section -> section.type == SHT_SYMTAB).forEach(this::readSymbols);
  }

  private void readSymbols(Section table) {
    int names = sections.get(table.link).offset;
    for (int at = table.offset; at < table.offset + table.size; at += SYMBOL_BYTES) {
      symbols.add(
          new Symbol(
              text(names + bytes.getInt(at)),
              bytes.get(at + 4) & 0xf,
              bytes.getShort(at + 6) & 0xffff,
              (int) bytes.getLong(at + 8),
              (int) bytes.getLong(at + 16)));
    }
  }

  private String text(int start) {
    int end = start;
    while (bytes.get(end) != 0) {
      end++;
    }
    byte[] text = new byte[end - start];
    bytes.get(start, text);
    return new String(text, StandardCharsets.US_ASCII);
  }

  ByteBuffer bytes() {
    return bytes;
  }

  List<Section> sections() {
    return sections;
  }

  List<Symbol> symbols() {
    return symbols;
  }

  /** By place in the section: what it refers to. */
  Map<Integer, Symbol> relocations(int section) {
    Map<Integer, Symbol> found = new HashMap<>();
    for (Section table : sections) {
      if (table.type == SHT_REL && table.info == section) {
        for (int at = table.offset; at < table.offset + table.size; at += RELOCATION_BYTES) {
          found.put((int) bytes.getLong(at), symbols.get(bytes.getInt(at + 12)));
        }
      }
    }
    return found;
  }
}
