package dev.rastro.syscalls.plan;

import java.nio.ByteBuffer;

/** One {@code struct rastro_op}; see {@link PlanLayout} and {@code record.h} for the numbers. */
record CaptureOp(
    int what, int when, int base, Length length, int flags, int pointerAt, int limit, int command) {

  /**
   * Where the length is said: in an argument, and then {@code at} is the least, or at an offset in
   * the segment of an operation.
   */
  record Length(int from, int argument, int element, int at) {
    private static final Length NONE = new Length(PlanLayout.LENGTH_CONSTANT, 0, 0, 0);

    private Length shifted(int shift) {
      return from == PlanLayout.LENGTH_FIELD32
          ? new Length(from, argument + shift, element, at)
          : this;
    }
  }

  static CaptureOp of(int what, int when, int base, int limit) {
    return new CaptureOp(what, when, base, Length.NONE, 0, 0, limit, 0);
  }

  CaptureOp withLength(int from, int argument, int element) {
    return withLength(new Length(from, argument, element, 0));
  }

  /** So many elements as a u32 at an offset in the segment of another operation says. */
  CaptureOp withLengthIn(int op, int offset, int element) {
    return withLength(new Length(PlanLayout.LENGTH_FIELD32, op, element, offset));
  }

  /** Even where the argument that says the length says less. */
  CaptureOp withLeast(int bytes) {
    return withLength(new Length(length.from(), length.argument(), length.element(), bytes));
  }

  private CaptureOp withLength(Length length) {
    return new CaptureOp(what, when, base, length, flags, pointerAt, limit, command);
  }

  CaptureOp withWhen(int when) {
    return new CaptureOp(what, when, base, length, flags, pointerAt, limit, command);
  }

  CaptureOp withFlags(int flags) {
    return new CaptureOp(what, when, base, length, flags, pointerAt, limit, command);
  }

  CaptureOp withPointerAt(int pointerAt) {
    return new CaptureOp(what, when, base, length, flags, pointerAt, limit, command);
  }

  /** Only for ioctls whose command has this as its lower half. */
  CaptureOp withCommand(int command) {
    return new CaptureOp(what, when, base, length, flags, pointerAt, limit, command);
  }

  /** The same where {@code shift} operations stand before those that it counts from. */
  CaptureOp shifted(int shift) {
    return base < PlanLayout.BASE_SEGMENT
        ? this
        : new CaptureOp(
            what, when, base + shift, length.shifted(shift), flags, pointerAt, limit, command);
  }

  int lengthFrom() {
    return length.from();
  }

  int lengthArg() {
    return length.argument();
  }

  int element() {
    return length.element();
  }

  void encode(ByteBuffer into, int at) {
    into.put(at + PlanLayout.OP_WHAT, (byte) what);
    into.put(at + PlanLayout.OP_WHEN, (byte) when);
    into.put(at + PlanLayout.OP_BASE, (byte) base);
    into.put(at + PlanLayout.OP_LENGTH_FROM, (byte) lengthFrom());
    into.put(at + PlanLayout.OP_LENGTH_ARG, (byte) lengthArg());
    into.put(at + PlanLayout.OP_FLAGS, (byte) flags);
    into.putShort(at + PlanLayout.OP_ELEMENT, (short) element());
    into.putShort(at + PlanLayout.OP_POINTER_AT, (short) pointerAt);
    into.putShort(at + PlanLayout.OP_LENGTH_AT, (short) length.at());
    into.putShort(at + PlanLayout.OP_LIMIT, (short) limit);
    into.putShort(at + PlanLayout.OP_COMMAND, (short) command);
  }
}
