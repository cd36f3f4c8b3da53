package dev.rastro.syscalls.table;

import java.util.List;
import java.util.Set;

/**
 * One row of the table, for one architecture.
 *
 * @param number as the kernel numbers it on this architecture
 * @param result its kind; the Scalar {@code never} when the call does not return
 * @param classes without the leading percent sign
 * @param signature the row's notation as it stands in the table, without numbers and classes; of
 *     what commands make of a call, their names and the arguments behind
 */
public record Syscall(
    int number,
    String name,
    List<Argument> arguments,
    Kind result,
    Set<String> classes,
    String signature) {

  /**
   * One argument, in register order.
   *
   * @param length of the memory it points to; {@link Length.None} when the kind knows its size
   * @param moment when the memory is looked at
   * @param most elements that the kernel takes; with more it refuses the call unread
   */
  public record Argument(
      String name, Kind kind, Direction direction, Length length, Moment moment, int most) {}

  /** When the memory of an argument is looked at; strace is the measure of what is worth it. */
  public enum Moment {
    /** Whenever it costs least and still is what the direction says. */
    ANY,
    /** At entry, although the kernel writes there later. */
    ENTRY,
    /** At exit, and only if the call succeeded, although the caller wrote it. */
    SUCCESS,
    /** At exit, also if the call failed: the kernel says there what is wrong. */
    EXIT,
    /** At exit, and only if the result is neither an error nor 0. */
    RESULT
  }

  /** Who writes the memory that an argument points to. */
  public enum Direction {
    /** The caller, before the call. */
    IN,
    /** The kernel; worth reading only when the call succeeded. */
    OUT,
    /** Both: captured at entry and again at exit. */
    INOUT
  }

  /**
   * Where the extent of an argument's memory comes from. Argument indexes count from 0. What is
   * counted are elements for an array and for a special kind of fixed size (iovec), else bytes
   * (buffers, structs that carry their own size, sigset).
   */
  public sealed interface Length {
    record None() implements Length {}

    /** {@code count} elements. */
    record Constant(int count) implements Length {}

    /** As many elements as argument {@code index} says. */
    record OfArgument(int index) implements Length {}

    /**
     * As many elements as the result says.
     *
     * @param most the argument that says how many there may be; −1 when the result is to be trusted
     */
    record OfResult(int most) implements Length {
      public static final OfResult TRUSTED = new OfResult(-1);
    }

    /**
     * As many bytes as the u32 that argument {@code index} points to; at exit the smaller of both.
     */
    record Pointed(int index) implements Length {}

    /** The size bits of the ioctl command in argument {@code index}. */
    record OfIoctl(int index) implements Length {}

    /**
     * {@code sizeBytes} at {@code offset} from the user stack pointer at entry: the argument is in
     * no register (rt_sigreturn's frame).
     */
    record OnStack(int offset, int sizeBytes) implements Length {}

    /** Up to a NUL. */
    record Terminated() implements Length {}

    /** Up to a NUL, or so many bytes: both are captured. */
    record TerminatedOr(Length bytes) implements Length {}

    /** As many bits as argument {@code index} says, rounded up to 8 bytes. */
    record Bits(int index) implements Length {}

    /** One for each page of as many bytes as argument {@code index} says. */
    record Pages(int index) implements Length {
      /** A page is 1 << SHIFT bytes. */
      public static final int SHIFT = 12;

      /** The pages that so many bytes lie in. */
      public long of(long bytes) {
        return (bytes + (1 << SHIFT) - 1) >>> SHIFT;
      }
    }
  }
}
