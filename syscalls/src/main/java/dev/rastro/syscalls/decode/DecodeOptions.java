package dev.rastro.syscalls.decode;

/**
 * @param elementLimit elements of an array that are told unless verbose; and how many bytes of a
 *     buffer must be readable for it to be told at all
 * @param verbose tell every field and every element
 * @param followed follow pointers to structs and arrays; strings and buffers are told anyway
 */
public record DecodeOptions(int elementLimit, boolean verbose, boolean followed) {
  public static final DecodeOptions DEFAULT = new DecodeOptions(32, false);

  public DecodeOptions(int elementLimit, boolean verbose) {
    this(elementLimit, verbose, true);
  }
}
