package dev.rastro.syscalls.decode;

/** How a run of bytes is to be shown. */
public enum Quote {
  /** A buffer: cut at the string limit. */
  BYTES,
  /** As {@link #BYTES}; a NUL at the end of what is shown is not, and then there is no more. */
  TRIMMED,
  /** A NUL-terminated string, the NUL not included: cut at the string limit. */
  TEXT,
  /** A path, or a name in a field of its size: never cut. */
  PATH,
  /** A name in the abstract namespace of unix sockets, its leading NUL not included: never cut. */
  ABSTRACT,
  /** Random or binary by nature: every byte in hexadecimal. */
  HEX,
  /** As {@link #HEX}, never cut. */
  WHOLE_HEX;

  /** Whether the string limit applies. */
  public boolean isLimited() {
    return this != PATH && this != ABSTRACT && this != WHOLE_HEX;
  }

  public boolean isHex() {
    return this == HEX || this == WHOLE_HEX;
  }
}
