package dev.rastro.daemon.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's lockdown (kernel_lockdown(7)), under which it refuses programs that read it. */
final class Lockdown {
  private static final Path MODE = Path.of("/sys/kernel/security/lockdown");

  static final String REMEDY =
      "the kernel is locked down for confidentiality: boot with lockdown=integrity or without"
          + " lockdown; it cannot be lifted while running";

  private Lockdown() {}

  /** Not so where it cannot be seen. */
  static boolean isConfidential() {
    try {
      return isConfidential(Files.readString(MODE));
    } catch (IOException absent) {
      return false;
    }
  }

  /** The mode in force stands in brackets. */
  static boolean isConfidential(String modes) {
    return modes.contains("[confidentiality]");
  }
}
