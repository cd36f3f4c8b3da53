package dev.rastro.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.access.Role;
import dev.rastro.daemon.detail.Secrets;
import dev.rastro.daemon.kernel.AttachType;
import dev.rastro.daemon.kernel.CaptureOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;
import picocli.CommandLine;

class CommandLineOptionsTest {

  private static Settings parse(String... arguments) {
    return CommandLine.populateCommand(new CommandLineOptions(), arguments).settings();
  }

  @Test
  void defaultsAreThoseOfTheHelp() {
    assertEquals(
        new Settings(
            Path.of("/run/rastro/rastrod.sock"),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Map.of(),
            new AccessSettings("rastro", false, Role.TRACER, false, Role.VIEWER),
            CaptureOptions.defaults(),
            false,
            false,
            List.of(),
            Secrets.USUAL,
            Level.INFO),
        parse());
  }

  @Test
  void understandsEveryOption() {
    Settings settings =
        parse(
            "--socket",
            "/tmp/x.sock",
            "--listen-loopback",
            "0",
            "--ring-bytes",
            "1M",
            "--btf-path",
            "/boot/btf",
            "--log-level",
            "debug",
            "--attach-type",
            "tracepoint",
            "--exit-with-stdin",
            "--announce");
    assertEquals(Level.DEBUG, settings.logLevel());
    assertEquals(OptionalInt.of(0), settings.loopbackPort());
    assertEquals(1 << 20, settings.capture().ringBytes());
    assertEquals(Path.of("/boot/btf"), settings.capture().btfPath());
    assertEquals(Optional.of(AttachType.TRACEPOINT), settings.capture().attachType());
  }

  @Test
  void secretsAddToTheUsualOnesOrStandAlone() {
    Settings settings = parse("--secret-path", "*/my.conf", "--secret-descriptor", "0");
    assertEquals(Secrets.USUAL.paths().size() + 1, settings.secrets().paths().size());
    assertTrue(settings.secrets().descriptors().get(0));
    assertEquals(2, settings.capture().tailNames());
    Settings alone =
        parse("--no-usual-secrets", "--secret-argument=-p", "--secret-variable", "PW*");
    assertEquals(
        new Secrets(List.of(), List.of("-p"), List.of("PW*"), new BitSet()), alone.secrets());
    assertEquals(0, alone.capture().tailNames(), "the kernel need not tell of files");
    assertTrue(parse("--no-usual-secrets").secrets().isEmpty());
  }

  @Test
  void saysWhoIsGivenWhat() throws Exception {
    Settings settings =
        parse(
            "--group=wheel",
            "--group-role=viewer",
            "--group-privileged",
            "--own-socket=/run/rastro/own.sock",
            "--listen-loopback=0",
            "--loopback-role=tracer",
            "--listen=127.0.0.1:7443",
            "--tls-certificate=/etc/c.pem",
            "--tls-key=/etc/k.pem",
            "--tls-client-ca=/etc/ca.pem",
            "--tls-role=viewer=CN=dashboard, O=Example",
            "--tls-role=admin=CN=ops");
    assertEquals(
        new AccessSettings("wheel", true, Role.VIEWER, true, Role.TRACER), settings.access());
    assertEquals(Optional.of(Path.of("/run/rastro/own.sock")), settings.ownSocket());
    assertEquals(
        Optional.of(
            new TlsSettings(
                new InetSocketAddress(InetAddress.getAllByName("127.0.0.1")[0], 7443),
                Path.of("/etc/c.pem"),
                Path.of("/etc/k.pem"),
                Path.of("/etc/ca.pem"))),
        settings.tls());
    assertEquals(
        Map.of(
            new X500Principal("CN=dashboard,O=Example"),
            Role.VIEWER,
            new X500Principal("CN=ops"),
            Role.ADMIN),
        settings.tlsRoles());
    assertEquals(7443, parse(tls("--listen=[::1]:7443")).tls().orElseThrow().address().getPort());
  }

  @Test
  void aDaemonOfOneClientHasNoGroup() {
    assertEquals("", parse("--exit-with-stdin").access().group());
    assertEquals("", parse("--group=").access().group());
    assertEquals("wheel", parse("--exit-with-stdin", "--group=wheel").access().group());
    assertRefuses(
        "--own-socket: it excludes --exit-with-stdin", "--exit-with-stdin", "--own-socket=/x");
  }

  @Test
  void whatWouldBeOpenIsRefused() {
    assertRefuses(
        "--listen: TCP is served with mutual TLS only; give --tls-certificate, too",
        "--listen=0.0.0.0:7443");
    assertRefuses(
        "--tls-key: it means nothing without --listen; give that, too", "--tls-key=/etc/k.pem");
    for (String address : List.of("7443", "0.0.0.0", "0.0.0.0:", "0.0.0.0:70000", "::1:7443")) {
      assertRefuses(
          "--listen: %s is no ADDRESS:PORT;".formatted(address), tls("--listen=" + address));
    }
    assertRefuses("--tls-role: viewer is no ROLE=SUBJECT;", "--tls-role=viewer");
    assertRefuses("--tls-role: boss is no role; give", "--tls-role=boss=CN=x");
    assertRefuses("--tls-role: the subject is empty;", "--tls-role=viewer=");
    assertRefuses("--tls-role: dashboard is no subject", "--tls-role=viewer=dashboard");
    assertRefuses(
        "--tls-role: CN=X is viewer already;", "--tls-role=viewer=CN=x", "--tls-role=admin=cn=X");
    assertRefuses("--group-role: owner is no role;", "--group-role=owner");
    assertRefuses("--loopback-role: any is no role;", "--loopback-role=any");
    assertRefuses("--socket: own socket:", "--socket=/x", "--own-socket=/x");
  }

  private static String[] tls(String listen) {
    return new String[] {listen, "--tls-certificate=/c", "--tls-key=/k", "--tls-client-ca=/ca"};
  }

  private static void assertRefuses(String complaint, String... arguments) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> parse(arguments));
    assertEquals(
        complaint,
        e.getMessage().substring(0, Math.min(complaint.length(), e.getMessage().length())));
  }

  @Test
  void errorsSayOptionValueAndRemedy() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> parse("--ring-bytes", "many"));
    assertEquals("--ring-bytes: many is no size; give 8M, for instance", e.getMessage());
    e = assertThrows(IllegalArgumentException.class, () -> parse("--attach-type", "iter"));
    assertEquals(
        "--attach-type: iter is no type; give auto, tp_btf, raw_tp or tracepoint", e.getMessage());
    e = assertThrows(IllegalArgumentException.class, () -> parse("--ring-bytes", "3M"));
    assertEquals("--ring-bytes", e.getMessage().substring(0, 12));
    e = assertThrows(IllegalArgumentException.class, () -> parse("--listen-loopback", "70000"));
    assertEquals("--listen-loopback: 70000 is no port; give 0 to 65535", e.getMessage());
    e =
        assertThrows(
            IllegalArgumentException.class, () -> parse("--socket", "/" + "x".repeat(120)));
    assertEquals("--socket", e.getMessage().substring(0, 8));
    e = assertThrows(IllegalArgumentException.class, () -> parse("--secret-path", "a[z-a]"));
    assertEquals("--secret-path: a[z-a]: ", e.getMessage().substring(0, 23));
    e = assertThrows(IllegalArgumentException.class, () -> parse("--secret-descriptor", "-1"));
    assertEquals("--secret-descriptor: -1", e.getMessage().substring(0, 23));
  }
}
