package dev.rastro.syscalls.record;

import java.nio.ByteBuffer;

/** A flyweight over one segment of kind DESCRIPTOR: what a descriptor stood for. */
public final class Descriptor {
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private int at;
  private int length;

  /**
   * @param segment as {@link RecordReader#findDescriptor} has found it
   * @return this
   */
  public Descriptor wrap(RecordReader record, int segment) {
    buffer = record.buffer();
    at = record.segmentData(segment);
    length = record.segmentLength(segment);
    return this;
  }

  /** One of {@code RecordLayout.FORM_*}. */
  public int form() {
    return buffer.get(at + RecordLayout.FILE_FORM_OFFSET);
  }

  public boolean deleted() {
    return (buffer.get(at + RecordLayout.FILE_FLAGS_OFFSET) & RecordLayout.FILE_DELETED) != 0;
  }

  /** First names of the path are missing. */
  public boolean cut() {
    return (buffer.get(at + RecordLayout.FILE_FLAGS_OFFSET) & RecordLayout.FILE_CUT) != 0;
  }

  /** A netlink socket has a port or listens to groups. */
  public boolean bound() {
    return (buffer.get(at + RecordLayout.FILE_FLAGS_OFFSET) & RecordLayout.FILE_BOUND) != 0;
  }

  public long inode() {
    return buffer.getLong(at + RecordLayout.FILE_INODE_OFFSET);
  }

  /** Inode of the unix socket at the other end; 0 when there is none. */
  public long peer() {
    return buffer.getLong(at + RecordLayout.FILE_PEER_OFFSET);
  }

  /** As st_mode. */
  public int mode() {
    return buffer.getInt(at + RecordLayout.FILE_MODE_OFFSET);
  }

  public int deviceMajor() {
    return buffer.getInt(at + RecordLayout.FILE_DEVICE_OFFSET) >>> 20;
  }

  public int deviceMinor() {
    return buffer.getInt(at + RecordLayout.FILE_DEVICE_OFFSET) & 0xfffff;
  }

  /** The pid of a pidfd, the port of a netlink socket. */
  public int id() {
    return buffer.getInt(at + RecordLayout.FILE_ID_OFFSET);
  }

  public int protocol() {
    return unsigned16(RecordLayout.FILE_PROTOCOL_OFFSET);
  }

  public int family() {
    return unsigned16(RecordLayout.FILE_FAMILY_OFFSET);
  }

  public int localPort() {
    return unsigned16(RecordLayout.FILE_LOCAL_PORT_OFFSET);
  }

  public int remotePort() {
    return unsigned16(RecordLayout.FILE_REMOTE_PORT_OFFSET);
  }

  /** Where in {@link #buffer} the local address begins. */
  public int localAddress() {
    return at + RecordLayout.FILE_LOCAL_OFFSET;
  }

  public int remoteAddress() {
    return at + RecordLayout.FILE_REMOTE_OFFSET;
  }

  public ByteBuffer buffer() {
    return buffer;
  }

  /** Where in {@link #buffer} the names begin. */
  public int names() {
    return at + RecordLayout.FILE_BYTES;
  }

  public int nameBytes() {
    return Math.min(
        unsigned16(RecordLayout.FILE_NAME_BYTES_OFFSET), length - RecordLayout.FILE_BYTES);
  }

  /** Whether this is the whole path, from the root. */
  public boolean hasPath(byte[] path) {
    int begin = names();
    int end = begin + nameBytes();
    if (end == begin) {
      return path.length == 1 && path[0] == '/';
    }
    int at = 0;
    while (end > begin) {
      int name = end - 1;
      while (name > begin && buffer.get(name - 1) != 0) {
        name--;
      }
      if (at == path.length || path[at++] != '/') {
        return false;
      }
      for (int i = name; i < end && buffer.get(i) != 0; i++) {
        if (at == path.length || path[at++] != buffer.get(i)) {
          return false;
        }
      }
      end = name;
    }
    return at == path.length;
  }

  private int unsigned16(int offset) {
    return buffer.getShort(at + offset) & 0xffff;
  }
}
