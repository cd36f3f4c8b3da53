package dev.rastro.daemon.kernel;

/** What takes a call away from a session when it ends. */
public enum KernelFilter {
  OUTCOME(0),
  ERRNO(1),
  DURATION(2);

  private final int code;

  KernelFilter(int code) {
    this.code = code;
  }

  /** As enum rastro_filter; from 0, without gaps. */
  public int code() {
    return code;
  }
}
