package dev.rastro.client.failure;

/** What the process says to its parent. The larger ones are those of {@code sysexits.h}. */
public final class ExitStatus {
  public static final int OK = 0;
  public static final int FAILED = 1;
  public static final int USAGE = 2;

  /** Events were lost, and {@code --fail-on-loss} asked to be told so. */
  public static final int LOSS = 3;

  /** What {@code --fail-if} is about has happened. */
  public static final int DIFFERENT = 4;

  /** The daemon cannot be reached, or went away. */
  public static final int UNAVAILABLE = 69;

  /** A limit of the daemon; trying again later may help. */
  public static final int TRY_AGAIN = 75;

  public static final int NO_PERMISSION = 77;

  /** As a shell says it. */
  public static final int NOT_EXECUTABLE = 126;

  public static final int NOT_FOUND = 127;

  /** Plus the number of the signal. */
  public static final int KILLED_BY = 128;

  private ExitStatus() {}
}
