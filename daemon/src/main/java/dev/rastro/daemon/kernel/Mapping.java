package dev.rastro.daemon.kernel;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory shared with the kernel. Its buffer must not be touched once it is closed. */
final class Mapping implements AutoCloseable {
  private final Pointer address;
  private final long bytes;

  private Mapping(Pointer address, long bytes) {
    this.address = address;
    this.bytes = bytes;
  }

  static Mapping map(String what, int fd, long offset, long bytes, boolean writable)
      throws CaptureException {
    int protection = Libc.PROT_READ | (writable ? Libc.PROT_WRITE : 0);
    Pointer address = Libc.mmap(Pointer.NULL, bytes, protection, Libc.MAP_SHARED, fd, offset);
    if (address == null || Pointer.nativeValue(address) == Libc.MAP_FAILED) {
      throw LoadedObject.refusal("mmap of the " + what, Native.getLastError());
    }
    return new Mapping(address, bytes);
  }

  ByteBuffer buffer() {
    return address.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    Libc.munmap(address, bytes);
  }
}
