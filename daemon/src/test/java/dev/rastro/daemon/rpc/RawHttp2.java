package dev.rastro.daemon.rpc;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Frames of HTTP/2 by hand (RFC 9113), right and wrong ones. */
final class RawHttp2 implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private static final int HEAD_BYTES = 9;
  private static final int LONGEST_LITERAL = 126;

  private final SocketChannel channel;
  private final ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);

  /** What the other side says. */
  record Frame(int type, int flags, int stream, ByteString payload) {}

  private RawHttp2(SocketChannel channel) {
    this.channel = channel;
  }

  static RawHttp2 connect(SocketAddress address) throws IOException {
    return new RawHttp2(SocketChannel.open(address));
  }

  /** Preface and SETTINGS. */
  RawHttp2 begin() throws IOException {
    write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return frame(SETTINGS, 0, 0, new byte[0]);
  }

  RawHttp2 frame(int type, int flags, int stream, byte[] payload) throws IOException {
    return frame(type, flags, stream, payload.length, payload);
  }

  /**
   * @param length as the frame says it is
   */
  RawHttp2 frame(int type, int flags, int stream, int length, byte[] payload) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + payload.length);
    bytes.put((byte) (length >>> 16)).putShort((short) length);
    bytes.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    write(bytes.array());
    return this;
  }

  /** A call of the tracer, whose request is to follow. */
  RawHttp2 call(int stream, String rpc) throws IOException {
    return frame(HEADERS, END_HEADERS, stream, headers("/rastro.v1.Tracer/" + rpc));
  }

  static byte[] headers(String path, String... more) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    literal(block, ":method", "POST");
    literal(block, ":scheme", "http");
    literal(block, ":path", path);
    literal(block, ":authority", "localhost");
    literal(block, "te", "trailers");
    literal(block, "content-type", "application/grpc");
    for (int i = 0; i < more.length; i += 2) {
      literal(block, more[i], more[i + 1]);
    }
    return block.toByteArray();
  }

  /** RFC 7541: a literal that is not indexed, not compressed. */
  static void literal(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    for (String text : new String[] {name, value}) {
      if (text.length() > LONGEST_LITERAL) {
        throw new IllegalArgumentException(text);
      }
      block.write(text.length());
      block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** A gRPC message: not compressed, of this length. */
  static byte[] message(byte[] body) {
    return ByteBuffer.allocate(5 + body.length).put((byte) 0).putInt(body.length).put(body).array();
  }

  void write(byte[] bytes) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      int unused = channel.write(rest);
    }
  }

  /** Blocks; empty when the other side has closed. */
  Optional<Frame> read() {
    try {
      head.clear();
      if (!fill(head)) {
        return Optional.empty();
      }
      int length = (head.get(0) & 0xFF) << 16 | (head.getShort(1) & 0xFFFF);
      ByteBuffer payload = ByteBuffer.allocate(length);
      return fill(payload)
          ? Optional.of(
              new Frame(
                  head.get(3),
                  head.get(4),
                  head.getInt(5) & 0x7FFFFFFF,
                  ByteString.copyFrom(payload.array())))
          : Optional.empty();
    } catch (IOException reset) {
      return Optional.empty();
    }
  }

  private boolean fill(ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Reads on until the other side closes; whether it said GOAWAY before. */
  boolean awaitEnd() {
    boolean goaway = false;
    for (Optional<Frame> frame = read(); frame.isPresent(); frame = read()) {
      goaway |= frame.get().type() == GOAWAY;
    }
    return goaway;
  }

  /** Reads on until a frame of this stream ends it. */
  Frame awaitEndOf(int stream) {
    for (Optional<Frame> frame = read(); frame.isPresent(); frame = read()) {
      Frame found = frame.get();
      boolean ends =
          found.type() == RST_STREAM
              || (found.type() == HEADERS && (found.flags() & END_STREAM) != 0);
      if (found.stream() == stream && ends) {
        return found;
      }
    }
    throw new AssertionError("the connection was closed before stream " + stream);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
