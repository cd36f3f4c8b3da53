package dev.rastro.daemon.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A property by which a session chooses processes, as the kernel looks it up: struct rastro_rule.
 */
public record Rule(Kind kind, long firstWord, long secondWord) {
  /** What a process is chosen by. */
  public enum Kind {
    COMM(0, ControlPage.Mask.CHOOSES_BY_COMM),
    EXECUTABLE(1, ControlPage.Mask.CHOOSES_BY_EXECUTABLE),
    UID(2, ControlPage.Mask.CHOOSES_BY_UID),
    CGROUP(3, ControlPage.Mask.CHOOSES_BY_CGROUP);

    private final int code;
    private final ControlPage.Mask mask;

    Kind(int code, ControlPage.Mask mask) {
      this.code = code;
      this.mask = mask;
    }

    /** As enum rastro_rule_kind; from 0, without gaps. */
    int code() {
      return code;
    }

    /** The sessions that have rules of this kind. */
    public ControlPage.Mask mask() {
      return mask;
    }
  }

  /** Bytes of a name that the kernel keeps; the rest of a longer one is cut off there, too. */
  private static final int COMM_BYTES = 15;

  private static final int DEVICE_MINOR_BITS = 20;

  /** The name of a process's main thread. */
  public static Rule comm(String name) {
    ByteBuffer words = ByteBuffer.allocate(2 * Long.BYTES).order(ByteOrder.nativeOrder());
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    words.put(0, bytes, 0, Math.min(bytes.length, COMM_BYTES));
    return new Rule(Kind.COMM, words.getLong(0), words.getLong(Long.BYTES));
  }

  /** The file that a process executes, by the numbers that the kernel itself has for it. */
  public static Rule executable(long inode, int deviceMajor, int deviceMinor) {
    long device = (long) deviceMajor << DEVICE_MINOR_BITS | deviceMinor;
    return new Rule(Kind.EXECUTABLE, inode, device);
  }

  /** The real user. */
  public static Rule user(int uid) {
    return new Rule(Kind.UID, Integer.toUnsignedLong(uid), 0);
  }

  /** A cgroup of the v2 hierarchy with all below it: the inode number of its directory. */
  public static Rule cgroup(long id) {
    return new Rule(Kind.CGROUP, id, 0);
  }
}
