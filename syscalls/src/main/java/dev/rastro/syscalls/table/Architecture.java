package dev.rastro.syscalls.table;

import java.util.Locale;

/** A machine architecture that the table knows. */
public enum Architecture {
  X86_64,
  AARCH64;

  /**
   * That of the running JVM.
   *
   * @throws UnsupportedOperationException on any other machine
   */
  public static Architecture current() {
    String machine = System.getProperty("os.arch");
    return switch (machine) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64" -> AARCH64;
      default ->
          throw new UnsupportedOperationException(
              "no syscall table for this machine: os.arch is "
                  + machine
                  + "; Rastro knows amd64 and aarch64");
    };
  }

  /** As {@code uname -m} spells it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
