package dev.rastro.client.doctor;

/**
 * What one check found.
 *
 * @param topic one or two words
 * @param says what is so
 * @param remedy what to do; empty where nothing need be done
 */
public record Finding(Verdict verdict, String topic, String says, String remedy) {

  /** How bad it is. */
  public enum Verdict {
    OK,
    /** Something is less than it could be. */
    NOTE,
    /** Something will not work. */
    PROBLEM
  }

  static Finding ok(String topic, String says) {
    return new Finding(Verdict.OK, topic, says, "");
  }

  static Finding note(String topic, String says, String remedy) {
    return new Finding(Verdict.NOTE, topic, says, remedy);
  }

  /** Something will not work. */
  public static Finding problem(String topic, String says, String remedy) {
    return new Finding(Verdict.PROBLEM, topic, says, remedy);
  }
}
