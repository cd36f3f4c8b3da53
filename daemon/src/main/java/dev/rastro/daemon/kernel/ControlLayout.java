package dev.rastro.daemon.kernel;

import dev.rastro.syscalls.record.RecordLayout;

/**
 * Where the daemon's shared structures of bpf/record.h keep their fields, in bytes. A test compares
 * every number with the object's BTF. (The records themselves are dev.rastro.syscalls.record's.)
 */
public final class ControlLayout {
  public static final int SYSCALL_SLOTS = 512;
  public static final int SESSIONS = 64;
  public static final int SIGNALS = 65;
  public static final int LOSSES = 8;
  static final int ERRNOS = RecordLayout.ERRNOS;
  static final int RULES = 4;
  static final int FILTERS = 3;

  // struct rastro_control
  static final int SYSCALL_SESSIONS = 0;
  static final int CAPTURE = SYSCALL_SESSIONS + 8 * SYSCALL_SLOTS;
  static final int EVERYONE = CAPTURE + 2 * SYSCALL_SLOTS;
  static final int STREAMING = EVERYONE + 8;
  static final int COUNTING = STREAMING + 8;
  static final int FAILED_ONLY = COUNTING + 8;
  static final int SUCCESS_ONLY = FAILED_ONLY + 8;
  static final int LIFECYCLE = SUCCESS_ONLY + 8;
  static final int LIFECYCLE_EVERYONE = LIFECYCLE + 8;
  static final int BLOCKED = LIFECYCLE_EVERYONE + 8;
  static final int LIFECYCLE_TOLD = BLOCKED + 8;
  static final int CHOOSING = LIFECYCLE_TOLD + 8;
  static final int CHOOSES_BY = CHOOSING + 8;
  static final int CHOOSING_DESCENDANTS = CHOOSES_BY + 8 * RULES;
  static final int SOME_ERRORS = CHOOSING_DESCENDANTS + 8;
  static final int SLOW_ONLY = SOME_ERRORS + 8;
  static final int ERRNO_SESSIONS = SLOW_ONLY + 8;
  static final int MIN_DURATION = ERRNO_SESSIONS + 8 * ERRNOS;
  static final int DESCRIPTORS = MIN_DURATION + 8 * SESSIONS;
  static final int BOUNDED = DESCRIPTORS + 8;
  static final int OWNED = BOUNDED + 8;
  static final int OWNER_UID = OWNED + 8;
  static final int OWNER_GID = OWNER_UID + 4 * SESSIONS;
  static final int SIGNAL_SESSIONS = OWNER_GID + 4 * SESSIONS;
  static final int SELF_TGID = SIGNAL_SESSIONS + 8 * SIGNALS;
  static final int EPOCH = SELF_TGID + 4;
  static final int ARMED = EPOCH + 4;
  static final int TAIL_NAMES = ARMED + 4;
  static final int PAGE_SHIFT = TAIL_NAMES + 4;
  static final int LOST = PAGE_SHIFT + 8;
  static final int LOST_BY_SESSION = LOST + 8 * LOSSES;
  static final int CONTROL_BYTES = LOST_BY_SESSION + 8 * SESSIONS;

  // struct rastro_target
  static final int TARGET_WANTED = 0;
  static final int TARGET_INHERIT = 8;
  static final int TARGET_SPAWN = 16;
  static final int TARGET_PENDING = 24;
  static final int TARGET_CHOSEN = 32;
  static final int TARGET_BYTES = 40;

  // struct rastro_rule
  static final int RULE_KIND = 0;
  static final int RULE_WORDS = 8;
  static final int RULE_BYTES = 24;

  // struct rastro_counter_key
  public static final int KEY_START = 0;
  public static final int KEY_TGID = 8;
  public static final int KEY_SLOT = 12;
  public static final int KEY_BYTES = 16;

  // struct rastro_counter
  public static final int COUNTER_CALLS = 0;
  public static final int COUNTER_ERRORS = 8;
  public static final int COUNTER_TIMED = 16;
  public static final int COUNTER_TOTAL = 24;
  public static final int COUNTER_MIN = 32;
  public static final int COUNTER_MAX = 40;
  public static final int COUNTER_HISTOGRAM = 48;
  public static final int HISTOGRAM_BUCKETS = 128;
  public static final int COUNTER_BYTES = COUNTER_HISTOGRAM + 4 * HISTOGRAM_BUCKETS;

  // struct rastro_error_key; the value is one u64
  public static final int ERROR_START = 0;
  public static final int ERROR_TGID = 8;
  public static final int ERROR_SLOT = 12;
  public static final int ERROR_ERRNO = 14;
  public static final int ERROR_KEY_BYTES = 16;

  // enum rastro_outcome, in the place of an errno
  public static final int END_OF_STREAM = 4096;
  public static final int IDLE_WAKEUP = 4097;

  // struct rastro_task
  static final int TASK_TGID = 0;
  static final int TASK_AGE = 8;
  static final int TASK_RAN = 16;
  static final int TASK_READY = 24;
  static final int TASK_STATE = 32;
  static final int TASK_BYTES = 40;

  // struct stash and enum stash_flag in maps.bpf.h
  static final int STASH_ENTRY = 24;
  static final int STASH_NUMBER = 52;
  static final int STASH_FLAGS = 64;
  static final int STASH_BYTES = 72;
  static final int STASH_ENTERED = 1;

  private ControlLayout() {}
}
