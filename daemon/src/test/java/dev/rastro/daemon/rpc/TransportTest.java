package dev.rastro.daemon.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.GetStatusResponse;
import dev.rastro.v1.TracerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client can do to a connection: it ends, and the others are served on. */
@Tag("kernel")
@Timeout(300)
final class TransportTest {
  /** A frame may have so many bytes unless SETTINGS say otherwise. */
  private static final int FRAME_BYTES = 16_384;

  /** Of a field of a type that there is not. */
  private static final byte NO_TAG = 7;

  private static ServingDaemon daemon;
  private static UnixDomainSocketAddress address;
  private static MultiThreadIoEventLoopGroup io;
  private static ManagedChannel other;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    Path socket = folder.resolve("s");
    daemon = new ServingDaemon(Listening.at(socket), ServingDaemon.RULES, Patience.STANDARD);
    address = UnixDomainSocketAddress.of(socket);
    io = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    other =
        NettyChannelBuilder.forAddress(address)
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(io)
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
  }

  @AfterAll
  static void stop() throws Exception {
    other.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    io.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
    daemon.close();
  }

  @AfterEach
  void theOthersAreServed() {
    assertServed(other);
  }

  private static void assertServed(ManagedChannel channel) {
    GetStatusResponse status =
        TracerGrpc.newBlockingStub(channel)
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .getStatus(GetStatusRequest.getDefaultInstance());
    assertEquals("test", status.getVersion());
  }

  @Test
  void whatIsNoHttp2EndsTheConnection() throws Exception {
    Random random = new Random(7);
    for (int length : new int[] {1, 24, 33, 4096, 100_000}) {
      try (RawHttp2 client = RawHttp2.connect(address)) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        writeAsFarAsItGoes(client, noise);
        client.awaitEnd();
      }
    }
    try (RawHttp2 client = RawHttp2.connect(address)) {
      writeAsFarAsItGoes(
          client,
          "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
              .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      client.awaitEnd();
    }
  }

  @Test
  void framesOutOfOrderOrOutOfSizeEndTheConnection() throws Exception {
    try (RawHttp2 client = RawHttp2.connect(address).begin()) {
      client.frame(RawHttp2.DATA, 0, 0, new byte[8]);
      assertTrue(client.awaitEnd());
    }
    try (RawHttp2 client = RawHttp2.connect(address).begin()) {
      client.frame(RawHttp2.PING, 0, 0, 7, new byte[7]);
      assertTrue(client.awaitEnd());
    }
    try (RawHttp2 client = RawHttp2.connect(address).begin()) {
      client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, 1 << 23, new byte[64]);
      assertTrue(client.awaitEnd());
    }
    try (RawHttp2 client = RawHttp2.connect(address).begin()) {
      byte[] noise = new byte[200];
      Arrays.fill(noise, (byte) 0xFF);
      client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, noise);
      assertTrue(client.awaitEnd(), "what HPACK cannot read");
    }
  }

  @Test
  void headersWithoutEndAreNotCollected() throws Exception {
    try (RawHttp2 client = RawHttp2.connect(address).begin()) {
      client.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.headers("/rastro.v1.Tracer/GetStatus"));
      ByteArrayOutputStream block = new ByteArrayOutputStream();
      while (block.size() < FRAME_BYTES - 300) {
        RawHttp2.literal(block, "x-" + block.size(), "y".repeat(100));
      }
      for (int i = 0; i < 200; i++) {
        if (!writes(client, RawHttp2.CONTINUATION, 0, 1, block.toByteArray())) {
          break;
        }
      }
      client.awaitEnd();
    }
  }

  @Test
  void callsBrokenOffAgainAndAgainEndTheConnection() throws Exception {
    try (RawHttp2 client = RawHttp2.connect(address).begin()) {
      byte[] cancel = ByteBuffer.allocate(4).putInt(8).array();
      byte[] headers = RawHttp2.headers("/rastro.v1.Tracer/Trace");
      for (int i = 0; i < 3 * ServerLimits.MAX_RESETS; i++) {
        int stream = 2 * i + 1;
        if (!writes(client, RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, headers)
            || !writes(client, RawHttp2.RST_STREAM, 0, stream, cancel)) {
          break;
        }
      }
      assertTrue(client.awaitEnd());
    }
    assertEquals(0, daemon.sessions().all().size());
  }

  @Test
  void floodsOfFramesThatAreNothingAreBorne() throws Exception {
    for (int type : new int[] {RawHttp2.PING, RawHttp2.SETTINGS}) {
      try (RawHttp2 client = RawHttp2.connect(address).begin()) {
        byte[] payload = type == RawHttp2.PING ? new byte[8] : new byte[0];
        // Nobody reads the answers: they must not pile up without end.
        for (int i = 0; i < 100_000; i++) {
          if (!writes(client, type, 0, 0, payload)) {
            break;
          }
        }
      }
    }
  }

  @Test
  void aRequestThatIsNoMessageIsRefused() throws Exception {
    try (RawHttp2 client = RawHttp2.connect(address).begin()) {
      Random random = new Random(11);
      for (int i = 0; i < 200; i++) {
        byte[] noise = new byte[1 + random.nextInt(64)];
        random.nextBytes(noise);
        noise[0] = NO_TAG;
        int stream = 2 * i + 1;
        client
            .call(stream, i % 2 == 0 ? "ListProcesses" : "ListSyscalls")
            .frame(RawHttp2.DATA, RawHttp2.END_STREAM, stream, RawHttp2.message(noise));
        assertEquals(stream, client.awaitEndOf(stream).stream());
      }
    }
  }

  @Test
  void aRequestThatIsTooLongIsRefusedHoweverItIsPacked() throws Exception {
    byte[] zeros = new byte[ServerLimits.MAX_REQUEST_BYTES + 1];
    ByteArrayOutputStream small = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(small)) {
      for (int i = 0; i < 100; i++) {
        gzip.write(zeros);
      }
    }
    try (RawHttp2 client = RawHttp2.connect(address).begin()) {
      client.call(1, "Trace");
      byte[] said =
          ByteBuffer.allocate(5).put((byte) 0).putInt(ServerLimits.MAX_REQUEST_BYTES + 1).array();
      client.frame(RawHttp2.DATA, 0, 1, said);
      assertRefused(client.awaitEndOf(1));
      client.frame(
          RawHttp2.HEADERS,
          RawHttp2.END_HEADERS,
          3,
          RawHttp2.headers("/rastro.v1.Tracer/Trace", "grpc-encoding", "gzip"));
      byte[] bomb =
          ByteBuffer.allocate(5 + small.size())
              .put((byte) 1)
              .putInt(small.size())
              .put(small.toByteArray())
              .array();
      for (int at = 0; at < bomb.length; at += FRAME_BYTES) {
        byte[] part = Arrays.copyOfRange(bomb, at, Math.min(bomb.length, at + FRAME_BYTES));
        client.frame(RawHttp2.DATA, 0, 3, part);
      }
      client.frame(RawHttp2.DATA, RawHttp2.END_STREAM, 3, new byte[0]);
      assertRefused(client.awaitEndOf(3));
    }
  }

  /** In plain text, as the test's headers are: 8 RESOURCE_EXHAUSTED, 13 INTERNAL; or cut off. */
  private static void assertRefused(RawHttp2.Frame end) {
    assertTrue(end.type() == RawHttp2.RST_STREAM || !end.payload().isEmpty());
  }

  /** By a daemon of its own: the others' clients may be slow. */
  @Test
  void whoSaysNothingOrGoesSlowlyIsNotWaitedFor(@TempDir Path folder) throws Exception {
    UnixDomainSocketAddress hurried = UnixDomainSocketAddress.of(folder.resolve("hurried"));
    try (ServingDaemon hurrying =
            new ServingDaemon(
                Listening.at(hurried.getPath()),
                ServingDaemon.RULES,
                new Patience(1, 1, 1, 2, 1, 1));
        Channels channels = new Channels();
        RawHttp2 silent = RawHttp2.connect(hurried);
        RawHttp2 half = RawHttp2.connect(hurried);
        RawHttp2 frame = RawHttp2.connect(hurried).begin();
        RawHttp2 headers = RawHttp2.connect(hurried).begin();
        RawHttp2 body = RawHttp2.connect(hurried).begin();
        RawHttp2 idle = RawHttp2.connect(hurried).begin()) {
      half.write("PRI * HTTP/2.0\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      frame.frame(RawHttp2.SETTINGS, 0, 0, 600, new byte[6]);
      headers.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.headers("/rastro.v1.Tracer/Trace"));
      body.call(1, "Trace").frame(RawHttp2.DATA, 0, 1, new byte[] {0, 0, 0, 0, 9, 1});
      silent.awaitEnd();
      half.awaitEnd();
      frame.awaitEnd();
      headers.awaitEnd();
      assertEquals(1, body.awaitEndOf(1).stream(), "the call, and then the connection");
      body.awaitEnd();
      assertTrue(idle.awaitEnd());
      assertEquals(0, hurrying.sessions().all().size());
      assertServed(channels.unix(hurried.getPath()));
    }
  }

  private static void writeAsFarAsItGoes(RawHttp2 client, byte[] bytes) {
    try {
      client.write(bytes);
    } catch (IOException closed) {
      // It has had enough.
    }
  }

  /** False once the other side has closed. */
  private static boolean writes(RawHttp2 client, int type, int flags, int stream, byte[] payload) {
    try {
      client.frame(type, flags, stream, payload);
      return true;
    } catch (IOException closed) {
      return false;
    }
  }
}
