package dev.rastro.daemon.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** An authority of its own and what it vouches for, made anew by openssl. */
public record Certificates(Path folder) {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private static Instant tomorrow() {
    return Instant.now().plus(Duration.ofDays(1));
  }

  /** A certificate and its key. */
  public record Pair(Path certificate, Path key) {}

  public static Certificates make(Path folder) throws Exception {
    Files.createDirectories(folder);
    Certificates made = new Certificates(folder);
    made.openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ca.key");
    Files.writeString(
        folder.resolve("ca.conf"),
        """
        [ca]
        default_ca = authority
        [authority]
        certificate = ca.pem
        private_key = ca.key
        database = index
        new_certs_dir = .
        rand_serial = yes
        unique_subject = no
        default_md = sha256
        policy = any
        [any]
        countryName = optional
        organizationName = optional
        commonName = optional
        """);
    Files.createFile(folder.resolve("index"));
    made.openssl("req -x509 -new -key ca.key -subj /CN=authority -days 2 -out ca.pem");
    return made;
  }

  public Path authority() {
    return folder.resolve("ca.pem");
  }

  public Pair server(String name) throws Exception {
    return issue(name, "/CN=rastrod", "subjectAltName=DNS:localhost,IP:127.0.0.1", tomorrow());
  }

  /**
   * @param subject as openssl writes it: {@code /O=Example/CN=dashboard}
   */
  public Pair client(String name, String subject) throws Exception {
    return issue(name, subject, "extendedKeyUsage=clientAuth", tomorrow());
  }

  /** One that is good until then, to the second. */
  Pair client(String name, String subject, Instant end) throws Exception {
    return issue(name, subject, "extendedKeyUsage=clientAuth", end);
  }

  private Pair issue(String name, String subject, String extension, Instant end) throws Exception {
    Files.writeString(folder.resolve(name + ".ext"), extension + "\n");
    openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out %s.key".formatted(name));
    openssl("req -new -key %s.key -subj %s -out %1$s.csr".formatted(name, subject));
    openssl(
        ("ca -config ca.conf -batch -notext -in %s.csr -extfile %1$s.ext -out %1$s.pem"
                + " -startdate 20200101000000Z -enddate %s")
            .formatted(name, TIME.format(end)));
    return new Pair(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
  }

  private void openssl(String arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments.split(" ")));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }
}
