package dev.rastro.client;

import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.Ended;
import dev.rastro.v1.PackedBatch;
import dev.rastro.v1.Started;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.TracerGrpc;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/**
 * Plays a daemon that traces the client's command: waits until the client has a child, and sends
 * the records that the test has for that pid.
 */
final class ScriptedTrace extends TracerGrpc.TracerImplBase {
  private static final long DEADLINE_NANOS = 300_000_000_000L;

  final CompletableFuture<TraceRequest> request = new CompletableFuture<>();
  private final Path seen;
  private final IntFunction<Records> records;

  /**
   * @param seen is created once the child is found: a command that ends sooner is never found
   */
  ScriptedTrace(Path seen, IntFunction<Records> records) {
    this.seen = seen;
    this.records = records;
  }

  static TraceResponse started() {
    return TraceResponse.newBuilder()
        .setStarted(
            Started.newBuilder()
                .setSessionId("session")
                .setTableEtag(SyscallTable.load(Architecture.current()).etag()))
        .build();
  }

  static TraceResponse packed(Records records) {
    return TraceResponse.newBuilder()
        .setPacked(PackedBatch.newBuilder().setRecords(records.bytes()))
        .build();
  }

  static TraceResponse ended() {
    return TraceResponse.newBuilder()
        .setEnded(Ended.newBuilder().setReason(Ended.Reason.REASON_TARGET_ENDED))
        .build();
  }

  @Override
  public void trace(TraceRequest order, StreamObserver<TraceResponse> client) {
    request.complete(order);
    client.onNext(started());
    Thread player = new Thread(() -> play(order.getTarget().getChildrenOf(0), client), "player");
    player.setDaemon(true);
    player.start();
  }

  private void play(int parent, StreamObserver<TraceResponse> client) {
    client.onNext(packed(records.apply(childOf(parent, seen))));
    client.onNext(ended());
    client.onCompleted();
  }

  static int childOf(int parent, Path seen) {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    Path process = Path.of("/proc/" + parent);
    while (System.nanoTime() < deadline && Files.exists(process)) {
      try (var tasks = Files.newDirectoryStream(process.resolve("task"))) {
        for (Path task : tasks) {
          String children = Files.readString(task.resolve("children")).strip();
          if (!children.isEmpty()) {
            Files.writeString(seen, "");
            return Integer.parseInt(children.split(" ", -1)[0]);
          }
        }
      } catch (IOException threadGone) {
        Thread.onSpinWait();
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("process " + parent + " starts no child");
  }
}
