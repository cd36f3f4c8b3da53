package dev.rastro.client.connection;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Mutual TLS on the client's side: what it shows and whom it trusts, and what becomes of that. */
final class TlsContext {
  private static final String ALERT = "fatal alert: ";

  private TlsContext() {}

  /**
   * @throws ClientFailure naming the option and what is wrong with its file
   */
  static SslContext of(Endpoint.Tls tls) {
    SslContextBuilder builder =
        GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK);
    try (InputStream authority = open("--tls-ca", tls.authority());
        InputStream certificate = open("--tls-certificate", tls.certificate());
        InputStream key = open("--tls-key", tls.key())) {
      take("--tls-ca", tls.authority(), () -> builder.trustManager(authority));
      take("--tls-key", tls.key(), () -> builder.keyManager(certificate, key));
      return builder.build();
    } catch (IOException wrong) {
      throw ClientFailure.failed("TLS: " + wrong.getMessage());
    }
  }

  private static InputStream open(String option, Path file) {
    try {
      return Files.newInputStream(file);
    } catch (IOException unreadable) {
      throw ClientFailure.failed(
          option
              + ": "
              + file
              + " cannot be read ("
              + unreadable.getClass().getSimpleName()
              + "); give a PEM file");
    }
  }

  private static void take(String option, Path file, Runnable reading) {
    try {
      reading.run();
    } catch (IllegalArgumentException wrong) {
      throw ClientFailure.failed(
          option
              + ": "
              + file
              + " is not what it should be; certificates and keys are PEM, a key is PKCS#8 without a"
              + " password, as openssl genpkey writes it");
    }
  }

  /** What a broken connection says when it was TLS that broke it. */
  static Optional<ClientFailure> failure(String endpoint, Throwable broken) {
    for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return Optional.of(explained(endpoint, String.valueOf(cause.getMessage())));
      }
    }
    return Optional.empty();
  }

  private static ClientFailure explained(String endpoint, String said) {
    if (said.contains(ALERT)) {
      return new ClientFailure(
          ExitStatus.NO_PERMISSION,
          "rastrod at "
              + endpoint
              + " does not take this certificate ("
              + said.substring(said.indexOf(ALERT) + ALERT.length())
              + "); one that its --tls-client-ca vouches for, and that has not expired, is needed");
    }
    if (said.contains("not an SSL/TLS record")) {
      return new ClientFailure(
          ExitStatus.UNAVAILABLE, "what listens at " + endpoint + " does not speak TLS");
    }
    return new ClientFailure(
        ExitStatus.UNAVAILABLE,
        "cannot trust rastrod at "
            + endpoint
            + ": "
            + said
            + "; --tls-ca must name who vouches for it, and its certificate must name this host");
  }
}
