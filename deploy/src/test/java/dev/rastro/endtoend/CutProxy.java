// SPDX-License-Identifier: Apache-2.0
package dev.rastro.endtoend;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A socket in front of a daemon's, whose connections can be cut; while it is down none succeeds.
 */
final class CutProxy implements AutoCloseable {
  private final Path daemon;
  private final Path socket;
  private final ServerSocketChannel server;
  private final List<SocketChannel> connections = new ArrayList<>();
  private boolean down;

  CutProxy(Path daemon, Path socket) throws IOException {
    this.daemon = daemon;
    this.socket = socket;
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    start(this::accept);
  }

  Path socket() {
    return socket;
  }

  synchronized void cut() throws IOException {
    down = true;
    for (SocketChannel connection : connections) {
      connection.close();
    }
    connections.clear();
  }

  synchronized void mend() {
    down = false;
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }

  private void accept() throws IOException {
    while (true) {
      SocketChannel client = server.accept();
      synchronized (this) {
        if (down) {
          client.close();
          continue;
        }
        SocketChannel behind = SocketChannel.open(UnixDomainSocketAddress.of(daemon));
        connections.add(client);
        connections.add(behind);
        start(() -> copy(client, behind));
        start(() -> copy(behind, client));
      }
    }
  }

  private static void copy(SocketChannel from, SocketChannel to) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    while (from.read(buffer) >= 0) {
      buffer.flip();
      while (buffer.hasRemaining()) {
        int unused = to.write(buffer);
      }
      buffer.clear();
    }
    from.close();
    to.close();
  }

  private interface Work {
    void run() throws IOException;
  }

  /** Ends when a connection is cut. */
  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException cut) {
                Thread.currentThread().interrupt();
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
