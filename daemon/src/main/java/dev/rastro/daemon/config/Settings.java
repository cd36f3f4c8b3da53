package dev.rastro.daemon.config;

import dev.rastro.daemon.kernel.CaptureOptions;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * All that can be set.
 *
 * @param socket where the Unix socket goes; absolute
 * @param loopbackPort plain TCP on the loopback addresses; 0 picks a free one. Whoever has an
 *     account on the machine can use it
 * @param exitWithStdin end when stdin reaches its end: the daemon of one client
 * @param announce print {@code rastrod ready SOCKET} on stdout once serving
 */
public record Settings(
    Path socket,
    OptionalInt loopbackPort,
    CaptureOptions capture,
    boolean exitWithStdin,
    boolean announce) {

  public static final Path DEFAULT_SOCKET = Path.of("/run/rastro/rastrod.sock");

  /** The kernel's sockaddr_un has 108 bytes, the last of them a NUL. */
  static final int MAX_SOCKET_PATH_BYTES = 107;

  private static final int LARGEST_PORT = 65_535;

  public Settings {
    int bytes = socket.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    if (!socket.isAbsolute() || bytes > MAX_SOCKET_PATH_BYTES) {
      throw new IllegalArgumentException(
          "socket: %s is not an absolute path of at most %d bytes"
              .formatted(socket, MAX_SOCKET_PATH_BYTES));
    }
    if (loopbackPort.isPresent()
        && (loopbackPort.getAsInt() < 0 || loopbackPort.getAsInt() > LARGEST_PORT)) {
      throw new IllegalArgumentException(
          "loopback port: %d is not between 0 and %d"
              .formatted(loopbackPort.getAsInt(), LARGEST_PORT));
    }
  }

  public static Settings at(Path socket) {
    return new Settings(socket, OptionalInt.empty(), CaptureOptions.defaults(), false, false);
  }
}
