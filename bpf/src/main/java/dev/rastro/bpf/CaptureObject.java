package dev.rastro.bpf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;

/** The compiled capture program, an ELF object that libbpf opens from memory. */
public final class CaptureObject {
  private static final String NAME = "capture.bpf.o";

  private CaptureObject() {}

  /** Where the object lies on the class path. */
  public static URL resource() {
    URL resource = CaptureObject.class.getResource(NAME);
    if (resource == null) {
      throw new IllegalStateException(
          NAME
              + " is not beside "
              + CaptureObject.class.getName()
              + ": build the bpf module again");
    }
    return resource;
  }

  /** All bytes of the object, a fresh array at each call. */
  public static byte[] read() {
    try (InputStream in = resource().openStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource(), e);
    }
  }
}
