package dev.rastro.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Line by line what strace prints of descriptors, and which calls it chooses by them. */
@Tag("kernel")
@Tag("once")
final class DescriptorParityTest {
  /** Made by the tracers of each run anew: numbers of sockets, pipes and ports, addresses, pids. */
  private static final List<String[]> NORMALISED =
      List.of(
          new String[] {"0x[0-9a-f]{6,}", "ADDRESS"},
          new String[] {"f_(bfree|bavail|ffree)=[0-9]+", "f_$1=N"},
          new String[] {"/rastro-test[0-9]+\\.", "/rastro-test."},
          new String[] {"^((?:get(?:p|pp|t)id|set_tid_address)\\(.*\\) += )[0-9]+$", "$1PID"},
          new String[] {"(\\[|->|\")([0-9]{4,})(?=[\\]>,-])", "$1INODE"},
          new String[] {"127\\.0\\.0\\.1:[0-9]+", "127.0.0.1:PORT"},
          new String[] {"htons\\([0-9]+\\)", "htons(PORT)"},
          new String[] {"(pid:|ROUTE:|nl_pid=|pid_open\\(|pidfd_open\\()[0-9]+", "$1PID"},
          new String[] {"nl_pad=0x[0-9a-f]+, ", ""},
          new String[] {"/proc/[0-9]+", "/proc/PID"});

  private static final String SOCKETS =
      """
      import os, select, socket
      s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(1)
      c = socket.socket(); c.connect(s.getsockname()); a, _ = s.accept()
      c.send(b'hi'); a.recv(2)
      u = socket.socketpair(); u[0].send(b'x'); u[1].recv(1)
      l = socket.socket(socket.AF_UNIX); l.bind('place'); l.listen(1)
      k = socket.socket(socket.AF_UNIX); k.connect('place'); b, _ = l.accept(); k.send(b'y')
      n = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0); n.bind((0, 0)); n.getsockname()
      d = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); d.bind(('127.0.0.1', 0)); d.getsockname()
      socket.send_fds(u[0], [b'q'], [a.fileno()]); socket.recv_fds(u[1], 10, 5)
      os._exit(0)
      """;

  private static final String FILES =
      """
      import os, select
      r, w = os.pipe(); os.write(w, b'1')
      select.select([r], [], [], 0)
      q = select.poll(); q.register(r); q.poll(0)
      z = os.open('/dev/null', 1); os.write(z, b'1'); os.dup2(z, r)
      m = os.memfd_create('foo'); os.write(m, b'1')
      e = select.epoll(); e.poll(0)
      p = os.pidfd_open(os.getpid()); os.fstat(p)
      f = os.open('gone<>', 66); os.unlink('gone<>'); os.write(f, b'1')
      n = os.open('/proc/self/ns/mnt', 0); os.fstat(n)
      t = os.open('tree', 0); os.stat('branch', dir_fd=t)
      os._exit(0)
      """;

  private static Daemon daemon;
  @TempDir private static Path home;

  @BeforeAll
  static void start() {
    daemon = Daemon.start(home);
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  static Stream<Arguments> runs() {
    String path = "-P letters -P tree/../other.txt -y";
    return Stream.of(
        run("-y", "cat", "letters", "other.txt"),
        run("-yy", "cat", "/dev/null", "letters"),
        run("-yy", "cp", "letters", "copy"),
        run("-y", "ls", "-l", "tree"),
        run("-y", "find", ".", "-name", "leaf.txt"),
        run("-y", "sh", "-c", "echo a >made; read b <made; exec 5<letters; read c <&5"),
        run("-y -e trace=close,read", "head", "-n", "2", "letters"),
        run("-e decode-fds=dev -e trace=desc", "head", "-c", "3", "/dev/zero"),
        run("-yy -e trace=network", Tree.python(), "-c", SOCKETS),
        run("-y -e trace=network", Tree.python(), "-c", SOCKETS),
        run("-yy -e trace=desc", Tree.python(), "-c", FILES),
        run("-y -e trace=desc", Tree.python(), "-c", FILES),
        run("-y -P /etc/passwd", "cat", "/etc/passwd", "letters"),
        run(path, "cat", "letters", "other.txt", "/etc/passwd"),
        run(path, "sh", "-c", "read a <letters; read b <other.txt; read c </etc/passwd"));
  }

  private static Arguments run(String options, String... command) {
    return Arguments.of(List.of(options.split(" ")), List.of(command));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void theSameLinesAsStrace(List<String> options, List<String> command) throws IOException {
    trace(Run.of(command));
    Path expectedFile = home.resolve("strace");
    Path actualFile = home.resolve("rastro");
    List<String> strace = new ArrayList<>(List.of("strace"));
    strace.addAll(options);
    strace.addAll(List.of("-o", expectedFile.toString()));
    strace.addAll(command);
    trace(Run.of(strace));
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(List.of("-o", actualFile.toString(), "--"));
    arguments.addAll(command);
    trace(daemon.rastro("trace", arguments.toArray(String[]::new)));
    String expected = normalised(expectedFile);
    assertFalse(expected.isEmpty());
    assertEquals(expected, normalised(actualFile));
  }

  private static void trace(Run run) {
    Run.Outcome outcome = run.in(Commands.prepare(home.resolve("work"))).outcome();
    assertEquals(0, outcome.status(), outcome.told());
  }

  /** Without what the kernel answers anew each time: times, random bytes. */
  private static String normalised(Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      if (line.startsWith("getrandom(") || line.startsWith("execve(")) {
        continue;
      }
      String same = line;
      for (String[] rule : NORMALISED) {
        same = same.replaceAll(rule[0], rule[1]);
      }
      text.append(same.replaceFirst("\\) +=", ") =")).append('\n');
    }
    return text.toString();
  }
}
