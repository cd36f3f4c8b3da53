// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.kernel;

import com.sun.jna.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Who is at the other end of Unix sockets, which {@code /proc} does not tell: asks sock_diag(7).
 * Knows the daemon's own network namespace.
 */
public final class UnixPeers {
  /** Sockets that are taken note of. */
  static final int MAX_SOCKETS = 65_536;

  // linux/netlink.h, linux/sock_diag.h, linux/unix_diag.h
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
  private static final int NETLINK_SOCK_DIAG = 4;
  private static final int SOCK_DIAG_BY_FAMILY = 20;
  private static final int NLM_F_REQUEST_DUMP = 0x1 | 0x300;
  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int NLMSG_HEAD_BYTES = 16;
  private static final int AF_UNIX = 1;
  private static final int ALL_STATES = -1;
  private static final int UDIAG_SHOW_PEER = 4;
  private static final int UNIX_DIAG_PEER = 2;
  private static final int REQUEST_BYTES = NLMSG_HEAD_BYTES + 24;
  private static final int ANSWER_HEAD_BYTES = 16;
  private static final int ATTRIBUTE_HEAD_BYTES = 4;

  private static final int BUFFER_BYTES = 64 << 10;

  private UnixPeers() {}

  /** Inode → inode of the socket that it is connected to. Empty where the kernel does not tell. */
  public static Map<Long, Long> byInode() {
    int socket = Libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG);
    if (socket < 0) {
      return Map.of();
    }
    try {
      Memory buffer = new Memory(BUFFER_BYTES);
      ByteBuffer bytes = buffer.getByteBuffer(0, BUFFER_BYTES).order(ByteOrder.nativeOrder());
      bytes.putInt(0, REQUEST_BYTES).putShort(4, (short) SOCK_DIAG_BY_FAMILY);
      bytes.putShort(6, (short) NLM_F_REQUEST_DUMP).putInt(8, 1).putInt(12, 0);
      bytes.put(16, (byte) AF_UNIX).put(17, (byte) 0).putShort(18, (short) 0);
      bytes.putInt(20, ALL_STATES).putInt(24, 0).putInt(28, UDIAG_SHOW_PEER);
      bytes.putInt(32, -1).putInt(36, -1);
      if (Libc.send(socket, buffer, REQUEST_BYTES, 0) != REQUEST_BYTES) {
        return Map.of();
      }
      Map<Long, Long> peers = new HashMap<>();
      long length = Libc.recv(socket, buffer, BUFFER_BYTES, 0);
      while (length > 0 && read(bytes, (int) length, peers) && peers.size() < MAX_SOCKETS) {
        length = Libc.recv(socket, buffer, BUFFER_BYTES, 0);
      }
      return peers;
    } finally {
      int unused = Libc.close(socket);
    }
  }

  /** Whether more messages follow. */
  private static boolean read(ByteBuffer bytes, int end, Map<Long, Long> peers) {
    int at = 0;
    while (end - at >= NLMSG_HEAD_BYTES) {
      int length = bytes.getInt(at);
      int type = bytes.getShort(at + 4);
      if (type == NLMSG_DONE || type == NLMSG_ERROR || length < NLMSG_HEAD_BYTES) {
        return false;
      }
      readSocket(bytes, at + NLMSG_HEAD_BYTES, Math.min(at + length, end), peers);
      at += aligned(length);
    }
    return true;
  }

  /** struct unix_diag_msg and its attributes. */
  private static void readSocket(ByteBuffer bytes, int from, int end, Map<Long, Long> peers) {
    int at = from + ANSWER_HEAD_BYTES;
    while (end - at >= ATTRIBUTE_HEAD_BYTES + Integer.BYTES) {
      int length = Short.toUnsignedInt(bytes.getShort(at));
      if (length < ATTRIBUTE_HEAD_BYTES) {
        return;
      }
      if (bytes.getShort(at + 2) == UNIX_DIAG_PEER) {
        peers.put(
            Integer.toUnsignedLong(bytes.getInt(from + 4)),
            Integer.toUnsignedLong(bytes.getInt(at + ATTRIBUTE_HEAD_BYTES)));
      }
      at += aligned(length);
    }
  }

  private static int aligned(int length) {
    return (length + 3) & ~3;
  }
}
