// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.launch;

import com.sun.jna.Memory;
import java.util.Optional;

/**
 * The terminal that standard output is.
 *
 * @param columns 0 where it does not tell
 */
public record Terminal(int rows, int columns) {
  private static final int STANDARD_INPUT = 0;
  private static final int STANDARD_OUTPUT = 1;
  private static final int WINDOW_SIZE_BYTES = 8;

  /** Empty when standard output is no terminal. */
  public static Optional<Terminal> ofOutput() {
    return of(STANDARD_OUTPUT);
  }

  /** Whether somebody sits there who sees and can press keys. */
  public static boolean isInteractive() {
    return of(STANDARD_INPUT).isPresent() && of(STANDARD_OUTPUT).isPresent();
  }

  private static Optional<Terminal> of(int descriptor) {
    try (Memory size = new Memory(WINDOW_SIZE_BYTES)) {
      size.clear();
      if (Libc.ioctl(descriptor, Libc.TIOCGWINSZ, size) < 0) {
        return Optional.empty();
      }
      return Optional.of(
          new Terminal(
              Short.toUnsignedInt(size.getShort(0)),
              Short.toUnsignedInt(size.getShort(Short.BYTES))));
    }
  }
}
