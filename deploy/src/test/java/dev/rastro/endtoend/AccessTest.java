package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The client as root, as a member of the group, as a stranger and over a network, with the sockets
 * where they are by default: the daemon and its clients have a {@code /run/rastro} of their own.
 */
@Tag("kernel")
@Tag("once")
final class AccessTest {
  private static final int GROUP = 3_141_620;
  private static final int MEMBER = 3_141_621;
  private static final int STRANGER = 3_141_622;
  private static final int NOT_PERMITTED = 77;
  private static final int UNREACHABLE = 69;

  private static Path home;
  private static String rastro;
  private static Run.Running daemon;
  private static int port;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    home = folder;
    rastro = Tree.rastroForEverybody(folder);
    Path keys = Files.createDirectory(folder.resolve("keys"));
    Run.of("sh", "-e", "-c", tlsCommands()).in(keys).succeeded();
    Run.of("sh", "-c", "chmod 644 keys/*.key; chmod 777 .; mkdir -p /run/rastro")
        .in(folder)
        .succeeded();
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs none /run/rastro && chmod 755 /run/rastro && exec \"$@\"",
                "sh"));
    command.addAll(
        List.of(
            Tree.rastrod(),
            "--announce",
            "--group=" + GROUP,
            "--own-socket=/run/rastro/own.sock",
            "--listen=127.0.0.1:0",
            "--tls-certificate=" + keys.resolve("server.pem"),
            "--tls-key=" + keys.resolve("server.key"),
            "--tls-client-ca=" + keys.resolve("ca.pem"),
            "--tls-role=viewer=CN=dashboard,O=Example"));
    daemon = Run.of(command).start();
    daemon.awaitOut("rastrod ready");
    Matcher found = Pattern.compile("serving mutual TLS.* port=\"(\\d+)\"").matcher(daemon.err());
    assertTrue(found.find(), () -> daemon.err());
    port = Integer.parseInt(found.group(1));
  }

  private static String tlsCommands() throws IOException {
    Matcher commands =
        Pattern.compile("<!-- commands: .*?-->\n```sh\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Tree.ROOT.resolve("docs/security.md")));
    assertTrue(commands.find());
    return commands.group(1);
  }

  @AfterAll
  static void stop() {
    daemon.process().destroy();
    assertEquals(128 + 15, daemon.outcome().status());
    daemon.close();
  }

  /** As the daemon's folders are, and as this user is. */
  private static Run as(String user, String... command) {
    List<String> all = new ArrayList<>(List.of("nsenter", "--mount", "-t", "" + daemon.pid()));
    all.addAll(Arrays.asList(user.split(" ")));
    all.addAll(Arrays.asList(command));
    return Run.of(all).in(home);
  }

  private static Run asMember(String... command) {
    return as("setpriv --reuid=%d --regid=%1$d --groups=%d".formatted(MEMBER, GROUP), command);
  }

  private static Run asStranger(String... command) {
    return as("setpriv --reuid=%d --regid=%1$d --clear-groups".formatted(STRANGER), command);
  }

  @Test
  void aMemberTracesWhatTheyStartAndOthersAndHasFiguresOfRoots() {
    Run.Outcome own =
        asMember(rastro, "trace", "-e", "chdir", "--", "sh", "-c", "cd /usr").succeeded();
    assertTrue(own.err().contains("chdir(\"/usr\")"), own::told);
    String status = asMember(rastro, "status").succeeded().out();
    assertTrue(status.contains("tracer: sees all of processes without rights over"), status);
    Path trace = home.resolve("trace");
    try (Run.Running root = Run.of("sh", "-c", "while sleep 0.1; do cd /usr; done").start();
        Run.Running member =
            asMember(
                    "sh",
                    "-c",
                    "umask 0; exec \"$0\" trace -o " + trace + " -p " + root.pid(),
                    rastro)
                .start()) {
      Deadline.await("root's calls are told", () -> text(trace).contains("chdir("));
      member.process().destroy();
      assertFalse(text(trace).contains("/usr"), text(trace));
      assertTrue(member.outcome().err().contains("names, errors and durations alone"));
    }
    asMember(rastro, "summary", "-p", "1", "--duration", "1").succeeded();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException absent) {
      return "";
    }
  }

  @Test
  void aStrangerSeesTheirOwn() {
    try (Run.Running other = asMember("sleep", "1000").start();
        Run.Running own = asStranger("sleep", "2000").start()) {
      Deadline.await("both sleep", () -> runs(other, "sleep") && runs(own, "sleep"));
      String list = asStranger(rastro, "ps").succeeded().out();
      assertTrue(list.contains("sleep 2000"), list);
      assertFalse(list.contains("sleep 1000"), list);
      assertFalse(list.contains("rastrod"), list);
      Run.Outcome refused = asStranger(rastro, "trace", "-p", "" + other.pid()).outcome();
      assertEquals(NOT_PERMITTED, refused.status(), refused.told());
      assertTrue(refused.err().contains("not permitted: process " + other.pid()), refused.told());
      assertTrue(refused.err().contains("processes of uid " + STRANGER), refused.told());
    }
    Run.Outcome traced =
        asStranger(rastro, "trace", "-e", "chdir", "--", "sh", "-c", "cd /usr").succeeded();
    assertTrue(traced.err().contains("chdir(\"/usr\")"), traced::told);
  }

  private static boolean runs(Run.Running running, String name) {
    try {
      return Files.readString(Path.of("/proc/" + running.pid() + "/comm")).strip().equals(name);
    } catch (IOException gone) {
      return false;
    }
  }

  @Test
  void aSetUserIdProgramIsNotShownToWhoStartsIt() throws IOException {
    Path program = home.resolve("suid-cat");
    Files.copy(Path.of("/bin/cat"), program);
    Files.setAttribute(program, "unix:mode", 04755);
    Path secret = Files.writeString(home.resolve("secret"), "hidden words");
    Files.setAttribute(secret, "unix:mode", 0600);
    Run.Outcome traced =
        asStranger(
                rastro,
                "trace",
                "-f",
                "-s200",
                "--",
                "sh",
                "-c",
                program + " " + secret + " >/dev/null; cd /usr")
            .succeeded();
    assertTrue(traced.err().contains("execve(\"" + program), traced::told);
    assertTrue(traced.err().contains("runs with rights that are not yours"), traced::told);
    assertFalse(traced.err().contains("hidden words"), traced::told);
    assertFalse(traced.err().contains("openat(AT_FDCWD, \"" + secret), traced::told);
    assertTrue(traced.err().contains("chdir(\"/usr\")"), traced::told);
  }

  @Test
  void withoutASocketForThemStrangersAreToldWhatToDo() {
    Run.Outcome refused =
        asStranger(rastro, "status", "--socket", "/run/rastro/rastrod.sock").outcome();
    assertEquals(NOT_PERMITTED, refused.status(), refused.told());
    assertTrue(refused.err().contains("the group of '" + GROUP + "'"), refused.told());
    assertTrue(refused.err().contains("run as root"), refused.told());
  }

  @Test
  void aViewerIsServedOverTheNetwork() {
    Path keys = home.resolve("keys");
    String address = "localhost:" + port;
    Run.Outcome status =
        Run.of(
                rastro,
                "status",
                "--address=" + address,
                "--tls-ca=" + keys.resolve("ca.pem"),
                "--tls-certificate=" + keys.resolve("dashboard.pem"),
                "--tls-key=" + keys.resolve("dashboard.key"))
            .succeeded();
    assertTrue(status.out().contains("tls CN=dashboard,O=Example, viewer"), status::told);
    Run byEnvironment =
        Run.of(rastro, "ps")
            .with("RASTRO_ADDRESS", address)
            .with("RASTRO_TLS_CA", keys.resolve("ca.pem").toString())
            .with("RASTRO_TLS_CERTIFICATE", keys.resolve("dashboard.pem").toString())
            .with("RASTRO_TLS_KEY", keys.resolve("dashboard.key").toString());
    Run.Outcome list = byEnvironment.succeeded();
    assertTrue(list.out().contains("rastrod") || list.out().contains("java"), list::told);
    assertFalse(list.out().contains("--announce"), "no command line\n" + list.told());
    // Another authority, on either side.
    Run.of("sh", "-e", "-c", "mkdir others; cd others; " + "true").in(home).succeeded();
    Path others = home.resolve("others");
    try {
      Run.of("sh", "-e", "-c", tlsCommands()).in(others).succeeded();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    Run.Outcome untrusted =
        byEnvironment.with("RASTRO_TLS_CA", others.resolve("ca.pem").toString()).outcome();
    assertEquals(UNREACHABLE, untrusted.status(), untrusted.told());
    assertTrue(untrusted.err().contains("cannot trust rastrod at " + address), untrusted.told());
    Run.Outcome unknown =
        byEnvironment
            .with("RASTRO_TLS_CERTIFICATE", others.resolve("dashboard.pem").toString())
            .with("RASTRO_TLS_KEY", others.resolve("dashboard.key").toString())
            .outcome();
    assertEquals(NOT_PERMITTED, unknown.status(), unknown.told());
    assertTrue(unknown.err().contains("does not take this certificate"), unknown.told());
    Run.Outcome plain = Run.of(rastro, "ps", "--address", address).outcome();
    assertEquals(UNREACHABLE, plain.status(), plain.told());
  }

  @Test
  void thePrivateDaemonIsRootsAlone() {
    // Where nothing listens: in a folder of its own. Others' private sockets are beside this one's.
    Run.Outcome status =
        Run.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs none /run/rastro && exec \"$0\" trace -- sh -c"
                    + " 'stat -c \"%a %n\" /run/rastro-private/private-$PPID.sock' 2>/dev/null",
                rastro)
            .succeeded();
    assertTrue(status.out().matches("600 /run/rastro-private/private-\\d+\\.sock\n"), status::told);
  }
}
