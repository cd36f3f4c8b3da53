// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.UnknownFieldSet;
import dev.rastro.v1.CallCount;
import dev.rastro.v1.Counts;
import dev.rastro.v1.DetailChange;
import dev.rastro.v1.Ended;
import dev.rastro.v1.Gap;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.GetStatusResponse;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.ListInFlightRequest;
import dev.rastro.v1.ListInFlightResponse;
import dev.rastro.v1.ListProcessesRequest;
import dev.rastro.v1.ListProcessesResponse;
import dev.rastro.v1.Loss;
import dev.rastro.v1.LossCount;
import dev.rastro.v1.Progress;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.TracerGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a daemon answers ends the client with a message of one line and its status. */
final class ExitStatusTest {
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("trace", "-p", "1"),
          List.of("trace", "-c", "-p", "1"),
          List.of("summary"),
          List.of("ps"),
          List.of("stuck", "--all"),
          List.of("status"));

  @TempDir Path directory;

  private ClientProcess run(TracerGrpc.TracerImplBase daemon, List<String> words) throws Exception {
    List<String> all = new ArrayList<>(words);
    try (FakeDaemon fake = new FakeDaemon(directory.resolve("rastrod.sock"), daemon)) {
      all.addAll(1, List.of("--socket", fake.socket().toString()));
      return ClientProcess.run(directory, all.toArray(String[]::new));
    }
  }

  /** A daemon that refuses everything in one way. */
  private static TracerGrpc.TracerImplBase refusing(Status status) {
    return new TracerGrpc.TracerImplBase() {
      private void refuse(StreamObserver<?> client) {
        client.onError(status.withDescription("because of this").asRuntimeException());
      }

      @Override
      public void trace(TraceRequest request, StreamObserver<TraceResponse> client) {
        refuse(client);
      }

      @Override
      public void getSummary(GetSummaryRequest request, StreamObserver<GetSummaryResponse> client) {
        refuse(client);
      }

      @Override
      public void listProcesses(
          ListProcessesRequest request, StreamObserver<ListProcessesResponse> client) {
        refuse(client);
      }

      @Override
      public void listInFlight(
          ListInFlightRequest request, StreamObserver<ListInFlightResponse> client) {
        refuse(client);
      }

      @Override
      public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> client) {
        refuse(client);
      }
    };
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID_ARGUMENT, 2",
    "NOT_FOUND, 1",
    "FAILED_PRECONDITION, 1",
    "INTERNAL, 1",
    "UNKNOWN, 1",
    "UNIMPLEMENTED, 69",
    "UNAVAILABLE, 69",
    "DEADLINE_EXCEEDED, 69",
    "RESOURCE_EXHAUSTED, 75",
    "PERMISSION_DENIED, 77",
    "UNAUTHENTICATED, 77"
  })
  void eachRefusalHasItsStatusAndOneLine(Status.Code code, int expected) throws Exception {
    assertRefused(expected, code, COMMANDS.get(0));
  }

  @Test
  void eachCommandTellsARefusal() throws Exception {
    for (List<String> command : COMMANDS) {
      assertRefused(77, Status.Code.PERMISSION_DENIED, command);
    }
  }

  private void assertRefused(int expected, Status.Code code, List<String> command)
      throws Exception {
    ClientProcess client = run(refusing(code.toStatus()), command);
    assertEquals(expected, client.status(), () -> command + ": " + client.err());
    assertTrue(client.err().matches("rastro: [^\n]+\n"), client.err());
    assertFalse(client.err().contains("Exception"), client.err());
  }

  /** A daemon whose stream has these messages. */
  private static TracerGrpc.TracerImplBase telling(TraceResponse... messages) {
    return new TracerGrpc.TracerImplBase() {
      @Override
      public void trace(TraceRequest request, StreamObserver<TraceResponse> client) {
        client.onNext(ScriptedTrace.started());
        for (TraceResponse message : messages) {
          client.onNext(message);
        }
        client.onCompleted();
      }
    };
  }

  private static TraceResponse ended(LossCount... lost) {
    return TraceResponse.newBuilder()
        .setEnded(
            Ended.newBuilder()
                .setReason(Ended.Reason.REASON_TARGET_ENDED)
                .setTotals(Progress.newBuilder().addAllLost(List.of(lost))))
        .build();
  }

  @Test
  void lossIsAFailureForWhomeverItIsOne() throws Exception {
    LossCount lost = LossCount.newBuilder().setCause(Loss.LOSS_RING_FULL).setCount(7).build();
    TracerGrpc.TracerImplBase lossy = telling(ended(lost));
    assertEquals(0, run(lossy, List.of("trace", "-p", "1")).status());
    assertEquals(3, run(lossy, List.of("trace", "--fail-on-loss", "-p", "1")).status());
    TracerGrpc.TracerImplBase counting =
        telling(
            TraceResponse.newBuilder()
                .setCounts(
                    Counts.newBuilder()
                        .addCalls(CallCount.newBuilder().setName("read").setCalls(5)))
                .build(),
            ended());
    List<String> degrading = List.of("trace", "--overload=degrade", "--fail-on-loss", "-p", "1");
    assertEquals(3, run(counting, degrading).status());
    assertEquals(0, run(telling(ended()), degrading).status());
  }

  @Test
  void whatANewerDaemonSaysIsSurvived() throws Exception {
    UnknownFieldSet future =
        UnknownFieldSet.newBuilder()
            .addField(777, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    ClientProcess client =
        run(
            telling(
                TraceResponse.newBuilder().setUnknownFields(future).build(),
                TraceResponse.newBuilder()
                    .setGap(Gap.newBuilder().setCauseValue(99).setCount(3).setUnknownFields(future))
                    .build(),
                TraceResponse.newBuilder()
                    .setDetail(DetailChange.newBuilder().setDetailValue(99))
                    .build(),
                ended(LossCount.newBuilder().setCauseValue(99).setCount(3).build())),
            List.of("trace", "-p", "1"));
    assertEquals(0, client.status(), client.err());
    assertTrue(client.err().contains("lost 3 events (unknown cause)"), client.err());
    assertFalse(client.err().contains("Exception"), client.err());
  }
}
