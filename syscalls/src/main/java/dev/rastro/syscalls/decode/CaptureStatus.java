package dev.rastro.syscalls.decode;

/** How the bytes of an argument were obtained; the worst of all its pieces. */
public enum CaptureStatus {
  /** Nothing had to be read: the register is the value. */
  NONE,
  /** At the call's return. */
  EXIT,
  /** At the call's entry. */
  ENTRY,
  /** Due at entry, not resident there, read at the return. */
  LATE,
  /** Cut at a limit. */
  TRUNCATED,
  /** Not captured: the record was full, or the call failed before there was anything to read. */
  MISSING,
  /** Memory could not be read. */
  FAULT,
  /** Left out, because the stream was overloaded. */
  REDUCED,
  /** Left out, because whoever reads may not see it. */
  REDACTED;

  CaptureStatus worse(CaptureStatus other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
