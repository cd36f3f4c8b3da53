package dev.rastro.bpf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;

/**
 * The compiled capture program, an ELF object that libbpf opens from memory. There are three, of
 * the same sources, as an object is refused that names a function which the kernel does not have,
 * or has in another form.
 */
public final class CaptureObject {
  private static final String NAME = "capture.bpf.o";
  private static final String PAGING_IN_6_18 = "capture-page-in-6.18.bpf.o";
  private static final String PAGING_IN_7_0 = "capture-page-in-7.0.bpf.o";

  private CaptureObject() {}

  /** Where the object for all kernels lies on the class path. */
  public static URL resource() {
    return resource(NAME);
  }

  /** All bytes of the object for all kernels, a fresh array at each call. */
  public static byte[] read() {
    return read(NAME);
  }

  /**
   * The same for kernels that have task work for programs (6.18): calls whose memory is not all
   * resident when they return are read before their task goes on.
   *
   * @param major the first number of the kernel's release
   */
  public static byte[] readPagingIn(int major) {
    return read(major < 7 ? PAGING_IN_6_18 : PAGING_IN_7_0);
  }

  private static byte[] read(String name) {
    URL resource = resource(name);
    try (InputStream in = resource.openStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }

  private static URL resource(String name) {
    URL resource = CaptureObject.class.getResource(name);
    if (resource == null) {
      throw new IllegalStateException(
          name
              + " is not beside "
              + CaptureObject.class.getName()
              + ": build the bpf module again");
    }
    return resource;
  }
}
