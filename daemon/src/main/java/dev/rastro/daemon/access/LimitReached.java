package dev.rastro.daemon.access;

/** Somebody has, or asks, as much as one caller may. */
public final class LimitReached extends Exception {
  private static final long serialVersionUID = 1;

  private final String limit;
  private final long value;
  private final long retryNanos;

  /**
   * @param limit its name, for programs
   * @param retryNanos after which it may be otherwise
   * @param message for people
   */
  LimitReached(String limit, long value, long retryNanos, String message) {
    super(message, null, false, false);
    this.limit = limit;
    this.value = value;
    this.retryNanos = retryNanos;
  }

  public String limit() {
    return limit;
  }

  public long value() {
    return value;
  }

  public long retryNanos() {
    return retryNanos;
  }
}
