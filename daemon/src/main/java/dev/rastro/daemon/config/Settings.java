package dev.rastro.daemon.config;

import dev.rastro.daemon.access.Role;
import dev.rastro.daemon.detail.Secrets;
import dev.rastro.daemon.kernel.CaptureOptions;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.slf4j.event.Level;

/**
 * All that can be set.
 *
 * @param socket where the Unix socket for root and the group goes; absolute
 * @param ownSocket where that for everybody goes, who may ask for what is their own; absolute
 * @param loopbackPort plain TCP on the loopback addresses; 0 picks a free one. Whoever has an
 *     account on the machine can use it
 * @param tlsRoles of the subjects of certificates; can change while the daemon runs
 * @param exitWithStdin end when stdin reaches its end: the daemon of one client
 * @param announce print {@code rastrod ready SOCKET} on stdout once serving
 * @param standingTargets counted without any client, each as {@code comm=NAME,uid=USER}
 * @param secrets what nobody may see
 * @param logLevel what is logged; can change while the daemon runs
 */
public record Settings(
    Path socket,
    Optional<Path> ownSocket,
    OptionalInt loopbackPort,
    Optional<TlsSettings> tls,
    Map<X500Principal, Role> tlsRoles,
    AccessSettings access,
    CaptureOptions capture,
    boolean exitWithStdin,
    boolean announce,
    List<String> standingTargets,
    Secrets secrets,
    Level logLevel) {

  public static final Path DEFAULT_SOCKET = Path.of("/run/rastro/rastrod.sock");

  /** The kernel's sockaddr_un has 108 bytes, the last of them a NUL. */
  static final int MAX_SOCKET_PATH_BYTES = 107;

  private static final int LARGEST_PORT = 65_535;

  /** What can change while the daemon runs. */
  private static final Set<String> CHANGEABLE = Set.of("logLevel", "tlsRoles");

  public Settings {
    standingTargets = List.copyOf(standingTargets);
    tlsRoles = Map.copyOf(tlsRoles);
    // The kernel tells what secret files are known by.
    capture = capture.withTailNames(secrets.tailNames());
    checkPath(socket);
    ownSocket.ifPresent(Settings::checkPath);
    if (ownSocket.filter(socket::equals).isPresent()) {
      throw new IllegalArgumentException("own socket: it must be another than the socket");
    }
    if (loopbackPort.isPresent()
        && (loopbackPort.getAsInt() < 0 || loopbackPort.getAsInt() > LARGEST_PORT)) {
      throw new IllegalArgumentException(
          "loopback port: %d is not between 0 and %d"
              .formatted(loopbackPort.getAsInt(), LARGEST_PORT));
    }
  }

  private static void checkPath(Path socket) {
    int bytes = socket.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    if (!socket.isAbsolute() || bytes > MAX_SOCKET_PATH_BYTES) {
      throw new IllegalArgumentException(
          "socket: %s is not an absolute path of at most %d bytes"
              .formatted(socket, MAX_SOCKET_PATH_BYTES));
    }
  }

  /** For root alone. */
  public static Settings at(Path socket) {
    return new Settings(
        socket,
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Map.of(),
        AccessSettings.rootAlone(),
        CaptureOptions.defaults(),
        false,
        false,
        List.of(),
        Secrets.USUAL,
        Level.INFO);
  }

  /** The names of what differs and can only be had by starting anew. */
  public List<String> needingRestart(Settings later) {
    List<String> names = new ArrayList<>();
    for (RecordComponent component : Settings.class.getRecordComponents()) {
      if (!CHANGEABLE.contains(component.getName())
          && !valueOf(component).equals(later.valueOf(component))) {
        names.add(component.getName());
      }
    }
    return names;
  }

  private Object valueOf(RecordComponent component) {
    try {
      return component.getAccessor().invoke(this);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same, counting these targets always. */
  public Settings withStandingTargets(List<String> targets) {
    return with(tlsRoles, capture, targets, secrets);
  }

  /** The same, captured otherwise. */
  public Settings withCapture(CaptureOptions options) {
    return with(tlsRoles, options, standingTargets, secrets);
  }

  /** The same, with other roles for certificates. */
  public Settings withTlsRoles(Map<X500Principal, Role> roles) {
    return with(roles, capture, standingTargets, secrets);
  }

  /** The same, hiding this. */
  public Settings withSecrets(Secrets hidden) {
    return with(tlsRoles, capture, standingTargets, hidden);
  }

  private Settings with(
      Map<X500Principal, Role> roles,
      CaptureOptions options,
      List<String> targets,
      Secrets hidden) {
    return new Settings(
        socket,
        ownSocket,
        loopbackPort,
        tls,
        roles,
        access,
        options,
        exitWithStdin,
        announce,
        targets,
        hidden,
        logLevel);
  }
}
