// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.TextFormat;
import dev.rastro.v1.Ended;
import dev.rastro.v1.Filter;
import dev.rastro.v1.Form;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.GetStatusResponse;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.SummaryBy;
import dev.rastro.v1.SummaryFrame;
import dev.rastro.v1.SummaryRow;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.WatchSummaryRequest;
import dev.rastro.v1.WatchSummaryResponse;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums that are watched as they grow, on the real kernel. */
@Tag("kernel")
@Timeout(120)
final class SummaryWatchTest {
  private static final long INTERVAL_NANOS = 100_000_000;

  /** After so long a daemon that is stopped goes, whatever its streams have been told. */
  private static final long GRACE_NANOS = 1_000_000_000;

  @RegisterExtension static final LiveDaemon live = new LiveDaemon();

  /** What a client knows that takes over each frame. */
  private static final class Known {
    private final Iterator<WatchSummaryResponse> stream;
    private final Map<String, SummaryRow> rows = new HashMap<>();
    private int frames;

    Known(Iterator<WatchSummaryResponse> stream) {
      this.stream = stream;
    }

    SummaryFrame next() {
      SummaryFrame frame = stream.next().getFrame();
      assertEquals(frames == 0, frame.getFull());
      frames++;
      frame.getRowsList().forEach(row -> rows.put(row.getSyscall(), row));
      return frame;
    }

    long calls(String syscall) {
      return rows.getOrDefault(syscall, SummaryRow.getDefaultInstance()).getCalls();
    }
  }

  @Test
  void aFullFrameThenChangesAddUpToTheSummary() throws Exception {
    Process program =
        LiveDaemon.python(
            "import os\nfor i in range(100): os.getsid(0)\nfor j in range(3):\n  input()\n  for i in range(1000): os.getppid()");
    Iterator<WatchSummaryResponse> stream =
        live.tracer()
            .watchSummary(
                request(program)
                    .setFilter(Filter.newBuilder().addSyscalls("getppid").addSyscalls("getsid"))
                    .setEndWithTarget(true)
                    .build());
    String session = stream.next().getStarted().getSessionId();
    Known known = new Known(stream);
    SummaryFrame frame = known.next();
    assertEquals(0, frame.getRowsCount());
    LiveDaemon.release(program);
    while (known.calls("getsid") < 100) {
      frame = known.next();
    }
    for (int round = 1; round < 3; round++) {
      LiveDaemon.release(program);
      while (known.calls("getppid") < 1000L * round) {
        frame = known.next();
        assertTrue(frame.getRowsCount() <= 1, "only what has changed: " + frame);
      }
    }
    assertTrue(frame.getComplete(), frame::toString);
    SummaryRow now =
        live.tracer()
            .getSummary(
                GetSummaryRequest.newBuilder()
                    .setSessionId(session)
                    .setFilter(Filter.newBuilder().addSyscalls("getppid"))
                    .build())
            .getRows(0);
    assertEquals(now, known.rows.get("getppid"));
    LiveDaemon.release(program);
    Ended end = Ended.getDefaultInstance();
    while (stream.hasNext()) {
      WatchSummaryResponse message = stream.next();
      message.getFrame().getRowsList().forEach(row -> known.rows.put(row.getSyscall(), row));
      end = message.getEnded();
    }
    assertEquals(Ended.Reason.REASON_TARGET_ENDED, end.getReason());
    assertEquals(3000, known.calls("getppid"));
    assertEquals(100, known.calls("getsid"));
  }

  @Test
  void whatOthersCountIsShownWithoutATarget() throws Exception {
    Process program = LiveDaemon.python("import os\nfor i in range(500): os.getppid()\ninput()");
    Iterator<TraceResponse> other =
        live.tracer().trace(LiveDaemon.counting(program).setForm(Form.FORM_COUNT).build());
    assertTrue(other.next().hasStarted());
    LiveDaemon.release(program);
    Context.CancellableContext context = Context.current().withCancellation();
    Iterator<WatchSummaryResponse> stream =
        context.call(
            () ->
                live.tracer()
                    .watchSummary(
                        WatchSummaryRequest.newBuilder()
                            .setBy(SummaryBy.SUMMARY_BY_BOTH)
                            .setIntervalNanos(INTERVAL_NANOS)
                            .build()));
    long calls = 0;
    while (calls != 500) {
      for (SummaryRow row : stream.next().getFrame().getRowsList()) {
        boolean ours = row.getProcess().getPid() == program.pid();
        calls = ours && row.getSyscall().equals("getppid") ? row.getCalls() : calls;
      }
    }
    context.cancel(null);
    LiveDaemon.release(program);
    while (other.hasNext()) {
      other.next();
    }
    assertEquals(0, program.waitFor());
  }

  @Test
  void whoCancelsLeavesNothingBehind() throws Exception {
    Process program = LiveDaemon.python("");
    Context.CancellableContext context = Context.current().withCancellation();
    Iterator<WatchSummaryResponse> stream =
        context.call(() -> live.tracer().watchSummary(request(program).build()));
    String session = stream.next().getStarted().getSessionId();
    assertTrue(stream.next().getFrame().getFull());
    assertTrue(isOpen(session));
    context.cancel(null);
    // The class's timeout is the deadline.
    while (isOpen(session)) {
      Thread.onSpinWait();
    }
    assertTrue(program.isAlive());
    program.destroyForcibly().waitFor();
  }

  @Test
  void theDaemonsEndIsTold() throws Exception {
    Optional<Ended> told = Optional.empty();
    for (int tries = 0; tries < 5 && told.isEmpty(); tries++) {
      told = toldWhenStopped();
    }
    assertEquals(Ended.Reason.REASON_DAEMON_STOPPING, told.orElseThrow().getReason());
  }

  /** Empty when the machine stood still for longer than the daemon waits. */
  private static Optional<Ended> toldWhenStopped() throws Exception {
    LiveDaemon other = LiveDaemon.start();
    Process program = LiveDaemon.python("");
    Iterator<WatchSummaryResponse> stream = other.tracer().watchSummary(request(program).build());
    assertTrue(stream.next().hasStarted());
    assertTrue(stream.next().hasFrame());
    long stopped = System.nanoTime();
    other.stopServing();
    Optional<Ended> told = end(stream, stopped);
    other.close();
    program.destroyForcibly().waitFor();
    return told;
  }

  private static Optional<Ended> end(Iterator<WatchSummaryResponse> stream, long stoppedNanos) {
    try {
      WatchSummaryResponse last = stream.next();
      while (stream.hasNext()) {
        last = stream.next();
      }
      return Optional.of(last.getEnded());
    } catch (StatusRuntimeException cutOff) {
      if (System.nanoTime() - stoppedNanos < GRACE_NANOS) {
        throw cutOff;
      }
      return Optional.empty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          interval_nanos     | interval_nanos: 99999999
          interval_nanos     | interval_nanos: 60000000001
          by                 | by: 9
          quantiles[0]       | quantiles: -1
          end_with_target    | end_with_target: true
          target             | target { }
          filter.syscalls[0] | filter { syscalls: "conect" }
          filter.errnos      | filter { errnos: "ENOENT" }
          """)
  void aBadRequestIsRefusedByTheFieldsName(String field, String text) throws Exception {
    WatchSummaryRequest request = TextFormat.parse(text, WatchSummaryRequest.class);
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class, () -> live.tracer().watchSummary(request).next());
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
    assertTrue(refused.getStatus().getDescription().startsWith(field + ": "), refused::toString);
  }

  @Test
  void aTargetThatIsNotThereIsAnError() {
    WatchSummaryRequest request =
        WatchSummaryRequest.newBuilder().setTarget(Target.newBuilder().addPids(4_000_000)).build();
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class, () -> live.tracer().watchSummary(request).next());
    assertEquals(Status.Code.NOT_FOUND, refused.getStatus().getCode());
    assertFalse(
        live.tracer().getStatus(GetStatusRequest.getDefaultInstance()).getVersion().isEmpty());
  }

  private static WatchSummaryRequest.Builder request(Process program) {
    return WatchSummaryRequest.newBuilder()
        .setTarget(Target.newBuilder().addPids((int) program.pid()).setFollowForks(true))
        .setIntervalNanos(INTERVAL_NANOS);
  }

  private static boolean isOpen(String session) {
    GetStatusResponse status = live.tracer().getStatus(GetStatusRequest.getDefaultInstance());
    return status.getSessionsList().stream().anyMatch(open -> open.getSessionId().equals(session));
  }
}
