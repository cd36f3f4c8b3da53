package dev.rastro.daemon.session;

import dev.rastro.daemon.kernel.KernelFilter;

/** What took an event away that a session's target caused. */
public enum FilterPart {
  /** {@code Filter.outcome}; the kernel, as it is with the next two. */
  OUTCOME,
  ERRNO,
  MIN_DURATION,
  MAX_DURATION,
  PATH,
  DESCRIPTOR,
  TEXT;

  static final int COUNT = values().length;

  static FilterPart of(KernelFilter filter) {
    return switch (filter) {
      case OUTCOME -> OUTCOME;
      case ERRNO -> ERRNO;
      case DURATION -> MIN_DURATION;
    };
  }
}
