package dev.rastro.daemon.config;

import dev.rastro.daemon.access.Role;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import picocli.CommandLine.Option;

/** The options that say where the daemon is to be reached, and who is given what. */
final class AccessOptions {
  private static final int LARGEST_PORT = 65_535;

  private static final Pattern ADDRESS = Pattern.compile("(?:\\[(.+)]|([^\\[\\]:]+)):(\\d{1,5})");

  @Option(
      names = "--group",
      paramLabel = "NAME",
      description =
          "Whose members may use the socket, with the role of --group-role: a name or a number"
              + " (default: rastro, where there is such a group; empty: no group).")
  private String group;

  @Option(
      names = "--group-role",
      paramLabel = "ROLE",
      description =
          "What members of the group may see: viewer (names, counts, errors and durations of every"
              + " process), tracer (also all that is captured, but of processes with rights over the"
              + " machine, such as root's) or admin (all, and the sessions of others)"
              + " (default: tracer).")
  private String groupRole = Role.TRACER.word();

  @Option(
      names = "--group-privileged",
      description =
          "Members of the group who are tracers see all that root's and other privileged processes do,"
              + " too: passwords among it. As good as making them root.")
  private boolean groupPrivileged;

  @Option(
      names = "--own-socket",
      paramLabel = "PATH",
      description =
          "Another Unix socket, open to every account, over which each may trace processes of their own"
              + " as far as ptrace(2) would let them; /run/rastro/own.sock is where clients look"
              + " (default: none).")
  private Path ownSocket;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS:PORT",
      description =
          "Also serve TCP with mutual TLS; needs --tls-certificate, --tls-key and --tls-client-ca, and a"
              + " --tls-role for each client (default: off; port 0: any free one).")
  private String listen;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description =
          "The daemon's certificate and those that vouch for it, PEM. This file, like the next two, is read"
              + " again when it changes.")
  private Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "The key of --tls-certificate: RSA or EC, PEM (PKCS#8), without a password.")
  private Path key;

  @Option(
      names = "--tls-client-ca",
      paramLabel = "FILE",
      description = "Certificates of those who vouch for clients, PEM.")
  private Path clientCa;

  @Option(
      names = "--tls-role",
      paramLabel = "ROLE=SUBJECT",
      description =
          "What a client may see whose certificate has this subject, as in viewer=CN=dashboard,O=Example:"
              + " viewer, tracer or admin. Other subjects are refused. Can be given more than once; changes"
              + " hold from the next SIGHUP, also for those who are connected.")
  private List<String> roles = new ArrayList<>();

  @Option(
      names = "--listen-loopback",
      paramLabel = "PORT",
      description =
          "Also serve plain TCP on 127.0.0.1 and ::1, to every account of this machine"
              + " (default: off; 0: any free port).")
  private Integer loopbackPort;

  @Option(
      names = "--loopback-role",
      paramLabel = "ROLE",
      description =
          "What everybody on loopback TCP may see, who cannot be told apart: viewer, tracer or admin. With"
              + " tracer every account of the machine sees what every process reads and writes"
              + " (default: viewer).")
  private String loopbackRole = Role.VIEWER.word();

  AccessOptions() {}

  Optional<Path> ownSocket() {
    return Optional.ofNullable(ownSocket).map(path -> path.toAbsolutePath().normalize());
  }

  OptionalInt loopbackPort() {
    if (loopbackPort == null) {
      return OptionalInt.empty();
    }
    if (loopbackPort < 0 || loopbackPort > LARGEST_PORT) {
      throw new IllegalArgumentException(
          "--listen-loopback: %d is no port; give 0 to 65535".formatted(loopbackPort));
    }
    return OptionalInt.of(loopbackPort);
  }

  /**
   * @param oneClient the daemon is one client's alone: it has no group unless it is named
   */
  AccessSettings settings(boolean oneClient) {
    if (oneClient && ownSocket != null) {
      throw new IllegalArgumentException("--own-socket: it excludes --exit-with-stdin");
    }
    String unasked = oneClient ? "" : AccessSettings.DEFAULT_GROUP;
    return new AccessSettings(
        group == null ? unasked : group.strip(),
        group != null,
        role("--group-role", groupRole),
        groupPrivileged,
        role("--loopback-role", loopbackRole));
  }

  Optional<TlsSettings> tls() {
    if (listen == null) {
      refuseAlone("--tls-certificate", certificate);
      refuseAlone("--tls-key", key);
      refuseAlone("--tls-client-ca", clientCa);
      return Optional.empty();
    }
    return Optional.of(
        new TlsSettings(
            address(),
            required("--tls-certificate", certificate),
            required("--tls-key", key),
            required("--tls-client-ca", clientCa)));
  }

  private static void refuseAlone(String option, Path file) {
    if (file != null) {
      throw new IllegalArgumentException(
          option + ": it means nothing without --listen; give that, too");
    }
  }

  private static Path required(String option, Path file) {
    if (file == null) {
      throw new IllegalArgumentException(
          "--listen: TCP is served with mutual TLS only; give " + option + ", too");
    }
    return file.toAbsolutePath().normalize();
  }

  private InetSocketAddress address() {
    Matcher matcher = ADDRESS.matcher(listen);
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > LARGEST_PORT) {
      throw new IllegalArgumentException(
          "--listen: %s is no ADDRESS:PORT; give 0.0.0.0:7443 or [::]:7443, for instance"
              .formatted(listen));
    }
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    try {
      return new InetSocketAddress(
          InetAddress.getAllByName(host)[0], Integer.parseInt(matcher.group(3)));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "--listen: %s is no address of this machine; give one in digits".formatted(host), e);
    }
  }

  Map<X500Principal, Role> tlsRoles() {
    Map<X500Principal, Role> bySubject = new HashMap<>();
    for (String text : roles) {
      int equals = text.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(
            "--tls-role: %s is no ROLE=SUBJECT; give viewer=CN=dashboard, for instance"
                .formatted(text));
      }
      X500Principal subject = subject(text.substring(equals + 1).strip());
      Role role = role("--tls-role", text.substring(0, equals).strip());
      Role before = bySubject.putIfAbsent(subject, role);
      if (before != null && before != role) {
        throw new IllegalArgumentException(
            "--tls-role: %s is %s already; give it one role"
                .formatted(subject.getName(), before.word()));
      }
    }
    return bySubject;
  }

  private static X500Principal subject(String text) {
    try {
      X500Principal subject = new X500Principal(text);
      if (!subject.getName().isEmpty()) {
        return subject;
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--tls-role: %s is no subject (%s); openssl x509 -subject -nameopt RFC2253 shows one"
              .formatted(text, e.getMessage()),
          e);
    }
    throw new IllegalArgumentException("--tls-role: the subject is empty; give one with a name");
  }

  private static Role role(String option, String text) {
    try {
      return Role.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
    }
  }
}
