package dev.rastro.daemon.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rastro.daemon.access.AccessRules;
import dev.rastro.daemon.access.Question;
import dev.rastro.daemon.access.Role;
import dev.rastro.daemon.access.Sight;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.TracerGrpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code docs/security.md} says is so. {@code -Dreference.write=true} writes its table anew.
 */
final class SecurityPageTest {
  private static final Path PAGE = Path.of("../docs/security.md");
  private static final String BEGIN =
      "<!-- generated: answers. SecurityPageTest writes it anew with -Dreference.write=true -->\n";
  private static final String END = "<!-- end -->";
  private static final Pattern COMMANDS =
      Pattern.compile("<!-- commands: .*?-->\n```sh\n(.*?)```", Pattern.DOTALL);

  @Test
  void theAnswersAreThoseOfTheRules() throws Exception {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END, begin);
    String fresh = page.substring(0, begin) + answers() + page.substring(end);
    if (Boolean.getBoolean("reference.write")) {
      Files.writeString(PAGE, fresh);
    }
    assertEquals(fresh, Files.readString(PAGE), "stale: -Dreference.write=true writes it anew");
  }

  private static String answers() {
    StringBuilder table =
        new StringBuilder(
            """
            | call | a process all of which they may see | whose figures alone | neither |
            |---|---|---|---|
            """);
    for (Question question : Question.values()) {
      table
          .append("| `%s` | %s |".formatted(question.rpc(), question.answer(Sight.FULL)))
          .append(" %s |".formatted(question.answer(Sight.FIGURES)))
          .append(" %s |%n".formatted(question.answer(Sight.NOTHING)));
    }
    return table.toString();
  }

  @Test
  @Tag("kernel")
  void itsCommandsMakeWhatTlsNeeds(@TempDir Path folder) throws Exception {
    Matcher commands = COMMANDS.matcher(Files.readString(PAGE));
    assertEquals(true, commands.find());
    Process shell =
        new ProcessBuilder("sh", "-e", "-c", commands.group(1))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, shell.waitFor(), said);
    AccessRules rules = ServingDaemon.RULES;
    TlsListening tls =
        new TlsListening(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            folder.resolve("server.pem"),
            folder.resolve("server.key"),
            folder.resolve("ca.pem"));
    try (ServingDaemon daemon =
            new ServingDaemon(
                new Listening(
                    folder.resolve("s"),
                    OptionalInt.empty(),
                    Optional.empty(),
                    OptionalInt.empty(),
                    Optional.of(tls)),
                new AccessRules(
                    rules.self(),
                    rules.group(),
                    rules.groupRole(),
                    rules.groupPrivileged(),
                    rules.loopbackRole(),
                    Map.of(new X500Principal("CN=dashboard,O=Example"), Role.VIEWER),
                    rules.yama()),
                Patience.STANDARD);
        Channels channels = new Channels()) {
      Certificates.Pair client =
          new Certificates.Pair(folder.resolve("dashboard.pem"), folder.resolve("dashboard.key"));
      assertEquals(
          "tls CN=dashboard,O=Example",
          TracerGrpc.newBlockingStub(
                  channels.tls(
                      daemon.server().tlsPort().getAsInt(), folder.resolve("ca.pem"), client))
              .getStatus(GetStatusRequest.getDefaultInstance())
              .getCaller()
              .getName());
    }
  }
}
