package dev.rastro.syscalls.text;

import dev.rastro.syscalls.decode.CallSet;

/**
 * How strings, constants and whole calls are written.
 *
 * @param abbreviated calls whose structs and arrays are cut short, unless all is verbose
 * @param followed calls whose pointers to structs are followed
 * @param raw calls whose arguments and result are bare registers
 * @param argumentNames write {@code name=} before each argument
 * @param descriptors what is written beside descriptors, where records say what they stand for
 */
public record TextStyle(
    HexStrings hexStrings,
    Constants constants,
    CallSet abbreviated,
    CallSet followed,
    CallSet raw,
    boolean argumentNames,
    DescriptorChoice descriptors) {
  public static final TextStyle DEFAULT =
      new TextStyle(
          HexStrings.NEVER, Constants.NAMES, CallSet.ALL, CallSet.ALL, CallSet.NONE, false);

  /** Descriptors are bare numbers. */
  public TextStyle(
      HexStrings hexStrings,
      Constants constants,
      CallSet abbreviated,
      CallSet followed,
      CallSet raw,
      boolean argumentNames) {
    this(hexStrings, constants, abbreviated, followed, raw, argumentNames, DescriptorChoice.NONE);
  }

  public TextStyle withDescriptors(DescriptorChoice choice) {
    return new TextStyle(hexStrings, constants, abbreviated, followed, raw, argumentNames, choice);
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
