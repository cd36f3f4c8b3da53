package dev.rastro.syscalls.decode;

/**
 * @param elementLimit elements of an array that are told unless verbose; and how many bytes of a
 *     buffer must be readable for it to be told at all
 * @param verbose tell every field and every element
 */
public record DecodeOptions(int elementLimit, boolean verbose) {
  public static final DecodeOptions DEFAULT = new DecodeOptions(32, false);
}
