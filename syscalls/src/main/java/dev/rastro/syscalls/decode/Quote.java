package dev.rastro.syscalls.decode;

/** How a run of bytes is to be shown. */
public enum Quote {
  /** A buffer: cut at the string limit. */
  BYTES,
  /** A NUL-terminated string, the NUL not included: cut at the string limit. */
  TEXT,
  /** A path: never cut. */
  PATH,
  /** A name in the abstract namespace of unix sockets, its leading NUL not included: never cut. */
  ABSTRACT,
  /** Random or binary by nature: every byte in hexadecimal. */
  HEX
}
