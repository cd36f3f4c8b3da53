package dev.rastro.client.printing;

import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** How a call can end, in strace's words. */
public enum Status {
  SUCCESSFUL,
  FAILED,
  /** It did not return. */
  UNFINISHED,
  /** Nothing is ever of this kind here: the result comes with the call. */
  UNAVAILABLE,
  DETACHED;

  private static final long LARGEST_ERROR = 4095;

  public static Set<Status> all() {
    return EnumSet.allOf(Status.class);
  }

  public static Optional<Status> parse(String name) {
    for (Status status : values()) {
      if (status.name().toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }

  static Status of(RecordReader call) {
    if (call.has(RecordLayout.NO_RETURN) || call.has(RecordLayout.KILLED)) {
      return UNFINISHED;
    }
    return call.result() < 0 && call.result() >= -LARGEST_ERROR ? FAILED : SUCCESSFUL;
  }
}
