package dev.rastro.client.connection;

import dev.rastro.client.failure.ClientFailure;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where the daemon is to be found. */
public sealed interface Endpoint {
  Path DEFAULT_SOCKET = Path.of("/run/rastro/rastrod.sock");

  /** Where anyone may ask for what is their own, where that is served. */
  Path OWN_SOCKET = Path.of("/run/rastro/own.sock");

  /**
   * @param chosen by the user: then no private daemon stands in for it
   */
  record Socket(Path path, boolean chosen) implements Endpoint {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /**
   * @param tls with what; empty: none, on the loopback alone
   */
  record Tcp(String host, int port, Optional<Tls> tls) implements Endpoint {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /**
   * PEM files.
   *
   * @param authority who vouches for the daemon
   * @param certificate the client's own
   * @param key of that
   */
  record Tls(Path authority, Path certificate, Path key) {}

  /** The options that say where, and with what. */
  List<String> OPTIONS = List.of("socket", "address", "tls-ca", "tls-certificate", "tls-key");

  /** The variable that stands for an option which is not given: {@code RASTRO_TLS_CA}. */
  static String variable(String option) {
    return "RASTRO_" + option.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /**
   * @param options that are given, by their names; one for a place overrides both of the
   *     environment
   * @throws ClientFailure when they contradict each other or name no address
   */
  static Endpoint choose(Map<String, String> options, Map<String, String> environment) {
    Map<String, String> chosen = new HashMap<>(options);
    boolean placed = options.containsKey("socket") || options.containsKey("address");
    for (String option : OPTIONS) {
      String value = environment.getOrDefault(variable(option), "");
      boolean place = option.equals("socket") || option.equals("address");
      if (!value.isEmpty() && !(place && placed)) {
        chosen.putIfAbsent(option, value);
      }
    }
    if (chosen.containsKey("socket") && chosen.containsKey("address")) {
      throw ClientFailure.usage("--socket and --address exclude each other");
    }
    if (chosen.containsKey("address")) {
      return tcp(chosen.get("address"), tls(chosen));
    }
    // A socket needs no TLS: what the environment says of it is for other daemons.
    return chosen.containsKey("socket")
        ? new Socket(Path.of(chosen.get("socket")), true)
        : new Socket(DEFAULT_SOCKET, false);
  }

  private static Optional<Tls> tls(Map<String, String> chosen) {
    List<String> missing =
        OPTIONS.stream()
            .filter(option -> option.startsWith("tls-") && !chosen.containsKey(option))
            .map(option -> "--" + option)
            .toList();
    return switch (missing.size()) {
      case 3 -> Optional.empty();
      case 0 ->
          Optional.of(
              new Tls(
                  Path.of(chosen.get("tls-ca")),
                  Path.of(chosen.get("tls-certificate")),
                  Path.of(chosen.get("tls-key"))));
      default -> throw ClientFailure.usage("TLS needs " + String.join(" and ", missing) + ", too");
    };
  }

  private static Tcp tcp(String address, Optional<Tls> tls) {
    int colon = address.lastIndexOf(':');
    if (colon <= 0 || !address.substring(colon + 1).matches("\\d{1,5}")) {
      throw badAddress(address);
    }
    String host = address.substring(0, colon).replaceAll("^\\[|]$", "");
    int port = Integer.parseInt(address.substring(colon + 1));
    if (port == 0 || port >= 1 << 16) {
      throw badAddress(address);
    }
    return new Tcp(host, port, tls);
  }

  private static ClientFailure badAddress(String address) {
    return ClientFailure.usage("--address: not HOST:PORT: '" + address + "'");
  }
}
