package dev.rastro.syscalls.text;

import dev.rastro.syscalls.decode.CallSet;
import java.util.function.IntFunction;

/**
 * How strings, constants and whole calls are written.
 *
 * @param abbreviated calls whose structs and arrays are cut short, unless all is verbose
 * @param followed calls whose pointers to structs are followed
 * @param raw calls whose arguments and result are bare registers
 * @param argumentNames write {@code name=} before each argument
 * @param descriptors what is written beside descriptors, where records say what they stand for
 * @param taskNames what is written beside the numbers of tasks; an empty name is not
 */
public record TextStyle(
    HexStrings hexStrings,
    Constants constants,
    CallSet abbreviated,
    CallSet followed,
    CallSet raw,
    boolean argumentNames,
    DescriptorChoice descriptors,
    IntFunction<String> taskNames) {
  public static final TextStyle DEFAULT =
      new TextStyle(
          HexStrings.NEVER, Constants.NAMES, CallSet.ALL, CallSet.ALL, CallSet.NONE, false);

  /** Descriptors and tasks are bare numbers. */
  public TextStyle(
      HexStrings hexStrings,
      Constants constants,
      CallSet abbreviated,
      CallSet followed,
      CallSet raw,
      boolean argumentNames) {
    this(
        hexStrings,
        constants,
        abbreviated,
        followed,
        raw,
        argumentNames,
        DescriptorChoice.NONE,
        TextStyle::noName);
  }

  public TextStyle withDescriptors(DescriptorChoice choice) {
    return new TextStyle(
        hexStrings, constants, abbreviated, followed, raw, argumentNames, choice, taskNames);
  }

  public TextStyle withTaskNames(IntFunction<String> names) {
    return new TextStyle(
        hexStrings, constants, abbreviated, followed, raw, argumentNames, descriptors, names);
  }

  private static String noName(int tid) {
    return "";
  }

  /** Which strings are written in hexadecimal. */
  public enum HexStrings {
    NEVER,
    /** Escapes of single characters, in place of octal ones. */
    ESCAPES,
    /** The whole of a string that has a byte which is neither printable nor white space. */
    NON_ASCII,
    ALL
  }

  /** How numbers that have names are written. */
  public enum Constants {
    NAMES,
    NUMBERS,
    /** The number, and the name as a comment. */
    BOTH
  }
}
