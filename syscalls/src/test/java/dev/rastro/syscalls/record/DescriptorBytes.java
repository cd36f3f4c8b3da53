package dev.rastro.syscalls.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes the data of a descriptor's segment as the capture program lays it out. */
public final class DescriptorBytes {
  private final ByteBuffer bytes = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);

  private DescriptorBytes(int form) {
    bytes.put(RecordLayout.FILE_FORM_OFFSET, (byte) form);
    bytes.position(RecordLayout.FILE_BYTES);
  }

  public static DescriptorBytes of(int form) {
    return new DescriptorBytes(form);
  }

  /** A file in a folder. */
  public static DescriptorBytes path(String path) {
    DescriptorBytes file = of(RecordLayout.FORM_PATH);
    String[] names = path.substring(1).split("/", -1);
    for (int i = names.length - 1; i >= 0; i--) {
      file.name(names[i] + "\0");
    }
    return file;
  }

  public static DescriptorBytes socket(int family, String protocol) {
    DescriptorBytes socket = of(RecordLayout.FORM_SOCKET).name(protocol + "\0");
    socket.bytes.putShort(RecordLayout.FILE_FAMILY_OFFSET, (short) family);
    return socket;
  }

  public DescriptorBytes name(String name) {
    bytes.put(name.getBytes(UTF_8));
    return this;
  }

  public DescriptorBytes flags(int flags) {
    bytes.put(RecordLayout.FILE_FLAGS_OFFSET, (byte) flags);
    return this;
  }

  public DescriptorBytes inode(long inode) {
    bytes.putLong(RecordLayout.FILE_INODE_OFFSET, inode);
    return this;
  }

  public DescriptorBytes peer(long inode) {
    bytes.putLong(RecordLayout.FILE_PEER_OFFSET, inode);
    return this;
  }

  public DescriptorBytes device(int mode, int major, int minor) {
    bytes.putInt(RecordLayout.FILE_MODE_OFFSET, mode);
    bytes.putInt(RecordLayout.FILE_DEVICE_OFFSET, major << 20 | minor);
    return this;
  }

  public DescriptorBytes protocol(int protocol) {
    bytes.putShort(RecordLayout.FILE_PROTOCOL_OFFSET, (short) protocol);
    return this;
  }

  public DescriptorBytes id(int id) {
    bytes.putInt(RecordLayout.FILE_ID_OFFSET, id);
    return this;
  }

  public DescriptorBytes local(int port, int... address) {
    bytes.putShort(RecordLayout.FILE_LOCAL_PORT_OFFSET, (short) port);
    return put(RecordLayout.FILE_LOCAL_OFFSET, address);
  }

  public DescriptorBytes remote(int port, int... address) {
    bytes.putShort(RecordLayout.FILE_REMOTE_PORT_OFFSET, (short) port);
    return put(RecordLayout.FILE_REMOTE_OFFSET, address);
  }

  private DescriptorBytes put(int offset, int... address) {
    for (int i = 0; i < address.length; i++) {
      bytes.put(offset + i, (byte) address[i]);
    }
    return this;
  }

  /** Adds it to a record, for an argument at entry or, with RecordLayout.ARGS, for the result. */
  public RecordBuilder to(RecordBuilder record, int argument, int descriptor) {
    int length = bytes.position();
    bytes.putShort(RecordLayout.FILE_NAME_BYTES_OFFSET, (short) (length - RecordLayout.FILE_BYTES));
    byte[] data = new byte[length];
    bytes.get(0, data);
    int status = argument == RecordLayout.ARGS ? 0 : RecordLayout.AT_ENTRY;
    return record.segment(argument, descriptor, RecordLayout.DESCRIPTOR, status, length, data);
  }
}
