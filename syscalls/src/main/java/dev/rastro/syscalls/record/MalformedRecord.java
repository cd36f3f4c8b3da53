package dev.rastro.syscalls.record;

/** The bytes are no record: cut, or of a layout that this version does not know. */
public final class MalformedRecord extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedRecord(String what, long value, int offset) {
    super(what + " (" + value + ") in the record at byte " + offset, null, false, false);
  }
}
