package dev.rastro.syscalls.plan;

/**
 * How much of what varies in size is captured.
 *
 * @param stringBytes of each string and buffer; paths are always captured whole
 * @param environment whether the strings of an environment are captured, or their number alone
 */
public record CaptureLimits(int stringBytes, boolean environment) {
  public static final CaptureLimits DEFAULT = new CaptureLimits(32, false);

  public CaptureLimits {
    if (stringBytes < 0 || stringBytes > PlanLayout.SEGMENT_BYTES) {
      throw new IllegalArgumentException(
          "string limit is "
              + stringBytes
              + "; it must be within 0 and "
              + PlanLayout.SEGMENT_BYTES);
    }
  }
}
