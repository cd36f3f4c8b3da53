package dev.rastro.daemon.rpc;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A daemon that is asked anything at all, by root and by a viewer, and has to answer or refuse. */
final class RequestTarget implements AutoCloseable {
  private static final int DEADLINE_MILLIS = 500;
  private static final int PATIENCE_SECONDS = 60;

  /** What is no answer to a request, however bad: a defect of ours. */
  private static final Set<Status.Code> DEFECTS =
      EnumSet.of(Status.Code.INTERNAL, Status.Code.UNKNOWN, Status.Code.UNAVAILABLE);

  private final ServingDaemon daemon;
  private final Channels channels = new Channels();
  private final List<Channel> callers;

  RequestTarget(Path folder) throws Exception {
    daemon =
        new ServingDaemon(
            new Listening(
                folder.resolve("s"),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.of(0),
                Optional.empty()),
            ServingDaemon.RULES,
            Patience.STANDARD);
    callers =
        List.of(
            channels.unix(folder.resolve("s")),
            channels.loopback(daemon.server().loopbackPort().getAsInt()));
  }

  /** Asks and, when it begins to be answered, has heard enough. */
  Status ask(RandomRequest request, int caller) throws Exception {
    MethodDescriptor<ByteString, ByteString> raw =
        MethodDescriptor.<ByteString, ByteString>newBuilder()
            .setType(request.method().getType())
            .setFullMethodName(request.method().getFullMethodName())
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    ClientCall<ByteString, ByteString> call =
        callers
            .get(caller % callers.size())
            .newCall(
                raw, CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS));
    CompletableFuture<Status> end = new CompletableFuture<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(ByteString message) {
            call.cancel("heard enough", null);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage(request.body());
    call.halfClose();
    Status status = end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (DEFECTS.contains(status.getCode())) {
      throw new AssertionError(
          "%s answers %s to %s".formatted(request.method().getBareMethodName(), status, request));
    }
    return status;
  }

  /** What all the streams had is free again. */
  void awaitRest() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!daemon.sessions().all().isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(daemon.sessions().all().size() + " sessions are left");
      }
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    channels.close();
    daemon.close();
  }

  private record Bytes() implements MethodDescriptor.Marshaller<ByteString> {
    @Override
    public InputStream stream(ByteString value) {
      return value.newInput();
    }

    @Override
    public ByteString parse(InputStream stream) {
      try {
        return ByteString.readFrom(stream);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
