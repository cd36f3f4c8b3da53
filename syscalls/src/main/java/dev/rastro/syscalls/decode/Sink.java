package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;
import java.nio.ByteBuffer;

/**
 * What a {@link CallDecoder} meets, in order. A call is
 *
 * <pre>
 * { beginArgument value [comment] endArgument }  beginResult value {note} endResult
 * value = number | named | phrase | string [redactedRest] | address | unreadable | redacted
 *       | beginStruct { field value } endStruct
 *       | beginArray { element value } endArray
 *       | beginChange value [becomes value] endChange
 * note  = beginNote { label value | element value } endNote
 * </pre>
 *
 * A sink that keeps something must copy it: buffers and texts are reused.
 */
public interface Sink {

  /**
   * @param name of the parameter, which a call like clone writes in front of the value
   * @param named whether it does
   */
  void beginArgument(String name, Kind kind, boolean named);

  void endArgument(CaptureStatus status);

  /** The result of a call that succeeded. Failures are in the record and need no decoding. */
  void beginResult(Kind kind);

  void endResult();

  /**
   * @param value extended to 64 bits as its size and sign demand
   * @param signed whether it is to be read as signed
   */
  void number(long value, Kind.Format format, boolean signed);

  /**
   * A number with symbolic names.
   *
   * @param value without the bits beyond its size
   */
  void named(long value, Names names);

  /** A number that the decoder puts into words itself. */
  void phrase(long value, CharSequence text);

  /** A number that has a name of its own: RLIM64_INFINITY, SIG_DFL. */
  default void constant(long value, CharSequence text) {
    phrase(value, text);
  }

  /**
   * Bytes of memory.
   *
   * @param cut whether more was there than was captured
   */
  void string(ByteBuffer memory, int offset, int length, boolean cut, Quote quote);

  /** A pointer that is not followed, or that there is no point in following. */
  void address(long address);

  /** A pointer to memory that could not be read. */
  void unreadable(long address);

  /** A pointer to memory that whoever reads may not see. */
  default void redacted(long address) {
    unreadable(address);
  }

  /** Said behind a string: what it goes on with may not be seen. */
  default void redactedRest() {}

  void beginStruct();

  void field(String name);

  /** A field whose text says its name already; strace writes no {@code name=} before it. */
  void unnamedField(String name);

  /** Fields that are left out here, with others behind them. */
  void omission();

  /** Bytes {@code first} to {@code last} of a struct, behind its fields; their value follows. */
  void beyond(long first, long last);

  /**
   * @param complete false when there are fields that are not told
   */
  void endStruct(boolean complete);

  void beginArray();

  /** Like {@link #beginArray}; strace writes a set's elements with blanks between them. */
  default void beginSet() {
    beginArray();
  }

  void element();

  /** The name of the place at which the element that follows stands. */
  void index(String name);

  /**
   * @param complete false when there are elements that are not told
   */
  void endArray(boolean complete);

  /** An array that ends at memory that could not be read. */
  void endArrayUnreadable(long address);

  /** A value that the kernel changed: what it was, then {@link #becomes} and what it is. */
  void beginChange();

  void becomes();

  void endChange();

  /** Said beside the value before it, as {@code 5 vars}. */
  void comment(CharSequence text);

  /** What the result tells beyond its number, as the events that poll found. */
  void beginNote();

  /** A value within a note that has a word in front. */
  void label(String label);

  void endNote();
}
