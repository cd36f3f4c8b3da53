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

  /** Bytes of one value in memory; 0 when it varies. */
  int sizeBytes();

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
   * @param fields in the order in which they are written, which need not be that of the offsets
   * @param leastBytes of the first version, where the caller says how much of it there is
   * @param briefFields names of the fields that are written without {@code -v}, in that order,
   *     before {@code ...}, which may stand among them instead; none when all of them are
   */
  record Struct(
      String name, int sizeBytes, List<Field> fields, int leastBytes, List<String> briefFields)
      implements Kind {
    /** Stands for fields that are left out. */
    public static final String OMISSION = "...";
  }

  /**
   * @param pointer the field holds the address of the kind rather than the kind itself
   * @param present what another field must have in it, or this one means nothing
   */
  record Field(String name, int offset, Kind kind, boolean pointer, Told told, Condition present) {}

  /**
   * That one of these bits is set in a field of the struct or, where it is a choice, that its value
   * is the number of one of them.
   */
  record Condition(String field, long anyOf, boolean choice) {
    /** Holds of fields that always mean something. */
    public static final Condition NONE = new Condition("", 0, false);

    public boolean holds(long value) {
      if (choice) {
        return value >= 0 && value < Long.SIZE && (anyOf >>> value & 1) != 0;
      }
      return anyOf == 0 || (anyOf & value) != 0;
    }
  }

  /** When and how a {@link Field} is written. */
  enum Told {
    ALWAYS,
    /** Reserved fields: only where something is in them. */
    UNLESS_ZERO,
    /** The answer to the fields before it: as the call left it, if the call succeeded. */
    UNLESS_FAILED,
    /** What it was and, if the call succeeded, what it is: {@code count=4 => 2}. */
    AS_CHANGE,
    /** An address where the call writes: what lies there is told if it succeeded. */
    AS_ANSWER
  }

  /**
   * Elements one after the other. An argument that points to a plain number is an array of one.
   *
   * @param count of elements; 0 when the argument's {@link Syscall.Length} says it
   */
  record Array(String name, Kind element, int count) implements Kind {
    @Override
    public int sizeBytes() {
      return count * element.sizeBytes();
    }
  }

  /**
   * Elements in a struct, of which another field of it says how many mean anything.
   *
   * @param most for which there is room; 0 when they are pointed to
   * @param count the name of that field or, if there is none such, of an argument
   * @param inBytes whether bytes are counted
   */
  record Counted(String name, Kind element, int most, String count, boolean inBytes)
      implements Kind {
    @Override
    public int sizeBytes() {
      return most * element.sizeBytes();
    }
  }

  /**
   * Memory that is one thing when it is given and, if the call succeeds, another afterwards: {@code
   * {fd=3, name="x"} => {transid=7}}.
   */
  record Change(String name, Kind before, Kind after) implements Kind {
    @Override
    public int sizeBytes() {
      return before.sizeBytes();
    }
  }

  /** A string inside a struct, in a field of fixed size, NUL-terminated unless it fills it. */
  record FixedText(String name, int sizeBytes) implements Kind {}

  /** A NUL-terminated string in memory. Paths are never cut by {@code -s}. */
  record Text(String name, boolean path) implements Kind {
    @Override
    public int sizeBytes() {
      return 0;
    }
  }

  /** Uninterpreted bytes in memory, written as a quoted string. */
  record Bytes(String name, Form form) implements Kind {
    /** How they are written. */
    public enum Form {
      BUFFER,
      /** Nobody wants them as text. */
      HEX,
      /** Often text with a NUL at its end, which is not written. */
      TRIMMED
    }

    @Override
    public int sizeBytes() {
      return 0;
    }
  }

  /**
   * Decoded by the code registered under this name: sockaddr, iovec, msghdr, sigset, wait_status, …
   *
   * <p>A special kind may also decide that its argument or field is not written at all, as the mode
   * of an open without {@code O_CREAT}.
   *
   * @param sizeBytes of one element in memory; 0 when it varies
   * @param inMemory whether an argument of this kind is an address
   */
  record Special(String name, int sizeBytes, boolean inMemory) implements Kind {}
}
