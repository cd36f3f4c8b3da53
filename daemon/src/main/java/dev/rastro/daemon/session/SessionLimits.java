package dev.rastro.daemon.session;

import dev.rastro.daemon.drain.Drain;
import java.util.concurrent.TimeUnit;

/** Every bound of this package. What falls off one is counted or refused by name. */
public final class SessionLimits {

  public static final int MAX_SESSIONS = Drain.MAX_SESSIONS;

  /** Those with a session of their own, and those that show what others count. */
  public static final int MAX_SUMMARY_STREAMS = 64;

  public static final int DEFAULT_QUEUE_BYTES = 8 << 20;
  public static final int MAX_QUEUE_BYTES = 48 << 20;

  /** Of the queues of all sessions together, outside the heap. */
  public static final int TOTAL_QUEUE_BYTES = 64 << 20;

  /** What a stream has sent and keeps, for a client whose connection breaks. */
  public static final int DEFAULT_HISTORY_BYTES = 1 << 20;

  public static final int MAX_HISTORY_BYTES = 16 << 20;

  /** Of the histories of all sessions together. */
  public static final int TOTAL_HISTORY_BYTES = 16 << 20;

  /** A session is kept so long for a client whose connection broke. */
  public static final int MAX_RESUME_SECONDS = 300;

  /** A batch that has so many bytes is closed. */
  public static final int BATCH_BYTES = 64 << 10;

  /** A batch that is not full is sent after this time. */
  public static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Of one string or buffer: the largest segment of a record. */
  public static final int MAX_STRING_BYTES = 32 << 10;

  public static final int DEFAULT_STRING_BYTES = 32;

  /** Of one target: pids, tids and parents together. */
  public static final int MAX_TARGET_TASKS = 4096;

  /** Of one filter: entries of each list. */
  public static final int MAX_FILTER_ENTRIES = 1024;

  /** Of one entry in a filter: a path or a text. */
  public static final int MAX_FILTER_CHARACTERS = 4096;

  /** Number of a descriptor in a filter; the kernel's own bound unless it is raised. */
  public static final int MAX_DESCRIPTOR = (1 << 20) - 1;

  /** Of each list of a filter: every system call's name is held against them. */
  public static final int MAX_FILTER_REGEXES = 16;

  private SessionLimits() {}
}
