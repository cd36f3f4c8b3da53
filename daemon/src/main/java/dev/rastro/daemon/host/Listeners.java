package dev.rastro.daemon.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which sockets a process listens on: its descriptors joined by inode with the tables of its
 * network namespace (proc(5), {@code /proc/net/tcp} and its like). One object serves one listing;
 * it reads the tables of each namespace once.
 */
final class Listeners {

  /** Of one process: what is beyond is not looked at. */
  private static final int MAX_DESCRIPTORS = 65_536;

  private final Map<String, Sockets> byNamespace = new HashMap<>();

  List<String> of(Path process) {
    Optional<String> namespace = ProcFiles.link(process.resolve("ns/net"));
    if (namespace.isEmpty()) {
      return List.of();
    }
    Sockets sockets =
        byNamespace.computeIfAbsent(
            namespace.get(), unused -> Sockets.read(process.resolve("net")));
    try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
      return descriptors
          .limit(MAX_DESCRIPTORS)
          .flatMap(descriptor -> ProcFiles.link(descriptor).stream())
          .flatMapToLong(target -> Descriptors.socketInode(target).stream())
          .mapToObj(sockets::find)
          .flatMap(Optional::stream)
          .filter(socket -> socket.listening() && !socket.local().isEmpty())
          .map(Sockets.Socket::uri)
          .distinct()
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException goneOrForbidden) {
      return List.of();
    }
  }

  /** The address is in 32-bit words of the host's order, which is little-endian here. */
  static String address(String column) {
    int colon = column.indexOf(':');
    int port = Integer.parseInt(column.substring(colon + 1), 16);
    byte[] bytes = new byte[colon / 2];
    for (int i = 0; i < bytes.length; i++) {
      int at = (i & ~3) + (3 - (i & 3));
      bytes[i] = (byte) Integer.parseInt(column.substring(2 * at, 2 * at + 2), 16);
    }
    try {
      // An IPv4 address in an IPv6 socket comes out as what it is.
      InetAddress address = InetAddress.getByAddress(bytes);
      String host =
          address instanceof Inet4Address ? address.getHostAddress() : "[" + shortened(bytes) + "]";
      return host + ":" + port;
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("address of " + bytes.length + " bytes", impossible);
    }
  }

  /** RFC 5952: the longest run of zero groups is written as two colons. */
  private static String shortened(byte[] bytes) {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    int runStart = -1;
    int runLength = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > runLength) {
        runStart = i;
        runLength = end - i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == runStart) {
        text.append("::");
        i += runLength - 1;
        continue;
      }
      if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
