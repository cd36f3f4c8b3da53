package dev.rastro.bench.tool;

import dev.rastro.client.connection.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a daemon and a client need to talk over mutual TLS; made anew, for two days. */
public final class Certificates {
  private final Path folder;

  private Certificates(Path folder) {
    this.folder = folder;
  }

  public static Certificates make() {
    try {
      Path folder = Files.createTempDirectory("rastro-bench-tls");
      Path script = Place.root().resolve("bench/src/main/sh/certificates");
      Process process =
          new ProcessBuilder(script.toString(), folder.toString()).inheritIO().start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(script + " failed");
      }
      return new Certificates(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The daemon's. */
  public List<String> options(int port) {
    return List.of(
        "--listen",
        "127.0.0.1:" + port,
        "--tls-certificate",
        folder.resolve("server.pem").toString(),
        "--tls-key",
        folder.resolve("server.key").toString(),
        "--tls-client-ca",
        folder.resolve("ca.pem").toString(),
        "--tls-role",
        "tracer=CN=bench");
  }

  public Endpoint.Tls client() {
    return new Endpoint.Tls(
        folder.resolve("ca.pem"), folder.resolve("bench.pem"), folder.resolve("bench.key"));
  }
}
