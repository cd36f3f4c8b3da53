package dev.rastro.client.connection;

import dev.rastro.client.failure.ClientFailure;
import java.nio.file.Path;
import java.util.Optional;

/** Where the daemon is to be found. */
public sealed interface Endpoint {
  Path DEFAULT_SOCKET = Path.of("/run/rastro/rastrod.sock");
  String ENVIRONMENT = "RASTRO_SOCKET";

  /**
   * @param chosen by the user: then no private daemon stands in for it
   */
  record Socket(Path path, boolean chosen) implements Endpoint {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  record Tcp(String host, int port) implements Endpoint {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /**
   * @param environment the value of {@link #ENVIRONMENT}, empty when it is not set
   * @throws ClientFailure when the choice contradicts itself or is no address
   */
  static Endpoint choose(Optional<String> socket, Optional<String> address, String environment) {
    if (socket.isPresent() && address.isPresent()) {
      throw ClientFailure.usage("--socket and --address exclude each other");
    }
    if (address.isPresent()) {
      return parseTcp(address.get());
    }
    if (socket.isPresent()) {
      return new Socket(Path.of(socket.get()), true);
    }
    return environment.isEmpty()
        ? new Socket(DEFAULT_SOCKET, false)
        : new Socket(Path.of(environment), true);
  }

  private static Tcp parseTcp(String address) {
    int colon = address.lastIndexOf(':');
    if (colon > 0) {
      String host = address.substring(0, colon).replaceAll("^\\[|]$", "");
      try {
        int port = Integer.parseInt(address.substring(colon + 1));
        if (port > 0 && port < 1 << 16) {
          return new Tcp(host, port);
        }
      } catch (NumberFormatException notNumeric) {
        throw badAddress(address);
      }
    }
    throw badAddress(address);
  }

  private static ClientFailure badAddress(String address) {
    return ClientFailure.usage("--address: not HOST:PORT: '" + address + "'");
  }
}
