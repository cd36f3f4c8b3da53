package dev.rastro.syscalls.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Every kind by name: those of {@code kinds.txt}, structs and sets of names. */
final class Kinds {
  private final Architecture architecture;
  private final Map<String, Kind> plain = new HashMap<>();
  private final Map<String, List<List<DataLine>>> structs;
  private final Map<String, Kind.Struct> parsedStructs = new ConcurrentHashMap<>();
  private final NameSets names;

  Kinds(Architecture architecture, DataFile kinds, DataFile names, List<DataFile> structs) {
    this.architecture = architecture;
    this.structs = new HashMap<>();
    structs.forEach(file -> this.structs.putAll(file.paragraphs("struct")));
    this.names = new NameSets(architecture, names);
    for (DataLine line : kinds.lines()) {
      Kind kind = parsePlain(line);
      if (plain.put(kind.name(), kind) != null) {
        throw line.error("a second kind of the name " + kind.name());
      }
    }
  }

  /** All names that this architecture has, sorted; for tests and the reference page. */
  Set<String> all() {
    Set<String> all = new TreeSet<>(plain.keySet());
    structs.forEach(
        (name, paragraphs) -> {
          if (paragraphs.stream().anyMatch(each -> isOurs(each.get(0).words()))) {
            all.add(name);
          }
        });
    all.addAll(names.names());
    return all;
  }

  Optional<Kind> find(String name) {
    Kind kind = plain.get(name);
    if (kind != null) {
      return Optional.of(kind);
    }
    List<List<DataLine>> paragraphs = structs.get(name);
    if (paragraphs != null) {
      Kind.Struct struct = parsedStructs.get(name);
      if (struct == null) {
        struct = parseStruct(name, paragraphs);
        parsedStructs.put(name, struct);
      }
      return Optional.of(struct);
    }
    return names.find(name).map(Kind.class::cast);
  }

  /**
   * @param notation a kind's name, with {@code :BYTES} where a set of names or a number is not of
   *     its usual size; {@code decimal+NAMES} and {@code hex+NAMES}: a number, and beside it what
   *     it means; {@code hex_WORD+NAMES}: with a word before that
   */
  Kind parse(DataLine line, String notation) {
    int plus = notation.indexOf('+');
    if (plus > 0) {
      String names = notation.substring(plus + 1);
      if (find(names).isEmpty()) {
        throw line.error("no such kind: " + names);
      }
      return new Kind.Special(notation, Long.BYTES, false);
    }
    int colon = notation.indexOf(':');
    String name = colon < 0 ? notation : notation.substring(0, colon);
    Kind kind = find(name).orElseThrow(() -> line.error("no such kind: " + name));
    if (colon < 0) {
      return kind;
    }
    int sizeBytes = line.parseInt(notation.substring(colon + 1));
    if (kind instanceof Kind.Named named) {
      return new Kind.Named(name, named.names(), sizeBytes);
    }
    if (kind instanceof Kind.Scalar scalar) {
      return new Kind.Scalar(name, scalar.format(), sizeBytes, scalar.signed());
    }
    throw line.error("only numbers have another size: " + notation);
  }

  private static Kind parsePlain(DataLine line) {
    String[] words = line.words();
    if (words.length < 2) {
      throw line.error("expected: scalar|text|bytes|memory|value NAME …");
    }
    String name = words[1];
    int sizeBytes = 0;
    if (words[0].equals("scalar")) {
      if (words.length < 4 || words.length > 5) {
        throw line.error("expected: scalar NAME FORMAT BYTES [signed]");
      }
      boolean signed = words.length == 5;
      if (signed && !words[4].equals("signed")) {
        throw line.error("only \"signed\" may follow the size");
      }
      return new Kind.Scalar(name, parseFormat(line, words[2]), line.parseInt(words[3]), signed);
    }
    boolean sized = words[0].equals("memory") || words[0].equals("value");
    if (words.length == 3 && sized) {
      sizeBytes = line.parseInt(words[2]);
    }
    return switch (words[0]) {
      case "text" -> new Kind.Text(name, isMarked(line, words, "path"));
      case "bytes" -> new Kind.Bytes(name, parseForm(line, words));
      case "memory" -> new Kind.Special(name, sizeBytes, true);
      case "value" -> new Kind.Special(name, sizeBytes, false);
      default -> throw line.error("no such sort of kind: " + words[0]);
    };
  }

  /** Whether the one word that may follow the name does. */
  private static boolean isMarked(DataLine line, String[] words, String mark) {
    if (words.length > 2 && !words[2].equals(mark)) {
      throw line.error("only \"" + mark + "\" may follow the name");
    }
    return words.length > 2;
  }

  private static Kind.Bytes.Form parseForm(DataLine line, String[] words) {
    for (Kind.Bytes.Form form : Kind.Bytes.Form.values()) {
      if (words.length == 3 && words[2].equals(form.name().toLowerCase(Locale.ROOT))) {
        return form;
      }
    }
    if (words.length > 2) {
      throw line.error("not a form of bytes: " + words[2]);
    }
    return Kind.Bytes.Form.BUFFER;
  }

  private static Kind.Format parseFormat(DataLine line, String word) {
    for (Kind.Format format : Kind.Format.values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(word)) {
        return format;
      }
    }
    throw line.error("no such format: " + word);
  }

  private Kind.Struct parseStruct(String name, List<List<DataLine>> paragraphs) {
    for (List<DataLine> paragraph : paragraphs) {
      DataLine head = paragraph.get(0);
      String[] words = head.words();
      int next = 3;
      if (!isOurs(words)) {
        continue;
      }
      if (isForOne(words)) {
        next++;
      }
      List<Kind.Field> fields = new ArrayList<>();
      int sizeBytes = words.length < 3 ? 0 : head.parseInt(words[2]);
      for (DataLine line : paragraph.subList(1, paragraph.size())) {
        fields.add(parseField(line, sizeBytes, fields));
      }
      int leastBytes = sizeBytes;
      if (words.length > next + 1 && words[next].equals("least")) {
        leastBytes = head.parseInt(words[next + 1]);
        next += 2;
      }
      List<String> brief = List.of();
      if (words.length == next + 2 && words[next].equals("brief")) {
        brief = List.of(words[next + 1].split(",", -1));
      } else if (words.length != next || sizeBytes == 0) {
        throw head.error(
            "expected: struct NAME BYTES [ARCHITECTURE] [least BYTES] [brief FIELD,…]");
      }
      for (String field : brief) {
        if (!field.equals(Kind.Struct.OMISSION)
            && fields.stream().noneMatch(f -> f.name().equals(field))) {
          throw head.error("no such field: " + field);
        }
      }
      return new Kind.Struct(name, sizeBytes, List.copyOf(fields), leastBytes, brief);
    }
    throw paragraphs.get(0).get(0).error("not defined for " + architecture.label());
  }

  private static boolean isForOne(String[] head) {
    return head.length > 3 && !head[3].equals("brief") && !head[3].equals("least");
  }

  private boolean isOurs(String[] head) {
    return !isForOne(head) || head[3].equals(architecture.label());
  }

  /** Whether a field is told only if one that stands before it has a name among its values. */
  private static boolean isConditional(String[] words) {
    return words.length == 6 && words[3].equals("if");
  }

  private Kind.Field parseField(DataLine line, int structBytes, List<Kind.Field> before) {
    String[] words = line.words();
    if (words.length < 3 || !words[1].endsWith(":")) {
      throw line.error(
          "expected: OFFSET NAME: KIND [unless zero|unless failed|as change|as answer|if FIELD NAME|…]");
    }
    boolean conditional = isConditional(words);
    int end = conditional ? 3 : words.length;
    Kind.Told told =
        switch (String.join(" ", List.of(words).subList(3, end))) {
          case "" -> Kind.Told.ALWAYS;
          case "unless zero" -> Kind.Told.UNLESS_ZERO;
          case "unless failed" -> Kind.Told.UNLESS_FAILED;
          case "as change" -> Kind.Told.AS_CHANGE;
          case "as answer" -> Kind.Told.AS_ANSWER;
          default -> throw line.error("not a way to tell a field");
        };
    String notation = words[2];
    boolean pointer = notation.endsWith("*");
    if (pointer) {
      notation = notation.substring(0, notation.length() - 1);
    }
    int count = 0;
    String counted = "";
    boolean inBytes = false;
    int bracket = notation.indexOf('[');
    if (bracket >= 0) {
      if (!notation.endsWith("]")) {
        throw line.error("expected ] at the end");
      }
      String[] counts = notation.substring(bracket + 1, notation.length() - 1).split(":", 2);
      inBytes = counts[0].equals("bytes");
      count = counts[0].isEmpty() || inBytes ? 0 : line.parseInt(counts[0]);
      counted = counts.length > 1 ? counts[1] : "";
      notation = notation.substring(0, bracket);
    }
    Kind kind;
    if (notation.equals("text")) {
      kind = new Kind.FixedText("text", count);
    } else {
      kind = parse(line, notation);
      if (!counted.isEmpty()) {
        kind = new Kind.Counted(notation + "[]", kind, count, counted, inBytes);
      } else if (count > 0) {
        kind = new Kind.Array(notation + "[]", kind, count);
      }
    }
    int offset = line.parseInt(words[0]);
    int sizeBytes = pointer ? Long.BYTES : kind.sizeBytes();
    if (sizeBytes == 0 || offset + sizeBytes > structBytes) {
      throw line.error(
          "a field of " + sizeBytes + " bytes does not lie within the struct's " + structBytes);
    }
    String name = words[1].substring(0, words[1].length() - 1);
    Kind.Field field = new Kind.Field(name, offset, kind, pointer, told, Kind.Condition.NONE);
    if (!conditional) {
      return field;
    }
    List<Kind.Field> known = new ArrayList<>(before);
    known.add(field);
    Kind.Condition present = parseCondition(line, words[4], words[5], known);
    return new Kind.Field(name, offset, kind, pointer, told, present);
  }

  private static Kind.Condition parseCondition(
      DataLine line, String field, String alternatives, List<Kind.Field> known) {
    for (Kind.Field other : known) {
      if (other.name().equals(field) && other.kind() instanceof Kind.Named named) {
        boolean choice = named.names().style() == Names.Style.CHOICE;
        long anyOf = 0;
        for (String name : alternatives.split("\\|", -1)) {
          long value =
              named.names().entries().stream()
                  .filter(entry -> entry.text().equals(name))
                  .findAny()
                  .orElseThrow(() -> line.error(field + " is never " + name))
                  .value();
          anyOf |= choice ? 1L << value : value;
        }
        return new Kind.Condition(field, anyOf, choice);
      }
    }
    throw line.error("no field up to here has names and is called " + field);
  }
}
