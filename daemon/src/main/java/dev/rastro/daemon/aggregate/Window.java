package dev.rastro.daemon.aggregate;

/**
 * Which part of the time since counting began.
 *
 * @param lastNanos only about so long back from now, to the second; 0 for all
 * @param from name of the kept moment at which it begins; empty for none
 * @param to name of the kept moment at which it ends; empty for now
 */
public record Window(long lastNanos, String from, String to) {
  public static final Window WHOLE = new Window(0, "", "");

  /** How far back {@code lastNanos} can go. */
  public static final long LONGEST_NANOS = Moments.KEPT_NANOS;
}
