package dev.rastro.syscalls.table;

import java.util.List;

/**
 * What a number or a piece of memory means. Arguments, results, struct fields and array elements
 * all have one.
 *
 * <p>Kinds are data: they are read from {@code kinds.txt}, {@code structs.txt} and {@code
 * names/*.txt} beside the table. Only {@link Special} kinds have code of their own, in the decode
 * package.
 */
public sealed interface Kind {

  /** As the table's notation and {@code ListSyscalls} spell it. */
  String name();

  /** A plain number: the register or the field is the value. */
  record Scalar(String name, Format format, int sizeBytes, boolean signed) implements Kind {}

  /** How a {@link Scalar} is written. */
  enum Format {
    DECIMAL,
    HEX,
    OCTAL,
    /** Hexadecimal, {@code NULL} for zero. */
    ADDRESS,
    /** A descriptor; with {@code -y} resolved. */
    DESCRIPTOR,
    /** A descriptor or {@code AT_FDCWD}. */
    DIRECTORY_DESCRIPTOR,
    PID,
    /** An unsigned id, {@code -1} for all ones. */
    OWNER,
    /** {@code S_IFREG|0644}. */
    FILE_MODE,
    /** {@code 0644}. */
    PERMISSIONS,
    /** {@code makedev(0x8, 0x1)}. */
    DEVICE,
    SIGNAL,
    ERRNO
  }

  /** A number with symbolic names: a choice, a set of flags, or flags with choices inside. */
  record Named(String name, Names names, int sizeBytes) implements Kind {}

  /**
   * Memory with fields at fixed offsets. As an argument it is pointed to; as a field it is inline.
   *
   * @param shownFields how many leading fields are written without {@code -v} before {@code ...};
   *     all of them when equal to the number of fields
   */
  record Struct(String name, int sizeBytes, List<Field> fields, int shownFields) implements Kind {}

  /**
   * @param pointer the field holds the address of the kind rather than the kind itself
   */
  record Field(String name, int offset, Kind kind, boolean pointer) {}

  /**
   * Elements one after the other; how many, the argument's {@link Length} or the field's size says.
   */
  record Array(String name, Kind element, int count) implements Kind {}

  /** A NUL-terminated string in memory. Paths are never cut by {@code -s}. */
  record Text(String name, boolean path) implements Kind {}

  /** Uninterpreted bytes in memory, written as a quoted string. */
  record Bytes(String name) implements Kind {}

  /**
   * Decoded by the code registered under this name: sockaddr, iovec, msghdr, sigset, wait_status, …
   *
   * @param sizeBytes of one element in memory; 0 when it varies
   * @param inMemory whether an argument of this kind is an address
   */
  record Special(String name, int sizeBytes, boolean inMemory) implements Kind {}
}
