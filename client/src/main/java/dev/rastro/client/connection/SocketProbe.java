package dev.rastro.client.connection;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;

/**
 * One plain connect before gRPC's: it tells at once, and exactly, why a socket cannot be reached,
 * where a channel would only say that it is unavailable.
 */
final class SocketProbe {
  private static final String REMEDY = "; start it (systemctl start rastrod) or run as root";
  private static final int TYPE_MASK = 0170000;
  private static final int TYPE_SOCKET = 0140000;

  enum Outcome {
    LISTENING,
    /** No such path, or nobody listens there. */
    NOBODY,
    /** It is for others. */
    FORBIDDEN
  }

  private SocketProbe() {}

  /**
   * @throws ClientFailure when there is something, but no socket
   */
  static Outcome probe(Path socket) {
    try {
      SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
      return Outcome.LISTENING;
    } catch (IOException refused) {
      if (permission(refused)) {
        return Outcome.FORBIDDEN;
      }
      if (Files.exists(socket) && !isSocket(socket)) {
        throw new ClientFailure(
            ExitStatus.UNAVAILABLE,
            "cannot reach rastrod at "
                + socket
                + ": it is not a socket; name another with --socket");
      }
      return Outcome.NOBODY;
    } catch (IllegalArgumentException unusable) {
      throw ClientFailure.usage("--socket: " + socket + ": " + unusable.getMessage());
    }
  }

  static ClientFailure nobody(Path socket) {
    String reason =
        Files.exists(socket, LinkOption.NOFOLLOW_LINKS) ? "nobody listens there" : "no such socket";
    return new ClientFailure(
        ExitStatus.UNAVAILABLE, "cannot reach rastrod at " + socket + ": " + reason + REMEDY);
  }

  static ClientFailure forbidden(Path socket) {
    return new ClientFailure(
        ExitStatus.NO_PERMISSION,
        "cannot reach rastrod at "
            + socket
            + ": permission denied; the socket is for root and for the group of "
            + group(socket)
            + ": join that (usermod -aG GROUP USER, and log in again), or run as root, for instance"
            + " with sudo");
  }

  private static String group(Path socket) {
    try {
      return "'" + Files.getAttribute(socket, "posix:group") + "'";
    } catch (IOException | UnsupportedOperationException hidden) {
      return "rastrod --group";
    }
  }

  private static boolean permission(IOException refused) {
    return String.valueOf(refused.getMessage())
        .toLowerCase(Locale.ROOT)
        .contains("permission denied");
  }

  private static boolean isSocket(Path path) {
    try {
      int mode = (int) Files.getAttribute(path, "unix:mode");
      return (mode & TYPE_MASK) == TYPE_SOCKET;
    } catch (IOException gone) {
      return false;
    }
  }
}
