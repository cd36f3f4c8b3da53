package dev.rastro.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("kernel")
final class PeerCredentialsTest {
  private static final int USER = 3_141_610;

  @TempDir private Path folder;

  @Test
  void tellsNumbersAndAllGroups() throws Exception {
    assertEquals(new PeerCredentials(0, USER, USER + 1, Set.of(7, USER)), of("--groups=7," + USER));
    assertEquals(new PeerCredentials(0, USER, USER + 1, Set.of()), of("--clear-groups"));
  }

  @Test
  void tellsMoreGroupsThanAFirstQuestionHasRoomFor() throws Exception {
    Set<Integer> groups = IntStream.range(5000, 5300).boxed().collect(Collectors.toSet());
    String list = groups.stream().map(String::valueOf).collect(Collectors.joining(","));
    PeerCredentials peer = of("--groups=" + list);
    assertEquals(groups, peer.groups());
    assertTrue(peer.isIn(5000));
    assertTrue(peer.isIn(USER + 1), "the primary one");
    assertFalse(peer.isIn(4999));
  }

  /** Of a process of that user, without its number. */
  private PeerCredentials of(String groups) throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path path = folder.resolve("s");
    Files.deleteIfExists(path);
    try (ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      door.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
      Process process =
          new ProcessBuilder(
                  "setpriv",
                  "--reuid=" + USER,
                  "--regid=" + (USER + 1),
                  groups,
                  "perl",
                  "-MIO::Socket::UNIX",
                  "-e",
                  "my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die $!; <$s>",
                  path.toString())
              .inheritIO()
              .start();
      try (SocketChannel peer = door.accept()) {
        PeerCredentials found = PeerCredentials.of(peer);
        assertEquals(process.pid(), found.pid());
        return new PeerCredentials(0, found.uid(), found.gid(), found.groups());
      } finally {
        process.destroyForcibly();
      }
    }
  }
}
