package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A process of another user that connects to a socket and passes on what it is given: as the daemon
 * sees it, that user is its client. Keeps a copy of all that came back.
 */
record Relay(Process process, Path socket, Path copy) implements AutoCloseable {

  /** Whom it runs as. */
  record User(int uid, int gid, List<Integer> groups) {
    static User of(int uid) {
      return new User(uid, uid, List.of());
    }

    User in(int group) {
      return new User(uid, gid, List.of(group));
    }

    String setpriv() {
      return "setpriv --reuid=%d --regid=%d ".formatted(uid, gid)
          + (groups.isEmpty()
              ? "--clear-groups"
              : "--groups=" + String.join(",", groups.stream().map(String::valueOf).toList()));
    }
  }

  private static final String PROGRAM =
      """
      use IO::Socket::UNIX; use IO::Select;
      my ($listen, $connect, $copy) = @ARGV;
      my $door = IO::Socket::UNIX->new(Local => $listen, Listen => 64) or die "listen: $!";
      chmod 0777, $listen;
      open my $log, ">", $copy or die "copy: $!"; binmode $log; $log->autoflush(1);
      $| = 1; print "relays\\n";
      my $all = IO::Select->new($door);
      my %other;
      while (my @ready = $all->can_read) {
        for my $from (@ready) {
          if ($from == $door) {
            my $near = $door->accept or next;
            my $far = IO::Socket::UNIX->new(Peer => $connect);
            if (!$far) { close $near; next }
            $all->add($near, $far);
            ($other{$near}, $other{$far}) = ([$far, 0], [$near, 1]);
          } elsif ($other{$from}) {
            my ($to, $back) = @{$other{$from}};
            if (sysread $from, my $bytes, 65536) {
              print $log $bytes if $back;
              my $at = 0;
              while ($at < length $bytes) {
                $at += syswrite($to, $bytes, length($bytes) - $at, $at) || last;
              }
            } else {
              delete $other{$from}; delete $other{$to};
              $all->remove($from, $to); close $from; close $to;
            }
          }
        }
      }
      """;

  /**
   * @param folder that the user may write to
   */
  static Relay start(User user, Path daemon, Path folder, String name) throws IOException {
    Path socket = folder.resolve(name + ".relay");
    Path copy = folder.resolve(name + ".copy");
    Path program = Files.writeString(folder.resolve(name + ".pl"), PROGRAM);
    String command =
        "exec %s perl %s %s %s %s".formatted(user.setpriv(), program, socket, daemon, copy);
    Process process =
        new ProcessBuilder("sh", "-c", command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertEquals("relays", process.inputReader().readLine());
    return new Relay(process, socket, copy);
  }

  /** What the daemon has sent, HTTP/2 and all. */
  byte[] received() {
    try {
      return Files.readAllBytes(copy);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
