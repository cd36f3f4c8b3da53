// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.host;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The sockets of one network namespace, by inode: {@code /proc/PID/net/tcp} and its like (proc(5)).
 */
public final class Sockets {
  private static final String TCP_LISTEN = "0A";

  /** UDP sockets do not listen; one that is bound and has no peer is as near as they come. */
  private static final String UDP_UNCONNECTED = "07";

  private static final long UNIX_ACCEPTS = 0x10000;
  private static final String NO_PORT = ":0";

  /**
   * One socket.
   *
   * @param protocol "tcp", "udp" or "unix"
   * @param local address and port, or path; empty when it has none
   * @param remote address and port; empty when it has none, or it is a Unix socket
   * @param listening it accepts connections, or is a bound UDP socket without a peer
   */
  public record Socket(
      long inode, String protocol, String local, String remote, boolean listening) {

    /** {@code tcp://0.0.0.0:80}. */
    public String uri() {
      return protocol + "://" + local;
    }

    /** Whether it is the other end of this connection, in the same namespace. */
    boolean isPeerOf(Socket other) {
      return !remote.isEmpty()
          && protocol.equals(other.protocol)
          && local.equals(other.remote)
          && remote.equals(other.local);
    }
  }

  private final Map<Long, Socket> byInode = new HashMap<>();

  private Sockets() {}

  /**
   * @param net a process's {@code net} folder
   */
  static Sockets read(Path net) {
    Sockets sockets = new Sockets();
    sockets.addInternet(net.resolve("tcp"), "tcp", TCP_LISTEN);
    sockets.addInternet(net.resolve("tcp6"), "tcp", TCP_LISTEN);
    sockets.addInternet(net.resolve("udp"), "udp", UDP_UNCONNECTED);
    sockets.addInternet(net.resolve("udp6"), "udp", UDP_UNCONNECTED);
    sockets.addUnix(net.resolve("unix"));
    return sockets;
  }

  public Optional<Socket> find(long inode) {
    return Optional.ofNullable(byInode.get(inode));
  }

  /** The other end of a connection, where it is in the same namespace. */
  public Optional<Socket> peerOf(Socket socket) {
    return byInode.values().stream().filter(one -> one.isPeerOf(socket)).findFirst();
  }

  private void addInternet(Path table, String protocol, String listening) {
    forEachLine(
        table,
        line -> {
          String[] columns = line.strip().split("\\s+", -1);
          if (columns.length > 9) {
            add(
                new Socket(
                    Long.parseLong(columns[9]),
                    protocol,
                    Listeners.address(columns[1]),
                    remote(columns[2]),
                    columns[3].equals(listening)));
          }
        });
  }

  private static String remote(String column) {
    String address = Listeners.address(column);
    return address.endsWith(NO_PORT) ? "" : address;
  }

  private void addUnix(Path table) {
    forEachLine(
        table,
        line -> {
          String[] columns = line.strip().split("\\s+", 8);
          if (columns.length >= 7) {
            boolean listening = (Long.parseLong(columns[3], 16) & UNIX_ACCEPTS) != 0;
            String path = columns.length > 7 ? columns[7] : "";
            add(new Socket(Long.parseLong(columns[6]), "unix", path, "", listening));
          }
        });
  }

  /** Inode 0 is that of sockets that nobody has open any more. */
  private void add(Socket socket) {
    if (socket.inode() != 0) {
      byInode.put(socket.inode(), socket);
    }
  }

  private static void forEachLine(Path table, Consumer<String> action) {
    ProcFiles.read(table).orElse("").lines().skip(1).forEach(action);
  }
}
