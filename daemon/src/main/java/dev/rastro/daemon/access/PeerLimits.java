package dev.rastro.daemon.access;

/** What one caller may take: a user or a certificate's subject, over however many connections. */
public final class PeerLimits {

  public static final int MAX_CONNECTIONS = 32;

  /** Streams, and answers that are being made. */
  public static final int MAX_CALLS = 64;

  public static final int MAX_SESSIONS = 16;

  /** Of all callers together but admins: so many places are left for these. */
  public static final int MAX_SESSIONS_OF_OTHERS = 48;

  /** Of all callers together who have no role. */
  public static final int MAX_SESSIONS_OF_STRANGERS = 24;

  /** What the queues of one caller's sessions hold besides what each is sure of. */
  public static final int MAX_QUEUE_BYTES = 24 << 20;

  /** Counted by what they cost, see {@link Question#cost}. */
  public static final int REQUESTS_PER_SECOND = 50;

  /** That may come at once after a pause. */
  public static final int REQUESTS_AT_ONCE = 100;

  /** Of all callers together who have no role. */
  public static final int REQUESTS_OF_STRANGERS_PER_SECOND = 100;

  public static final int REQUESTS_OF_STRANGERS_AT_ONCE = 300;

  /** Tasks that one target names, of callers who have no role. */
  public static final int MAX_TARGET_TASKS_OF_STRANGERS = 256;

  /**
   * Files, cgroups, units and containers that one target names, of callers who are no admins: they
   * are looked up each second.
   */
  public static final int MAX_TARGET_NAMES = 64;

  /** Callers remembered, those that are connected and those that were not long ago. */
  public static final int MAX_PEERS = 4096;

  private PeerLimits() {}
}
