package dev.rastro.daemon.rpc;

import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.util.CertificateUtils;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.AsciiString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's certificate, its key, and those who vouch for clients, out of three PEM files that
 * may change. A connection is made with what they held last that was good: what is wrong with a new
 * file is logged, once, and changes nothing. Connections that stand are not touched.
 */
final class TlsFiles implements InternalProtocolNegotiator.ProtocolNegotiator {
  private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

  /** Of one file: some hundred certificates. */
  private static final int MAX_FILE_BYTES = 1 << 20;

  /** Its handshake hides from onlookers who the client is, and cannot be negotiated down. */
  private static final String PROTOCOL = "TLSv1.3";

  private final List<Path> files;
  private List<String> read;
  private volatile Identity identity;

  /** What is used for new connections; a new one remembers no sessions of an old one. */
  private record Identity(
      InternalProtocolNegotiator.ProtocolNegotiator negotiator, X509TrustManager clients) {}

  private TlsFiles(List<Path> files, List<String> read, Identity identity) {
    this.files = files;
    this.read = read;
    this.identity = identity;
  }

  /**
   * @throws IOException naming the option and what is wrong with its file
   */
  static TlsFiles read(TlsListening settings) throws IOException {
    List<Path> files = List.of(settings.certificate(), settings.key(), settings.clientCa());
    List<String> contents = contents(files);
    return new TlsFiles(files, contents, identity(contents));
  }

  /**
   * Looks whether the files have changed. Reads them; one thread at a time.
   *
   * @return whether something else holds from now on
   */
  boolean refresh() {
    try {
      List<String> now = contents(files);
      if (now.equals(read)) {
        return false;
      }
      read = now;
      identity = identity(now);
      LOG.atInfo().addKeyValue("files", files).log("certificates read again");
      return true;
    } catch (IOException e) {
      LOG.atError().addKeyValue("cause", e.getMessage()).log("certificates kept as they were");
      return false;
    }
  }

  /** Whether a client's certificate would be taken now. */
  boolean trusts(X509Certificate[] chain) {
    try {
      identity.clients().checkClientTrusted(chain, "UNKNOWN");
      return true;
    } catch (GeneralSecurityException no) {
      return false;
    }
  }

  @Override
  public AsciiString scheme() {
    return identity.negotiator().scheme();
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
    return identity.negotiator().newHandler(grpc);
  }

  @Override
  public void close() {
    identity.negotiator().close();
  }

  private static List<String> contents(List<Path> files) throws IOException {
    return List.of(
        content("--tls-certificate", files.get(0)),
        content("--tls-key", files.get(1)),
        content("--tls-client-ca", files.get(2)));
  }

  private static String content(String option, Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
      if (bytes.length > MAX_FILE_BYTES) {
        throw new IOException("longer than %d bytes".formatted(MAX_FILE_BYTES));
      }
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IOException(
          "%s: %s cannot be read (%s); give a PEM file".formatted(option, file, e), e);
    }
  }

  private static Identity identity(List<String> contents) throws IOException {
    X509Certificate[] own = certificates("--tls-certificate", contents.get(0));
    PrivateKey key = key(contents.get(1));
    X509TrustManager clients = trustManager(certificates("--tls-client-ca", contents.get(2)));
    try {
      checkPair(own[0], key);
      return new Identity(
          InternalProtocolNegotiators.serverTls(
              GrpcSslContexts.configure(SslContextBuilder.forServer(key, own), SslProvider.JDK)
                  .trustManager((TrustManager) clients)
                  .clientAuth(ClientAuth.REQUIRE)
                  .protocols(PROTOCOL)
                  .build()),
          clients);
    } catch (GeneralSecurityException | IOException e) {
      throw new IOException("--tls-key: it is not that of --tls-certificate (%s)".formatted(e), e);
    }
  }

  private static X509Certificate[] certificates(String option, String pem) throws IOException {
    try {
      X509Certificate[] found = CertificateUtils.getX509Certificates(bytes(pem));
      if (found.length == 0) {
        throw new IOException(option + ": there is no certificate in the file; give a PEM file");
      }
      return found;
    } catch (GeneralSecurityException e) {
      throw new IOException("%s: no certificate (%s); give a PEM file".formatted(option, e), e);
    }
  }

  private static PrivateKey key(String pem) throws IOException {
    try {
      return CertificateUtils.getPrivateKey(bytes(pem));
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new IOException(
          "--tls-key: no private key (%s); give an RSA or EC key in PKCS#8, as openssl genpkey"
                  .formatted(e.getClass().getSimpleName())
              + " writes it, without a password",
          e);
    }
  }

  private static ByteArrayInputStream bytes(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static X509TrustManager trustManager(X509Certificate[] authorities) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (int i = 0; i < authorities.length; i++) {
        store.setCertificateEntry("client-ca-" + i, authorities[i]);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return (X509TrustManager) factory.getTrustManagers()[0];
    } catch (GeneralSecurityException e) {
      throw new IOException("--tls-client-ca: %s".formatted(e), e);
    }
  }

  /** Signs with one and verifies with the other: files are replaced one after the other. */
  private static void checkPair(X509Certificate certificate, PrivateKey key)
      throws GeneralSecurityException {
    String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    byte[] text = "rastro".getBytes(StandardCharsets.US_ASCII);
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(text);
    if (!signature.verify(signed)) {
      throw new GeneralSecurityException("another key");
    }
  }
}
