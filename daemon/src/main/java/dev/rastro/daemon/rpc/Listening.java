package dev.rastro.daemon.rpc;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the daemon is to be reached.
 *
 * @param socket for root and the group
 * @param group its gid; empty: the socket is its owner's alone
 * @param ownSocket for everybody, to ask for what is their own
 * @param loopbackPort plain TCP on the loopback addresses; 0 for any free one
 */
public record Listening(
    Path socket,
    OptionalInt group,
    Optional<Path> ownSocket,
    OptionalInt loopbackPort,
    Optional<TlsListening> tls) {

  /** On a socket of its owner's alone. */
  public static Listening at(Path socket) {
    return new Listening(
        socket, OptionalInt.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty());
  }
}
