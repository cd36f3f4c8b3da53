package dev.rastro.daemon.kernel;

/**
 * The kernel refused a step. The message names the step and the cause, {@link #remedy} the cure.
 */
public final class CaptureException extends Exception {
  /** What kind of refusal it was, for those who translate it. */
  public enum Reason {
    /** Not root, or a capability is missing. */
    PRIVILEGE,
    /** The kernel lacks something, BTF for one. */
    UNSUPPORTED,
    /** A package or library is missing on this machine. */
    MISSING_LIBRARY,
    /** The target does not exist, or has just ended. */
    NO_SUCH_PROCESS,
    /** The target is beyond the reach of who asks. */
    FORBIDDEN,
    /** A named limit is reached. */
    EXHAUSTED,
    /** Anything else; a bug of ours until proven otherwise. */
    INTERNAL
  }

  private static final long serialVersionUID = 1;

  private final Reason reason;
  private final String remedy;

  public CaptureException(Reason reason, String message, String remedy) {
    super(message);
    this.reason = reason;
    this.remedy = remedy;
  }

  public Reason reason() {
    return reason;
  }

  /** What to do; empty when there is nothing to advise. */
  public String remedy() {
    return remedy;
  }
}
