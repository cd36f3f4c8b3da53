package dev.rastro.syscalls.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sets of symbolic names in the generated {@code names.txt}:
 *
 * <pre>
 * set NAME choice|flags[:decimal|hex|plain|apart] BYTES PREFIX
 * TEXT VALUE[/MASK] [VALUE[/MASK]]
 * </pre>
 *
 * Values and masks are hexadecimal; a second value is that of aarch64 where it differs from
 * x86_64's, and {@code -} says that an architecture lacks the name. In TEXT, {@code ~} is a blank;
 * a PREFIX {@code -} is none.
 */
final class NameSets {
  private final Architecture architecture;
  private final Map<String, List<List<DataLine>>> paragraphs;
  private final Map<String, Kind.Named> parsed = new ConcurrentHashMap<>();

  NameSets(Architecture architecture, DataFile file) {
    this.architecture = architecture;
    this.paragraphs = file.paragraphs("set");
  }

  Set<String> names() {
    return paragraphs.keySet();
  }

  Optional<Kind.Named> find(String name) {
    List<List<DataLine>> found = paragraphs.get(name);
    return found == null
        ? Optional.empty()
        : Optional.of(parsed.computeIfAbsent(name, n -> parse(n, found.get(0))));
  }

  private Kind.Named parse(String name, List<DataLine> paragraph) {
    DataLine head = paragraph.get(0);
    String[] words = head.words();
    if (words.length != 5) {
      throw head.error("expected: set NAME choice|flags BYTES PREFIX");
    }
    int colon = words[2].indexOf(':');
    Names.Style style =
        switch (colon < 0 ? words[2] : words[2].substring(0, colon)) {
          case "choice" -> Names.Style.CHOICE;
          case "flags" -> Names.Style.FLAGS;
          default -> throw head.error("neither choice nor flags: \"" + words[2] + '"');
        };
    Names.Form form =
        switch (colon < 0 ? "" : words[2].substring(colon + 1)) {
          case "" -> Names.Form.NAMES;
          case "decimal" -> Names.Form.DECIMAL;
          case "hex" -> Names.Form.HEX;
          case "plain" -> Names.Form.PLAIN;
          case "apart" -> Names.Form.APART;
          default -> throw head.error("no such form: \"" + words[2] + '"');
        };
    String prefix = words[4].equals("-") ? "" : words[4];
    List<Names.Entry> entries = new ArrayList<>(paragraph.size() - 1);
    for (DataLine line : paragraph.subList(1, paragraph.size())) {
      String[] entry = line.words();
      if (entry.length < 2 || entry.length > 3) {
        throw line.error("expected: TEXT VALUE[/MASK] [VALUE[/MASK]]");
      }
      String value = entry[architecture == Architecture.AARCH64 ? entry.length - 1 : 1];
      if (!value.equals("-")) {
        entries.add(parseEntry(line, style, entry[0].replace('~', ' '), value));
      }
    }
    Names names = new Names(name, style, form, prefix, List.copyOf(entries));
    return new Kind.Named(name, names, head.parseInt(words[3]));
  }

  private static Names.Entry parseEntry(
      DataLine line, Names.Style style, String text, String notation) {
    int slash = notation.indexOf('/');
    try {
      long value = Long.parseUnsignedLong(slash < 0 ? notation : notation.substring(0, slash), 16);
      long mask;
      if (slash >= 0) {
        mask = Long.parseUnsignedLong(notation.substring(slash + 1), 16);
      } else {
        mask = style == Names.Style.CHOICE || value == 0 ? -1L : value;
      }
      return new Names.Entry(text, value, mask);
    } catch (NumberFormatException e) {
      throw line.error("not a hexadecimal number: \"" + notation + '"');
    }
  }
}
