package dev.rastro.client.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.client.failure.ClientFailure;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EndpointTest {
  private static final Map<String, String> NOTHING = Map.of();
  private static final Endpoint.Tls FILES =
      new Endpoint.Tls(Path.of("ca"), Path.of("certificate"), Path.of("key"));

  @Test
  void theDaemonOfThisMachineUnlessAsked() {
    assertEquals(
        new Endpoint.Socket(Endpoint.DEFAULT_SOCKET, false), Endpoint.choose(NOTHING, NOTHING));
    assertEquals(
        new Endpoint.Socket(Path.of("/x"), true),
        Endpoint.choose(Map.of("socket", "/x"), Map.of("RASTRO_SOCKET", "/y")));
    assertEquals(
        new Endpoint.Socket(Path.of("/y"), true),
        Endpoint.choose(NOTHING, Map.of("RASTRO_SOCKET", "/y")));
  }

  @Test
  void tlsComesFromOptionsAndEnvironment() {
    Map<String, String> environment =
        Map.of(
            "RASTRO_ADDRESS", "tracing.example:7443",
            "RASTRO_TLS_CA", "ca",
            "RASTRO_TLS_CERTIFICATE", "other",
            "RASTRO_TLS_KEY", "key");
    assertEquals(
        new Endpoint.Tcp("tracing.example", 7443, Optional.of(FILES)),
        Endpoint.choose(Map.of("tls-certificate", "certificate"), environment));
    assertEquals(
        new Endpoint.Socket(Path.of("/x"), true),
        Endpoint.choose(Map.of("socket", "/x"), environment),
        "an option for one place overrides the environment's for another");
  }

  @Test
  void withoutTlsOnlyTheLoopbackIsReached() {
    assertEquals(
        new Endpoint.Tcp("127.0.0.1", 50051, Optional.empty()),
        Endpoint.choose(Map.of("address", "127.0.0.1:50051"), NOTHING));
    assertEquals(
        new Endpoint.Tcp("::1", 50051, Optional.empty()),
        Endpoint.choose(Map.of("address", "[::1]:50051"), NOTHING));
    Endpoint elsewhere = Endpoint.choose(Map.of("address", "192.0.2.1:7443"), NOTHING);
    ClientFailure refused =
        assertThrows(ClientFailure.class, () -> Connection.open(elsewhere).close());
    assertTrue(refused.getMessage().contains("with TLS only: give --tls-ca"));
  }

  @Test
  void contradictionsAreNamed() {
    assertRefuses("exclude each other", Map.of("socket", "/x", "address", "127.0.0.1:1"));
    assertRefuses(
        "TLS needs --tls-certificate and --tls-key, too",
        Map.of("address", "127.0.0.1:7443", "tls-ca", "ca"));
    for (String address : new String[] {"host", "host:", ":1", "host:0", "host:65536", "host:x"}) {
      assertRefuses("not HOST:PORT: '" + address + "'", Map.of("address", address));
    }
  }

  private static void assertRefuses(String complaint, Map<String, String> options) {
    ClientFailure refused =
        assertThrows(ClientFailure.class, () -> Endpoint.choose(options, NOTHING));
    assertTrue(refused.getMessage().contains(complaint), refused::getMessage);
    assertEquals(2, refused.exitStatus());
  }
}
