package dev.rastro.syscalls.table;

import dev.rastro.syscalls.table.Syscall.Argument;
import dev.rastro.syscalls.table.Syscall.Direction;
import dev.rastro.syscalls.table.Syscall.Length;
import dev.rastro.syscalls.table.Syscall.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Parses a row's signature, {@code name(argument: kind[attribute, …], …): result}. Attributes:
 *
 * <ul>
 *   <li>{@code in}, {@code out}, {@code inout}: who writes the memory; a number with one of them is
 *       pointed to
 *   <li>{@code len=N}, {@code len=ARG}, {@code len=return}: so many elements (bytes of a buffer)
 *   <li>{@code len=return(ARG)}: so many, but no more than ARG: some results are larger
 *   <li>{@code len=*ARG}: as many bytes as the u32 that ARG points to
 *   <li>{@code len=bits(ARG)}, {@code len=ioctl(ARG)}; {@code len=pages(ARG)}: one for each page of
 *       ARG bytes
 *   <li>{@code size=ARG}: a struct that carries its own size, so many bytes of it
 *   <li>{@code string}: what is there ends with a NUL
 *   <li>{@code bytes=N}, {@code bytes=ARG}: a string, or so many bytes: the command decides
 *   <li>{@code stack=OFFSET}: not in a register but on the user stack
 *   <li>{@code at=entry}, {@code at=success}, {@code at=exit}: looked at then, whoever writes it
 *   <li>{@code at=result}: written only by calls that succeed with a result other than 0
 *   <li>{@code max=N}: with more elements than that the kernel refuses the call unread
 * </ul>
 *
 * <p>{@code KIND => KIND}, without attributes: what the memory is given as, and what it is when the
 * call has succeeded.
 */
final class RowParser {
  private final Kinds kinds;
  private final DataLine line;

  RowParser(Kinds kinds, DataLine line) {
    this.kinds = kinds;
    this.line = line;
  }

  Syscall parse(int number, String signature, Set<String> classes) {
    int open = signature.indexOf('(');
    int close = signature.lastIndexOf("): ");
    if (open <= 0 || close < open) {
      throw line.error("expected: name(argument: kind, …): result");
    }
    List<String> declarations = splitArguments(signature.substring(open + 1, close));
    List<String> names = new ArrayList<>(declarations.size());
    for (String declaration : declarations) {
      int colon = declaration.indexOf(": ");
      if (colon <= 0) {
        throw line.error("expected \"argument: kind\" instead of \"" + declaration + '"');
      }
      names.add(declaration.substring(0, colon));
    }
    List<Argument> arguments = new ArrayList<>(declarations.size());
    for (int i = 0; i < declarations.size(); i++) {
      String name = names.get(i);
      arguments.add(parseArgument(name, declarations.get(i).substring(name.length() + 2), names));
    }
    return new Syscall(
        number,
        signature.substring(0, open),
        List.copyOf(arguments),
        kinds.parse(line, signature.substring(close + 3)),
        classes,
        signature);
  }

  private Argument parseArgument(String name, String notation, List<String> names) {
    int arrow = notation.indexOf(" => ");
    if (arrow > 0) {
      Kind before = inMemory(notation.substring(0, arrow));
      Kind after = inMemory(notation.substring(arrow + 4));
      return new Argument(
          name,
          new Kind.Change(notation, before, after),
          Direction.INOUT,
          new Length.None(),
          Moment.ANY,
          Integer.MAX_VALUE);
    }
    int open = notation.indexOf('[');
    if (open < 0) {
      return new Argument(
          name,
          kinds.parse(line, notation),
          Direction.IN,
          new Length.None(),
          Moment.ANY,
          Integer.MAX_VALUE);
    }
    if (!notation.endsWith("]")) {
      throw line.error("expected ] at the end of \"" + notation + '"');
    }
    Kind kind = kinds.parse(line, notation.substring(0, open));
    Direction direction = Direction.IN;
    Length length = new Length.None();
    Moment moment = Moment.ANY;
    int most = Integer.MAX_VALUE;
    boolean counted = false;
    int stackOffset = -1;
    for (String attribute : notation.substring(open + 1, notation.length() - 1).split(", ", -1)) {
      if (attribute.equals("in") || attribute.equals("out") || attribute.equals("inout")) {
        direction = parseDirection(attribute);
      } else if (attribute.startsWith("len=")) {
        length = parseLength(attribute.substring(4), names);
        counted = true;
      } else if (attribute.startsWith("size=")) {
        length = parseLength(attribute.substring(5), names);
      } else if (attribute.equals("string")) {
        length = new Length.Terminated();
      } else if (attribute.startsWith("bytes=")) {
        length = new Length.TerminatedOr(parseLength(attribute.substring(6), names));
      } else if (attribute.startsWith("stack=")) {
        stackOffset = line.parseInt(attribute.substring(6));
      } else if (attribute.equals("at=entry")) {
        moment = Moment.ENTRY;
      } else if (attribute.equals("at=success")) {
        moment = Moment.SUCCESS;
      } else if (attribute.equals("at=exit")) {
        moment = Moment.EXIT;
      } else if (attribute.equals("at=result")) {
        moment = Moment.RESULT;
      } else if (attribute.startsWith("max=")) {
        most = line.parseInt(attribute.substring(4));
      } else {
        throw line.error("no such attribute: \"" + attribute + '"');
      }
    }
    if (stackOffset >= 0) {
      length = new Length.OnStack(stackOffset, kind.sizeBytes());
    }
    return new Argument(name, pointedTo(kind, counted, length), direction, length, moment, most);
  }

  private Kind inMemory(String notation) {
    return pointedTo(kinds.parse(line, notation), false, new Length.None());
  }

  /** A number in memory is an array of one; a counted struct is an array of it. */
  private static Kind pointedTo(Kind kind, boolean counted, Length length) {
    boolean number =
        kind instanceof Kind.Scalar
            || kind instanceof Kind.Named
            || (kind instanceof Kind.Special special && !special.inMemory());
    if (!number && !(kind instanceof Kind.Struct && counted)) {
      return kind;
    }
    int count = 0;
    if (length instanceof Length.None) {
      count = 1;
    } else if (length instanceof Length.Constant constant) {
      count = constant.count();
    }
    return new Kind.Array(kind.name() + "[]", kind, count);
  }

  private static Direction parseDirection(String word) {
    return switch (word) {
      case "in" -> Direction.IN;
      case "out" -> Direction.OUT;
      default -> Direction.INOUT;
    };
  }

  private Length parseLength(String notation, List<String> names) {
    if (notation.equals("return")) {
      return Length.OfResult.TRUSTED;
    } else if (notation.startsWith("return(") && notation.endsWith(")")) {
      return new Length.OfResult(index(notation.substring(7, notation.length() - 1), names));
    } else if (notation.startsWith("*")) {
      return new Length.Pointed(index(notation.substring(1), names));
    } else if (notation.startsWith("bits(") && notation.endsWith(")")) {
      return new Length.Bits(index(notation.substring(5, notation.length() - 1), names));
    } else if (notation.startsWith("pages(") && notation.endsWith(")")) {
      return new Length.Pages(index(notation.substring(6, notation.length() - 1), names));
    } else if (notation.startsWith("ioctl(") && notation.endsWith(")")) {
      return new Length.OfIoctl(index(notation.substring(6, notation.length() - 1), names));
    } else if (Character.isDigit(notation.charAt(0))) {
      return new Length.Constant(line.parseInt(notation));
    }
    return new Length.OfArgument(index(notation, names));
  }

  private int index(String argument, List<String> names) {
    int index = names.indexOf(argument);
    if (index < 0) {
      throw line.error("no such argument: \"" + argument + '"');
    }
    return index;
  }

  /** Splits at commas that are outside brackets. */
  private static List<String> splitArguments(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '[' || c == '(') {
        depth++;
      } else if (c == ']' || c == ')') {
        depth--;
      } else if (c == ',' && depth == 0) {
        parts.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    if (!text.isBlank()) {
      parts.add(text.substring(start).strip());
    }
    return parts;
  }
}
