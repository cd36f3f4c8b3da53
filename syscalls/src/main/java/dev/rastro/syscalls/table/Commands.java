package dev.rastro.syscalls.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rows of {@code commands.txt}: what the arguments behind a command are, one row for commands
 * that take the same. The row of the call itself says what is captured.
 *
 * <pre>
 * CALL COMMAND,COMMAND(argument: kind[attribute, …], …)[: result]
 * </pre>
 */
final class Commands {
  private final Map<String, List<DataLine>> linesByCall = new HashMap<>();

  Commands(DataFile file) {
    for (DataLine line : file.lines()) {
      int end = line.text().indexOf(' ');
      if (end <= 0 || line.text().indexOf('(') < end) {
        throw line.error("expected: CALL COMMAND,COMMAND(argument: kind, …)[: result]");
      }
      linesByCall.computeIfAbsent(line.text().substring(0, end), k -> new ArrayList<>()).add(line);
    }
  }

  /** The variants of one call; none when it has no commands. */
  Variants parse(Kinds kinds, Syscall call) {
    List<DataLine> lines = linesByCall.getOrDefault(call.name(), List.of());
    if (lines.isEmpty()) {
      return Variants.NONE;
    }
    SortedMap<Long, Syscall> byCommand = new TreeMap<>();
    int command = commandArgument(lines.get(0), call);
    Names names = ((Kind.Named) call.arguments().get(command).kind()).names();
    for (DataLine line : lines) {
      String text = line.text().substring(call.name().length() + 1).strip();
      int open = text.indexOf('(');
      Syscall variant = variant(kinds, line, call, command, text.substring(open));
      for (String name : text.substring(0, open).split(",", -1)) {
        // The names of one architecture may be missing on the other.
        for (Names.Entry entry : names.entries()) {
          if (isNamed(entry, name) && byCommand.put(entry.value(), variant) != null) {
            throw line.error("a second row for " + name);
          }
        }
      }
    }
    return Variants.copyOf(command, byCommand);
  }

  /** The argument that can have the name of the line's first command. */
  private static int commandArgument(DataLine line, Syscall call) {
    String first = line.text().substring(call.name().length() + 1).split("[,(]", 2)[0].strip();
    for (int i = 0; i < call.arguments().size(); i++) {
      if (call.arguments().get(i).kind() instanceof Kind.Named named
          && named.names().entries().stream().anyMatch(e -> isNamed(e, first))) {
        return i;
      }
    }
    throw line.error(call.name() + " has no command " + first);
  }

  /** strace joins the names of one number: {@code A or B}. */
  private static boolean isNamed(Names.Entry entry, String name) {
    return entry.text().equals(name) || entry.text().endsWith(" or " + name);
  }

  private static Syscall variant(
      Kinds kinds, DataLine line, Syscall call, int command, String notation) {
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
        call.signature());
  }
}
