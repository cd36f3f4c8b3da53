package dev.rastro.daemon.rpc;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The file of the Unix socket: who may stand there, and how it gets its permissions without a
 * moment at which they are wrong. The socket is bound in a directory that only its owner can enter
 * and renamed into place when it is right.
 */
final class SocketPlace {

  private static final int TYPE_MASK = 0170000;
  private static final int TYPE_SOCKET = 0140000;

  /** Whom it is for. */
  enum Access {
    OWNER("rw-------"),
    GROUP("rw-rw----"),
    EVERYBODY("rw-rw-rw-");

    private final String permissions;

    Access(String permissions) {
      this.permissions = permissions;
    }
  }

  private final Path path;
  private final Path nursery;
  private final AtomicBoolean settled = new AtomicBoolean();

  private SocketPlace(Path path, Path nursery) {
    this.path = path;
    this.nursery = nursery;
  }

  /**
   * Makes sure that the path is free or held by a socket that nobody serves any more.
   *
   * @param option that names it, for errors
   * @throws IOException naming the path, what stands there and what to do
   */
  static SocketPlace claim(String option, Path path) throws IOException {
    Path directory = path.getParent();
    if (!Files.isDirectory(directory)) {
      try {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      } catch (IOException e) {
        throw new IOException(
            "socket %s: its directory cannot be made (%s); give another %s"
                .formatted(path, e, option),
            e);
      }
    }
    refuseUnlessStale(option, path);
    Path nursery;
    try {
      nursery =
          Files.createTempDirectory(
              directory,
              ".r",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new IOException(
          "socket %s: its directory is not writable (%s); give another %s or run as root"
              .formatted(path, e, option),
          e);
    }
    return new SocketPlace(path, nursery);
  }

  private static void refuseUnlessStale(String option, Path path) throws IOException {
    int mode;
    try {
      mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException free) {
      return;
    }
    if ((mode & TYPE_MASK) != TYPE_SOCKET) {
      throw new IOException(
          "socket %s: something that is no socket is in its place; remove it or give another %s"
              .formatted(path, option));
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException stale) {
      return;
    } catch (IOException e) {
      throw new IOException("socket %s: %s; give another %s".formatted(path, e, option), e);
    }
    throw new IOException(
        "socket %s: a daemon is serving there already; stop it or give another %s"
            .formatted(path, option));
  }

  /** Where to bind. */
  Path bindPath() {
    return nursery.resolve("s");
  }

  /**
   * Puts the bound socket into its place, in which it replaces a stale one.
   *
   * @param group gid, for {@link Access#GROUP}
   */
  void settle(Access access, OptionalInt group) throws IOException {
    // What is right already is left alone: a hardened unit may give no file to anybody.
    if (access == Access.GROUP
        && !Files.getAttribute(bindPath(), "unix:gid").equals(group.getAsInt())) {
      Files.setAttribute(bindPath(), "unix:gid", group.getAsInt());
    }
    Files.setPosixFilePermissions(bindPath(), PosixFilePermissions.fromString(access.permissions));
    Files.move(bindPath(), path, StandardCopyOption.ATOMIC_MOVE);
    settled.set(true);
    Files.delete(nursery);
  }

  /** Removes what is left of it, in whatever state. */
  void release() {
    try {
      if (settled.get()) {
        Files.deleteIfExists(path);
      } else {
        Files.deleteIfExists(bindPath());
        Files.deleteIfExists(nursery);
      }
    } catch (IOException e) {
      // A stale socket is replaced by the next daemon.
      org.slf4j.LoggerFactory.getLogger(SocketPlace.class)
          .atWarn()
          .addKeyValue("socket", path)
          .addKeyValue("cause", e)
          .log("socket not removed");
    }
  }
}
