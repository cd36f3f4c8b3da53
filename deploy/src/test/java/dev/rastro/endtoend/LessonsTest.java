package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer tries first, and must see. docs/lessons.md tells the same. */
@Tag("kernel")
final class LessonsTest {
  private static Daemon daemon;

  @TempDir Path folder;

  @BeforeAll
  static void start(@TempDir Path home) {
    daemon = Daemon.start(home);
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  @Test
  void oneCommandIsEnoughWithoutADaemon() {
    Run.Outcome outcome = Run.rastro("trace", "--", "ls", "-d", "/").succeeded();
    assertEquals("/\n", outcome.out());
    assertTrue(outcome.err().startsWith("execve(\"/"), outcome.told());
    assertTrue(outcome.err().contains("write(1, \"/\\n\", 2)"), outcome.told());
    assertTrue(outcome.err().endsWith("+++ exited with 0 +++\n"), outcome.told());
  }

  @Test
  void hostnameAndUnameAskForTheSame() {
    String call = "uname\\(\\{sysname=\"Linux\", nodename=\"[^\"]+\", \\.\\.\\.}\\) += 0";
    assertLine(call, trace("hostname"));
    assertLine(call, trace("uname"));
  }

  @Test
  void lsBeginsWithItsExecAndEndsWithItsExit() {
    List<String> lines = trace("-f", "--", "ls", folder.toString());
    assertTrue(
        lines.get(0).matches("[0-9]+ +execve\\(\"[^\"]*/ls\", \\[\"ls\", .*\\) = 0"), lines.get(0));
    assertLine(
        "[0-9]+ +getdents64\\(3, 0x[0-9a-f]+ /\\* [0-9]+ entries \\*/, [0-9]+\\) = [0-9]+", lines);
    assertLine("[0-9]+ +exit_group\\(0\\) += \\?", lines);
    assertTrue(lines.get(lines.size() - 1).matches("[0-9]+ +\\+\\+\\+ exited with 0 \\+\\+\\+"));
  }

  @Test
  void onlyWritesAreShownWhenOnlyWritesAreAskedFor() throws IOException {
    Path listed = Files.createDirectory(folder.resolve("listed"));
    Files.createFile(listed.resolve("seen"));
    List<String> lines = trace("-e", "trace=write", "-f", "--", "ls", listed.toString());
    assertEquals(2, lines.size(), lines.toString());
    assertTrue(lines.get(0).matches("[0-9]+ +write\\(1, \"seen\\\\n\", 5\\) += 5"), lines.get(0));
  }

  @Test
  void seekingIsSeenWithItsPlaces() {
    List<String> lines =
        trace("-e", "trace=lseek,read", "--", Tree.python(), Tree.example("seek.py"));
    assertLine("lseek\\(3, 0, SEEK_END\\) += " + size(Path.of(Tree.example("seek.py"))), lines);
    assertLine("lseek\\(3, 0, SEEK_SET\\) += 0", lines);
    assertLine("lseek\\(3, 10, SEEK_CUR\\) += 18", lines);
    assertLine("lseek\\(3, -8, SEEK_END\\) += [0-9]+", lines);
    assertLine("read\\(3, \"\\\\\"\\\\\"\\\\\"Reads\", 8\\) += 8", lines);
  }

  @Test
  void aFileThatIsThereAndOneThatIsNot() throws IOException {
    Path there = Files.writeString(folder.resolve("there"), "12345");
    Path missing = folder.resolve("missing");
    List<String> lines =
        trace(
            "-e",
            "trace=%file",
            "--",
            Tree.python(),
            Tree.example("stat.py"),
            there.toString(),
            missing.toString());
    String name = "(stat|newfstatat)\\((AT_FDCWD, )?\"";
    assertLine(
        name + there + "\", \\{st_mode=S_IFREG\\|0644, st_size=5, \\.\\.\\.}(, 0)?\\) += 0", lines);
    assertLine(
        name + missing + "\", 0x[0-9a-f]+(, 0)?\\) += -1 ENOENT \\(No such file or directory\\)",
        lines);
  }

  @Test
  void threeChildrenAreFollowedAndTheirFamilyIsRight() {
    Run.Outcome outcome =
        daemon.rastro("trace", "-f", "-o", output(), "--", Tree.compiled("fork")).succeeded();
    String text = String.join("\n", lines());
    String parent = text.substring(0, text.indexOf(' '));
    Matcher told = Pattern.compile("child (\\d): pid (\\d+), parent (\\d+)").matcher(outcome.out());
    int children = 0;
    while (told.find()) {
      String child = told.group(2);
      assertEquals(parent, told.group(3), outcome.told());
      assertMatches("(?m)^" + parent + " .*(fork|clone).* = " + child + "$", text);
      assertMatches("(?m)^" + child + " +getpid\\(\\) += " + child + "$", text);
      assertMatches("(?m)^" + child + " +getppid\\(\\) += " + parent + "$", text);
      assertMatches(
          "(?m)^" + child + " +\\+\\+\\+ exited with " + told.group(1) + " \\+\\+\\+$", text);
      assertMatches(
          "(?m)^"
              + parent
              + ".*\\[\\{WIFEXITED\\(s\\) && WEXITSTATUS\\(s\\) == "
              + told.group(1)
              + "}], 0, NULL\\) += "
              + child
              + "$",
          text);
      children++;
    }
    assertEquals(3, children, outcome.told());
  }

  @Test
  void anApiIsWatchedWhileItAnswers() throws IOException {
    try (Run.Running api = Run.of(Tree.python(), Tree.example("api.py")).start()) {
      api.awaitOut("listening on 127.0.0.1:");
      int port = Integer.parseInt(api.out().strip().replaceAll(".*:", ""));
      String pid = Long.toString(api.pid());
      try (Run.Running trace = daemon.rastro("trace", "-f", "-p", pid, "-o", output()).start()) {
        awaitAttached(trace);
        String answer = request(port, "GET /health HTTP/1.0\r\n\r\n");
        assertTrue(answer.contains("200 OK"), answer);
        awaitLine("(sendto|write)\\(.*status.*");
        trace.signal("INT");
        trace.outcome();
      }
      String text = String.join("\n", lines());
      assertMatches(
          "accept4(\\(3, | resumed>)\\{sa_family=AF_INET, sin_port=htons\\([0-9]+\\), "
              + "sin_addr=inet_addr\\(\"127\\.0\\.0\\.1\"\\)}, \\[16], SOCK_CLOEXEC\\) += [0-9]+",
          text);
      // A call that blocked while another thread's line came is written in two.
      assertMatches(
          "(recvfrom|read)(\\([0-9]+, | resumed>)\"GET /health HTTP/1\\.0\\\\r\\\\n", text);
      assertMatches("(sendto|write)\\([0-9]+, \"HTTP/1\\.0 200 OK\\\\r\\\\n", text);
      assertTrue(api.process().isAlive(), "the API must go on after the detach");
      assertTrue(request(port, "GET /health HTTP/1.0\r\n\r\n").contains("200 OK"));
    }
  }

  @Test
  void aRefusedConnectionIsToldAsStraceTellsIt() {
    assertEquals(
        List.of(
            "connect(3, {sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr(\"127.0.0.1\")},"
                + " 16) = -1 ECONNREFUSED (Connection refused)",
            "+++ exited with 1 +++"),
        tracedWithStatus(
            1, "-e", "trace=connect", "--", Tree.python(), Tree.example("connect.py")));
  }

  @Test
  void anEventLoopShowsItsTimersItsSocketAndItsSignal() {
    try (Run.Running worker = Run.of(Tree.compiled("worker"), "0").start()) {
      worker.awaitOut("pid ");
      String pid = Long.toString(worker.pid());
      try (Run.Running trace = daemon.rastro("trace", "-p", pid, "-o", output()).start()) {
        awaitAttached(trace);
        awaitLine("read\\(4.*");
        awaitLine(
            "^epoll_wait\\(3, \\[\\{events=EPOLLIN, data=\\{u32=4, u64=4}}], 32, -1\\) += 1$");
        // One signal may come between a tick and the return of epoll_wait, and interrupts nothing;
        // two may be answered together.
        for (String regex :
            List.of(
                "epoll_wait\\(3, 0x[0-9a-f]+, 32, -1\\) += -1 EINTR \\(Interrupted system call\\)",
                "--- SIGUSR2 \\{si_signo=SIGUSR2, si_code=SI_USER, si_pid=[0-9]+, si_uid=0} ---",
                "sendto\\(6, \"\\\\f\", 1, 0, NULL, 0\\) += 1",
                // A Java process blocks SIGQUIT in its threads, and the worker was started by one.
                "rt_sigreturn\\(\\{mask=\\[(QUIT)?]}\\) += .*",
                "epoll_wait\\(3, \\[\\{events=EPOLLIN, data=\\{u32=5, u64=5}}], 32, -1\\) += 1",
                "recvfrom\\(5, \"\\\\f\", 1024, 0, NULL, NULL\\) += 1",
                "recvfrom\\(5, 0x[0-9a-f]+, 1024, 0, NULL, NULL\\) += -1 EAGAIN "
                    + "\\(Resource temporarily unavailable\\)")) {
          Deadline.await(
              "a line that is " + regex,
              () -> {
                worker.signal("USR2");
                return lines().stream().anyMatch(line -> line.matches(regex));
              });
        }
        trace.signal("INT");
        trace.outcome();
      }
      assertTrue(worker.process().isAlive());
    }
  }

  @Test
  void theExitStatusTheFolderAndTheInputAreTheUsers() throws IOException {
    Path input = Files.writeString(folder.resolve("input"), "read from the user\n");
    Run.Outcome outcome =
        Run.of(
                "sh",
                "-c",
                "exec \"$@\" <" + input,
                "sh",
                Tree.rastro(),
                "trace",
                "--socket",
                daemon.socket().toString(),
                "-o",
                output(),
                "--",
                "sh",
                "-c",
                "pwd; echo \"$MARK\"; cat; umask; ulimit -Sn; exit 42")
            .in(folder)
            .with("MARK", "from the environment")
            .outcome();
    Run.Outcome untraced = Run.of("sh", "-c", "umask; ulimit -Sn").succeeded();
    assertEquals(42, outcome.status(), outcome.told());
    assertEquals(
        folder + "\nfrom the environment\nread from the user\n" + untraced.out(), outcome.out());
  }

  @Test
  void deathByASignalIsPassedOn() {
    Run.Outcome outcome =
        daemon.rastro("trace", "-o", output(), "--", "sh", "-c", "kill -TERM $$").outcome();
    assertEquals(143, outcome.status(), outcome.told());
    assertEquals("+++ killed by SIGTERM +++", lines().get(lines().size() - 1));
  }

  @Test
  void jsonIsOneObjectOnEachLine() {
    daemon.rastro("trace", "--output", "json", "-o", output(), "--", "ls", "-d", "/").succeeded();
    List<String> lines = lines();
    assertFalse(lines.isEmpty());
    for (String line : lines) {
      assertTrue(line.startsWith("{") && line.endsWith("}"), line);
    }
    assertMatches("\"name\": ?\"execve\"", String.join("\n", lines));
  }

  private String output() {
    return folder.resolve("trace").toString();
  }

  /** Runs {@code rastro trace -o FILE ARGUMENTS}; the lines of the file. */
  private List<String> trace(String... arguments) {
    return tracedWithStatus(0, arguments);
  }

  private List<String> tracedWithStatus(int status, String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "-o";
    all[1] = output();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    Run.Outcome outcome = daemon.rastro("trace", all).outcome();
    assertEquals(status, outcome.status(), outcome.told());
    return lines();
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(Path.of(output()), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitLine(String regex) {
    Pattern pattern = Pattern.compile(regex);
    Deadline.await(
        "a line with " + regex,
        () ->
            Files.exists(Path.of(output()))
                && lines().stream().anyMatch(line -> pattern.matcher(line).find()));
  }

  /** The client tells on stderr that it has attached, as strace does. */
  static void awaitAttached(Run.Running trace) {
    Deadline.await(
        "\"attached\" from the client",
        () -> {
          if (!trace.process().isAlive()) {
            throw new AssertionError("ended: " + trace.out() + trace.err());
          }
          return trace.err().contains("attached");
        });
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String request(int port, String text) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static void assertLine(String regex, List<String> lines) {
    assertTrue(
        lines.stream().anyMatch(line -> line.matches(regex)),
        () -> "no line matches " + regex + " in\n" + String.join("\n", lines));
  }

  private static void assertMatches(String regex, String text) {
    assertTrue(Pattern.compile(regex).matcher(text).find(), () -> regex + "\nis not in\n" + text);
  }
}
