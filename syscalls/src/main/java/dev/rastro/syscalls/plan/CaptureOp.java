package dev.rastro.syscalls.plan;

import java.nio.ByteBuffer;

/** One {@code struct rastro_op}; see {@link PlanLayout} and {@code record.h} for the numbers. */
record CaptureOp(
    int what,
    int when,
    int base,
    int lengthFrom,
    int lengthArg,
    int flags,
    int element,
    int pointerAt,
    int limit) {

  static CaptureOp of(int what, int when, int base, int limit) {
    return new CaptureOp(what, when, base, PlanLayout.LENGTH_CONSTANT, 0, 0, 0, 0, limit);
  }

  CaptureOp withLength(int from, int argument, int element) {
    return new CaptureOp(what, when, base, from, argument, flags, element, pointerAt, limit);
  }

  CaptureOp withWhen(int when) {
    return new CaptureOp(what, when, base, lengthFrom, lengthArg, flags, element, pointerAt, limit);
  }

  CaptureOp withFlags(int flags) {
    return new CaptureOp(what, when, base, lengthFrom, lengthArg, flags, element, pointerAt, limit);
  }

  CaptureOp withPointerAt(int pointerAt) {
    return new CaptureOp(what, when, base, lengthFrom, lengthArg, flags, element, pointerAt, limit);
  }

  void encode(ByteBuffer into, int at) {
    into.put(at + PlanLayout.OP_WHAT, (byte) what);
    into.put(at + PlanLayout.OP_WHEN, (byte) when);
    into.put(at + PlanLayout.OP_BASE, (byte) base);
    into.put(at + PlanLayout.OP_LENGTH_FROM, (byte) lengthFrom);
    into.put(at + PlanLayout.OP_LENGTH_ARG, (byte) lengthArg);
    into.put(at + PlanLayout.OP_FLAGS, (byte) flags);
    into.putShort(at + PlanLayout.OP_ELEMENT, (short) element);
    into.putShort(at + PlanLayout.OP_POINTER_AT, (short) pointerAt);
    into.putShort(at + PlanLayout.OP_LENGTH_AT, (short) 0);
    into.putInt(at + PlanLayout.OP_LIMIT, limit);
  }
}
