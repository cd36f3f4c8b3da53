// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What descriptors of processes are, and who holds the other end, out of {@code /proc}. One object
 * serves one look at the machine: it reads the socket tables of each namespace once. Blocks on file
 * reads; one thread.
 */
public final class Descriptors {
  /** Of one process: what is beyond is not looked at. */
  static final int MAX_DESCRIPTORS = 65_536;

  /** Holders of one end that are taken note of. */
  static final int MAX_HOLDERS = 64;

  private static final Path PROC = Path.of("/proc");
  private static final String SOCKET = "socket:[";
  private static final String PIPE = "pipe:[";
  private static final String EPOLL_TARGET = "tfd:";
  private static final int FILE_TYPE = 0170000;
  private static final int FIFO = 0010000;
  private static final int ACCESS_MODE = 3;
  private static final int WRITE_ONLY = 1;

  private final Map<String, Sockets> byNamespace = new HashMap<>();

  /**
   * A descriptor of a process.
   *
   * @param target what the link in {@code /proc/PID/fd} says: a path, {@code pipe:[123]}
   * @param pipe an anonymous or a named pipe
   * @param socket what the tables say of it; empty for others than TCP, UDP and Unix sockets
   */
  public record Descriptor(
      int pid, int number, String target, boolean pipe, Optional<Sockets.Socket> socket) {

    /** In words: a path, "tcp 127.0.0.1:80 to 10.0.0.5:4242", "pipe:[123]". */
    public String text() {
      if (socket.isEmpty()) {
        return target;
      }
      Sockets.Socket known = socket.get();
      String end = known.local().isEmpty() ? target : known.local();
      return known.remote().isEmpty()
          ? known.protocol() + " " + end
          : known.protocol() + " " + end + " to " + known.remote();
    }

    /** The address of the other end, else whatever there is. */
    public String peerText() {
      return socket
          .map(Sockets.Socket::remote)
          .filter(remote -> !remote.isEmpty())
          .orElseGet(this::text);
    }
  }

  /** Who has a file open. */
  public record Holder(int pid, int number, String target, boolean reads, boolean writes) {}

  /** Empty when there is no such descriptor, or the process is gone or may not be looked at. */
  public Optional<Descriptor> find(int pid, int number) {
    Path link = process(pid).resolve("fd").resolve(Integer.toString(number));
    return ProcFiles.link(link)
        .map(
            target ->
                new Descriptor(
                    pid,
                    number,
                    target,
                    target.startsWith(PIPE) || isFifo(link, target),
                    socketInode(target).stream()
                        .mapToObj(inode -> sockets(pid).flatMap(all -> all.find(inode)))
                        .flatMap(Optional::stream)
                        .findFirst()));
  }

  /** Of the file that a descriptor stands for; empty when it has none. */
  public static Optional<String> path(int pid, int number) {
    return ProcFiles.link(process(pid).resolve("fd").resolve(Integer.toString(number)))
        .filter(target -> target.startsWith("/"));
  }

  /** The sockets of the process's network namespace. */
  public Optional<Sockets> sockets(int pid) {
    return ProcFiles.link(process(pid).resolve("ns/net"))
        .map(
            namespace ->
                byNamespace.computeIfAbsent(
                    namespace, unused -> Sockets.read(process(pid).resolve("net"))));
  }

  /** Descriptors that an epoll descriptor watches, ascending. */
  public List<Integer> watchedBy(int pid, int epoll) {
    return information(pid, epoll)
        .orElse("")
        .lines()
        .filter(line -> line.startsWith(EPOLL_TARGET))
        .map(
            line -> Integer.valueOf(line.substring(EPOLL_TARGET.length()).strip().split(" ", 2)[0]))
        .sorted()
        .distinct()
        .toList();
  }

  /** The process that a pidfd stands for. */
  public OptionalInt processOf(int pid, int pidfd) {
    return information(pid, pidfd)
        .orElse("")
        .lines()
        .filter(line -> line.startsWith("Pid:"))
        .mapToInt(line -> Integer.parseInt(line.substring("Pid:".length()).strip()))
        .filter(found -> found > 0)
        .findFirst();
  }

  /** The inode of a link's {@code socket:[123]}. */
  public static OptionalLong socketInode(String target) {
    return target.startsWith(SOCKET)
        ? OptionalLong.of(Long.parseLong(target.substring(SOCKET.length(), target.length() - 1)))
        : OptionalLong.empty();
  }

  /** The link of a socket with this inode. */
  public static String socketTarget(long inode) {
    return SOCKET + inode + "]";
  }

  /**
   * Who has open what these links say, by link; one pass over all processes.
   *
   * @param targets as {@link Descriptor#target}
   */
  public Map<String, List<Holder>> holders(Set<String> targets, Collection<Integer> pids) {
    Map<String, List<Holder>> found = new HashMap<>();
    if (targets.isEmpty()) {
      return found;
    }
    for (int pid : pids) {
      for (Path link : links(pid)) {
        ProcFiles.link(link)
            .filter(targets::contains)
            .ifPresent(target -> note(found, pid, link, target));
      }
    }
    return found;
  }

  private static List<Path> links(int pid) {
    try (Stream<Path> links = Files.list(process(pid).resolve("fd"))) {
      return links.limit(MAX_DESCRIPTORS).toList();
    } catch (IOException | UncheckedIOException goneOrForbidden) {
      return List.of();
    }
  }

  private void note(Map<String, List<Holder>> found, int pid, Path link, String target) {
    List<Holder> holders = found.computeIfAbsent(target, unused -> new ArrayList<>());
    if (holders.size() < MAX_HOLDERS) {
      int number = Integer.parseInt(link.getFileName().toString());
      int mode = openFlags(pid, number) & ACCESS_MODE;
      holders.add(new Holder(pid, number, target, mode != WRITE_ONLY, mode != 0));
    }
  }

  private int openFlags(int pid, int number) {
    return information(pid, number)
        .orElse("")
        .lines()
        .filter(line -> line.startsWith("flags:"))
        .mapToInt(line -> Integer.parseInt(line.substring("flags:".length()).strip(), 8))
        .findFirst()
        .orElse(0);
  }

  private static Optional<String> information(int pid, int number) {
    return ProcFiles.read(process(pid).resolve("fdinfo").resolve(Integer.toString(number)));
  }

  private static boolean isFifo(Path link, String target) {
    if (!target.startsWith("/")) {
      return false;
    }
    try {
      return ((Integer) Files.getAttribute(link, "unix:mode") & FILE_TYPE) == FIFO;
    } catch (IOException gone) {
      return false;
    }
  }

  private static Path process(int pid) {
    return PROC.resolve(Integer.toString(pid));
  }
}
