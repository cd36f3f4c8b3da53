package dev.rastro.daemon.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.channels.SelectableChannel;
import java.util.HashSet;
import java.util.Set;

/**
 * Who is at the other end of a Unix socket, as the kernel noted when they connected: unix(7).
 *
 * @param pid of who connected; may have ended since
 * @param uid effective, like the gid
 * @param groups supplementary ones
 */
public record PeerCredentials(int pid, int uid, int gid, Set<Integer> groups) {
  // asm-generic/socket.h, which x86 and ARM share
  private static final int SOL_SOCKET = 1;
  private static final int SO_PEERCRED = 17;
  private static final int SO_PEERGROUPS = 59;

  /** struct ucred: pid, uid, gid. */
  private static final int UCRED_BYTES = 12;

  /** NGROUPS_MAX of linux/limits.h. */
  private static final int MAX_GROUPS = 65_536;

  /** What a first question has room for; most have fewer. */
  private static final int FEW_GROUPS = 64;

  private static final int ERANGE = 34;

  public PeerCredentials {
    groups = Set.copyOf(groups);
  }

  /** Whether they are in a group, as far as the kernel's own checks go. */
  public boolean isIn(int group) {
    return gid == group || groups.contains(group);
  }

  /**
   * @param socket connected; its descriptor must not be closed meanwhile
   * @throws IOException when the kernel, or this Java, does not tell
   */
  public static PeerCredentials of(SelectableChannel socket) throws IOException {
    int fd = descriptorOf(socket);
    try (Memory value = new Memory(UCRED_BYTES)) {
      int length = ask(fd, SO_PEERCRED, value);
      if (length != UCRED_BYTES) {
        throw new IOException("SO_PEERCRED: " + Libc.describe(Native.getLastError()));
      }
      return new PeerCredentials(
          value.getInt(0), value.getInt(4), value.getInt(8), groups(fd, FEW_GROUPS));
    }
  }

  private static Set<Integer> groups(int fd, int room) throws IOException {
    try (Memory value = new Memory((long) room * Integer.BYTES)) {
      int length = ask(fd, SO_PEERGROUPS, value);
      if (length < 0) {
        int error = Native.getLastError();
        if (error == ERANGE && room < MAX_GROUPS) {
          return groups(fd, MAX_GROUPS);
        }
        throw new IOException("SO_PEERGROUPS: " + Libc.describe(error));
      }
      Set<Integer> groups = new HashSet<>();
      for (int at = 0; at < length; at += Integer.BYTES) {
        groups.add(value.getInt(at));
      }
      return groups;
    }
  }

  /** Returns the answer's length; negative when there is none. */
  private static int ask(int fd, int option, Memory value) {
    try (Memory length = new Memory(Integer.BYTES)) {
      length.setInt(0, (int) value.size());
      Pointer into = value;
      return Libc.getsockopt(fd, SOL_SOCKET, option, into, length) < 0 ? -1 : length.getInt(0);
    }
  }

  /**
   * Java tells no one the number of a channel's descriptor, and its own SO_PEERCRED tells names
   * instead of numbers, and no groups.
   */
  private static int descriptorOf(SelectableChannel socket) throws IOException {
    try {
      Method number = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal");
      return (Integer) number.invoke(socket);
    } catch (ReflectiveOperationException e) {
      throw new IOException(
          "this Java was not started with --add-exports=java.base/sun.nio.ch=ALL-UNNAMED", e);
    }
  }
}
