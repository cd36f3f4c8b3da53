package dev.rastro.daemon;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A loopback port in front of a Unix socket, whose connections can be cut. */
final class CuttingProxy implements AutoCloseable {
  private final Path socket;
  private final ServerSocketChannel server;
  private final List<SocketChannel> connections = new ArrayList<>();
  private final ByteArrayOutputStream fromDaemon = new ByteArrayOutputStream();

  CuttingProxy(Path socket) throws IOException {
    this.socket = socket;
    this.server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    start(this::accept);
  }

  InetSocketAddress address() throws IOException {
    return (InetSocketAddress) server.getLocalAddress();
  }

  /** Cuts all connections; others may follow. */
  synchronized void cut() throws IOException {
    for (SocketChannel connection : connections) {
      connection.close();
    }
    connections.clear();
  }

  /** Forgets what the daemon has sent. */
  void record() {
    fromDaemon.reset();
  }

  /** All that the daemon has sent since, over any connection. */
  byte[] recorded() {
    return fromDaemon.toByteArray();
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }

  private void accept() throws IOException {
    while (true) {
      SocketChannel client = server.accept();
      SocketChannel daemon = SocketChannel.open(StandardProtocolFamily.UNIX);
      daemon.connect(UnixDomainSocketAddress.of(socket));
      synchronized (this) {
        connections.add(client);
        connections.add(daemon);
      }
      start(() -> copy(client, daemon, OutputStream.nullOutputStream()));
      start(() -> copy(daemon, client, fromDaemon));
    }
  }

  private static void copy(SocketChannel from, SocketChannel to, OutputStream record)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    while (from.read(buffer) >= 0) {
      buffer.flip();
      record.write(buffer.array(), 0, buffer.limit());
      while (buffer.hasRemaining()) {
        to.write(buffer);
      }
      buffer.clear();
    }
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
