package dev.rastro.daemon.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** bpf/record.h as a C compiler would lay it out: enumerators by name, structs by field. */
final class RecordHeader {
  private static final Path HEADER = Path.of("../bpf/src/main/bpf/record.h");
  private static final Pattern ENUMERATOR = Pattern.compile("(RASTRO_\\w+) = ([^,]+),");
  private static final Pattern STRUCT = Pattern.compile("(?s)struct (\\w+) \\{(.*?)\n\\};");
  private static final Pattern FIELD =
      Pattern.compile("(?m)^\\s*(struct \\w+|__\\w+|char) (\\w+)(?:\\[(\\w+)\\])?;");
  private static final Pattern SHIFT = Pattern.compile("(\\d+) << (\\d+)");

  final Map<String, Integer> enumerators = new LinkedHashMap<>();
  final Map<String, Struct> structs = new LinkedHashMap<>();

  record Struct(int bytes, int alignment, Map<String, Integer> offsets) {}

  static RecordHeader read() throws IOException {
    RecordHeader header = new RecordHeader();
    String text = Files.readString(HEADER).replaceAll("(?s)/\\*.*?\\*/", "");
    Matcher enumerator = ENUMERATOR.matcher(text);
    while (enumerator.find()) {
      header.enumerators.put(enumerator.group(1), value(enumerator.group(2).strip()));
    }
    Matcher struct = STRUCT.matcher(text);
    while (struct.find()) {
      header.structs.put(struct.group(1), header.lay(struct.group(2)));
    }
    return header;
  }

  int offset(String struct, String field) {
    Integer offset = structs.get(struct).offsets().get(field);
    if (offset == null) {
      throw new AssertionError("record.h: struct " + struct + " has no " + field);
    }
    return offset;
  }

  private Struct lay(String body) {
    Map<String, Integer> offsets = new LinkedHashMap<>();
    int at = 0;
    int strictest = 1;
    Matcher field = FIELD.matcher(body);
    while (field.find()) {
      Struct type = type(field.group(1));
      String count = field.group(3);
      int elements = 1;
      if (count != null) {
        elements = enumerators.containsKey(count) ? enumerators.get(count) : value(count);
      }
      at = roundUp(at, type.alignment());
      offsets.put(field.group(2), at);
      at += type.bytes() * elements;
      strictest = Math.max(strictest, type.alignment());
    }
    return new Struct(roundUp(at, strictest), strictest, offsets);
  }

  private Struct type(String name) {
    if (name.startsWith("struct ")) {
      return structs.get(name.substring("struct ".length()));
    }
    int bytes = name.equals("char") ? 1 : Integer.parseInt(name.substring(3)) / 8;
    return new Struct(bytes, bytes, Map.of());
  }

  private static int value(String expression) {
    Matcher shift = SHIFT.matcher(expression);
    return shift.matches()
        ? Integer.parseInt(shift.group(1)) << Integer.parseInt(shift.group(2))
        : Integer.parseInt(expression);
  }

  private static int roundUp(int value, int alignment) {
    return (value + alignment - 1) / alignment * alignment;
  }
}
