package dev.rastro.daemon.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.ErrorInfo;
import dev.rastro.daemon.access.AccessRules;
import dev.rastro.daemon.access.Role;
import dev.rastro.v1.Form;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.GetStatusResponse;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.TracerGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.protobuf.StatusProto;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mutual TLS: who gets in, with what, and for how long. */
@Tag("kernel")
@Timeout(300)
final class TlsTest {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(120);

  @TempDir private Path folder;
  private final Channels channels = new Channels();
  private Certificates certificates;
  private Certificates.Pair viewer;
  private Path certificate;
  private Path key;
  private Path clientCa;
  private ServingDaemon daemon;
  private int port;

  @BeforeEach
  void start() throws Exception {
    certificates = Certificates.make(folder.resolve("ca"));
    viewer = certificates.client("viewer", "/O=Example/CN=viewer");
    certificate = folder.resolve("server.pem");
    key = folder.resolve("server.key");
    clientCa = folder.resolve("clients.pem");
    install(certificates.server("server"));
    put(certificates.authority(), clientCa);
    daemon =
        new ServingDaemon(
            new Listening(
                folder.resolve("s"),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.of(
                    new TlsListening(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        certificate,
                        key,
                        clientCa))),
            rules(Map.of(new X500Principal("CN=viewer,O=Example"), Role.VIEWER)),
            new Patience(60, 60, 60, 120, 1, 5));
    port = daemon.server().tlsPort().getAsInt();
  }

  @AfterEach
  void stop() {
    channels.close();
    daemon.close();
  }

  private static AccessRules rules(Map<X500Principal, Role> subjects) {
    AccessRules rules = ServingDaemon.RULES;
    return new AccessRules(
        rules.self(),
        rules.group(),
        rules.groupRole(),
        rules.groupPrivileged(),
        rules.loopbackRole(),
        subjects,
        rules.yama());
  }

  private void install(Certificates.Pair server) throws Exception {
    put(server.key(), key);
    put(server.certificate(), certificate);
  }

  private static void put(Path from, Path to) throws Exception {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void onlyWhoIsVouchedForGetsIn() throws Exception {
    GetStatusResponse status = status(connected(viewer));
    assertEquals("tls CN=viewer,O=Example", status.getCaller().getName());
    assertEquals(dev.rastro.v1.Role.ROLE_VIEWER, status.getCaller().getRole());
    Certificates others = Certificates.make(folder.resolve("others"));
    assertEquals(
        Status.Code.UNAVAILABLE, code(connected(others.client("viewer", "/O=Example/CN=viewer"))));
    var trusting = GrpcSslContexts.forClient().trustManager(certificates.authority().toFile());
    assertEquals(
        Status.Code.UNAVAILABLE,
        code(channels.tls(port, trusting.build())),
        "without a certificate");
    assertEquals(Status.Code.UNAVAILABLE, code(channels.loopback(port)), "without TLS");
    trusting.keyManager(viewer.certificate().toFile(), viewer.key().toFile());
    assertEquals(
        Status.Code.UNAVAILABLE,
        code(channels.tls(port, trusting.protocols("TLSv1.2").build())),
        "with an older TLS");
  }

  @Test
  void aSubjectWithoutARoleIsToldSo() throws Exception {
    Channel channel = connected(certificates.client("nobody", "/O=Example/CN=nobody"));
    StatusRuntimeException refused = refused(channel);
    assertEquals(Status.Code.PERMISSION_DENIED, refused.getStatus().getCode());
    ErrorInfo info = StatusProto.fromThrowable(refused).getDetails(0).unpack(ErrorInfo.class);
    assertEquals("NO_ROLE", info.getReason());
    assertTrue(refused.getStatus().getDescription().contains("CN=nobody,O=Example"));
    assertTrue(info.getMetadataOrThrow("remedy").contains("--tls-role"));
    assertEquals(
        1,
        HealthGrpc.newBlockingStub(channel)
            .check(HealthCheckRequest.getDefaultInstance())
            .getStatusValue());
  }

  @Test
  void filesAreReadAgainWhenTheyChangeAndWhatIsWrongChangesNothing() throws Exception {
    Channel before = connected(viewer);
    GetStatusResponse unused = status(before);
    X509Certificate first = served();
    Certificates.Pair next = certificates.server("next");
    // The key first, as any tool might: until the other file is there, they are no pair.
    put(next.key(), key);
    daemon.server().refresh();
    assertEquals(first, served());
    put(next.certificate(), certificate);
    X509Certificate second = awaitOtherThan(first);
    Files.writeString(certificate, "no certificate");
    daemon.server().refresh();
    Files.delete(clientCa);
    daemon.server().refresh();
    assertEquals(second, served());
    unused = status(before);
    unused = status(connected(viewer));
  }

  /** Reads the files again, unless the daemon is about to do so itself. */
  private X509Certificate awaitOtherThan(X509Certificate first) throws Exception {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    X509Certificate now = first;
    while (now.equals(first)) {
      assertTrue(System.nanoTime() < deadline, "it still shows the first certificate");
      daemon.server().refresh();
      now = served();
    }
    return now;
  }

  /** The certificate that the daemon shows. */
  private X509Certificate served() throws Exception {
    var plain = javax.net.ssl.SSLContext.getInstance("TLS");
    plain.init(
        null, new javax.net.ssl.TrustManager[] {new Anybody()}, new java.security.SecureRandom());
    try (var socket =
        (javax.net.ssl.SSLSocket)
            plain.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  /** Wants to see, not to trust. */
  private static final class Anybody extends javax.net.ssl.X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void whoIsNoLongerVouchedForHasToGo() throws Exception {
    Channel channel = connected(viewer);
    Iterator<TraceResponse> stream = stream(channel);
    Certificates others = Certificates.make(folder.resolve("others"));
    put(others.authority(), clientCa);
    daemon.server().refresh();
    assertEquals(Status.Code.UNAVAILABLE, end(stream));
    await("the session's end", () -> daemon.sessions().all().isEmpty());
    assertEquals(Status.Code.UNAVAILABLE, code(channel));
  }

  @Test
  void whoseRoleIsTakenAwayHasToGo() throws Exception {
    Channel channel = connected(viewer);
    Iterator<TraceResponse> stream = stream(channel);
    daemon.server().setRules(rules(Map.of()));
    assertEquals(Status.Code.UNAVAILABLE, end(stream));
    await("the session's end", () -> daemon.sessions().all().isEmpty());
    assertEquals(Status.Code.PERMISSION_DENIED, code(channel));
  }

  @Test
  void aConnectionEndsWithItsCertificate() throws Exception {
    boolean ended = false;
    for (int seconds = 5; !ended; seconds *= 2) {
      Instant end = Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS);
      Certificates.Pair brief = certificates.client("brief" + seconds, "/O=Example/CN=viewer", end);
      ended = endsAt(end, connected(brief));
    }
  }

  /** False when there was no time to begin. */
  private static boolean endsAt(Instant end, Channel channel) {
    Iterator<TraceResponse> stream;
    try {
      stream = stream(channel);
    } catch (StatusRuntimeException tooLate) {
      if (Instant.now().isBefore(end)) {
        throw tooLate;
      }
      return false;
    }
    assertEquals(Status.Code.UNAVAILABLE, end(stream));
    assertFalse(Instant.now().isBefore(end));
    assertEquals(Status.Code.UNAVAILABLE, code(channel), "it has expired");
    return true;
  }

  @Test
  void aConnectionThatIsOnlyHalfThereEnds() throws Exception {
    try (Hole hole = new Hole(port)) {
      Channel channel =
          channels.tls(
              hole.port(),
              GrpcSslContexts.forClient()
                  .trustManager(certificates.authority().toFile())
                  .keyManager(viewer.certificate().toFile(), viewer.key().toFile())
                  .build());
      Iterator<TraceResponse> unused = stream(channel);
      assertEquals(1, daemon.sessions().all().size());
      hole.swallow();
      await("the session's end", () -> daemon.sessions().all().isEmpty());
    }
  }

  /** Between two ends of TCP; from a moment on what goes in does not come out. */
  private static final class Hole implements AutoCloseable {
    private final ServerSocket door = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    private volatile boolean swallows;

    Hole(int to) throws Exception {
      Thread accepting =
          new Thread(
              () -> {
                try {
                  Socket near = door.accept();
                  Socket far = new Socket(InetAddress.getLoopbackAddress(), to);
                  pass(near, far);
                  pass(far, near);
                } catch (java.io.IOException closed) {
                  swallows = true;
                }
              });
      accepting.setDaemon(true);
      accepting.start();
    }

    private void pass(Socket from, Socket to) {
      Thread passing =
          new Thread(
              () -> {
                byte[] bytes = new byte[65536];
                try (InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                  for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                    if (!swallows) {
                      out.write(bytes, 0, n);
                    }
                  }
                } catch (java.io.IOException closed) {
                  swallows = true;
                }
              });
      passing.setDaemon(true);
      passing.start();
    }

    int port() {
      return door.getLocalPort();
    }

    void swallow() {
      swallows = true;
    }

    @Override
    public void close() throws java.io.IOException {
      door.close();
    }
  }

  private Channel connected(Certificates.Pair identity) throws Exception {
    return channels.tls(port, certificates.authority(), identity);
  }

  private static Iterator<TraceResponse> stream(Channel channel) {
    Iterator<TraceResponse> stream =
        TracerGrpc.newBlockingStub(channel)
            .trace(
                TraceRequest.newBuilder()
                    .setTarget(Target.newBuilder().addPids((int) ProcessHandle.current().pid()))
                    .setForm(Form.FORM_COUNT)
                    .build());
    assertTrue(stream.next().hasStarted());
    return stream;
  }

  private static Status.Code end(Iterator<TraceResponse> stream) {
    try {
      while (stream.hasNext()) {
        TraceResponse unused = stream.next();
      }
      return Status.Code.OK;
    } catch (StatusRuntimeException end) {
      return end.getStatus().getCode();
    }
  }

  private static GetStatusResponse status(Channel channel) {
    return TracerGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .getStatus(GetStatusRequest.getDefaultInstance());
  }

  private static Status.Code code(Channel channel) {
    return refused(channel).getStatus().getCode();
  }

  private static StatusRuntimeException refused(Channel channel) {
    return org.junit.jupiter.api.Assertions.assertThrows(
        StatusRuntimeException.class, () -> status(channel));
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(what + ": not in time");
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }
}
