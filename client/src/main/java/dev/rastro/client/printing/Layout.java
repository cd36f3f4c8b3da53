package dev.rastro.client.printing;

/**
 * What stands around a call's text.
 *
 * @param pidColumn every line starts with the pid in five columns: a file that several share
 * @param follow forks are followed, and new tasks are announced
 * @param announce tell of tasks that are attached
 * @param exits tell of tasks that exit
 * @param signals which deaths by signal are told
 * @param frame times, numbers and the like
 */
public record Layout(
    boolean pidColumn,
    boolean follow,
    boolean announce,
    boolean exits,
    SignalChoice signals,
    Frame frame) {

  public Layout(
      boolean pidColumn, boolean follow, boolean announce, boolean exits, SignalChoice signals) {
    this(pidColumn, follow, announce, exits, signals, Frame.PLAIN);
  }
}
