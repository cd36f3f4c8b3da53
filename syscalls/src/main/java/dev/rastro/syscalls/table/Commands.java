package dev.rastro.syscalls.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rows of {@code commands.txt} and {@code ioctls.txt}: what the arguments behind a command are,
 * one row for commands that take the same. The row of the call itself says what is captured.
 *
 * <pre>
 * CALL [ARCHITECTURE] COMMAND,COMMAND(argument: kind[attribute, …], …)[: result]
 * CALL with FLAGS
 * </pre>
 */
final class Commands {
  private static final String WITH = " with ";

  private final Map<String, List<DataLine>> linesByCall = new HashMap<>();
  private final Map<String, DataLine> flagsByCall = new HashMap<>();

  Commands(Architecture architecture, List<DataFile> files) {
    for (DataLine line : files.stream().flatMap(file -> file.lines().stream()).toList()) {
      int end = line.text().indexOf(' ');
      if (end > 0 && line.text().startsWith(WITH, end)) {
        flagsByCall.put(line.text().substring(0, end), line);
        continue;
      }
      if (end <= 0 || line.text().indexOf('(') < end) {
        throw line.error("expected: CALL COMMAND,COMMAND(argument: kind, …)[: result]");
      }
      if (isFor(architecture, line)) {
        linesByCall
            .computeIfAbsent(line.text().substring(0, end), k -> new ArrayList<>())
            .add(line);
      }
    }
  }

  private static boolean isFor(Architecture architecture, DataLine line) {
    String label = line.words()[1];
    return Arrays.stream(Architecture.values()).noneMatch(each -> each.label().equals(label))
        || architecture.label().equals(label);
  }

  /** What stands behind the call's name and the architecture. */
  private static String commands(DataLine line) {
    String text = line.text();
    int open = text.indexOf('(');
    return text.substring(text.lastIndexOf(' ', open) + 1);
  }

  /** The variants of one call; none when it has no commands. */
  Variants parse(Kinds kinds, Syscall call) {
    List<DataLine> lines = linesByCall.getOrDefault(call.name(), List.of());
    if (lines.isEmpty()) {
      return Variants.NONE;
    }
    SortedMap<Long, Syscall> byCommand = new TreeMap<>();
    List<Variants.Family> families = new ArrayList<>();
    int command = commandArgument(lines.get(0), call);
    Map<String, List<Names.Entry>> entriesByName = byName(call, command);
    for (DataLine line : lines) {
      String text = commands(line);
      int open = text.indexOf('(');
      Syscall variant = variant(kinds, line, call, command, text);
      for (String name : text.substring(0, open).split(",", -1)) {
        // The names of one architecture may be missing on the other.
        for (Names.Entry entry : entriesByName.getOrDefault(name, List.of())) {
          if (entry.text().contains("(")) {
            families.add(new Variants.Family(entry, variant));
          } else if (byCommand.put(entry.value(), variant) != null) {
            throw line.error("a second row for " + name);
          }
        }
      }
    }
    return Variants.copyOf(command, flags(kinds, call), byCommand, families);
  }

  /** The bits that may stand beside every command. */
  private long flags(Kinds kinds, Syscall call) {
    DataLine line = flagsByCall.get(call.name());
    if (line == null) {
      return 0;
    }
    String name = line.text().substring(line.text().indexOf(WITH) + WITH.length());
    if (kinds.parse(line, name) instanceof Kind.Named named) {
      return named.names().entries().stream()
          .mapToLong(Names.Entry::value)
          .reduce(0, (a, b) -> a | b);
    }
    throw line.error("no names: " + name);
  }

  /** Names of one number are joined, {@code A or B}; operands follow the name, {@code A(%size)}. */
  private static Map<String, List<Names.Entry>> byName(Syscall call, int command) {
    Map<String, List<Names.Entry>> byName = new HashMap<>();
    if (call.arguments().get(command).kind() instanceof Kind.Named named) {
      for (Names.Entry entry : named.names().entries()) {
        for (String name : entry.text().split(" or ", -1)) {
          int operands = name.indexOf('(');
          byName
              .computeIfAbsent(
                  operands < 0 ? name : name.substring(0, operands), k -> new ArrayList<>())
              .add(entry);
        }
      }
    }
    return byName;
  }

  /** The argument that can have the name of the line's first command. */
  private static int commandArgument(DataLine line, Syscall call) {
    String first = commands(line).split("[,(]", 2)[0];
    for (int i = 0; i < call.arguments().size(); i++) {
      if (byName(call, i).containsKey(first)) {
        return i;
      }
    }
    throw line.error(call.name() + " has no command " + first);
  }

  private static Syscall variant(
      Kinds kinds, DataLine line, Syscall call, int command, String text) {
    String notation = text.substring(text.indexOf('('));
    StringBuilder signature = new StringBuilder(call.name()).append('(');
    for (int i = 0; i <= command; i++) {
      signature.append(i == 0 ? "" : ", ").append(call.arguments().get(i).name()).append(": int");
    }
    boolean bare = notation.startsWith("()");
    signature.append(bare ? "" : ", ").append(notation, 1, notation.length());
    boolean own = notation.contains("): ");
    Syscall parsed =
        new RowParser(kinds, line)
            .parse(call.number(), signature + (own ? "" : ": int"), call.classes());
    List<Syscall.Argument> arguments = new ArrayList<>(call.arguments().subList(0, command + 1));
    arguments.addAll(parsed.arguments().subList(command + 1, parsed.arguments().size()));
    return new Syscall(
        call.number(),
        call.name(),
        List.copyOf(arguments),
        own ? parsed.result() : call.result(),
        call.classes(),
        text);
  }
}
