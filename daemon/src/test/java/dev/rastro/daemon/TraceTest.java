package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.v1.Ended;
import dev.rastro.v1.Event;
import dev.rastro.v1.Filter;
import dev.rastro.v1.Form;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.Progress;
import dev.rastro.v1.SummaryRow;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.TracerGrpc;
import io.grpc.Context;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams of calls, from the real kernel to a client of the API. */
@Tag("kernel")
@Timeout(60)
final class TraceTest {
  private static final int CALLS = 20_000;

  @RegisterExtension static final LiveDaemon live = new LiveDaemon();

  @Test
  void tellsEveryCallOnceAndSumsThemExactly() throws Exception {
    java.lang.Process target =
        LiveDaemon.perl("for (my $i = 0; $i < %d; $i++) { getppid() }".formatted(CALLS));
    Iterator<TraceResponse> stream =
        live.tracer()
            .trace(
                LiveDaemon.following(target)
                    .setFilter(Filter.newBuilder().addSyscalls("getppid").addSignals("none"))
                    .setWithLine(true)
                    .build());
    TraceResponse first = stream.next();
    assertTrue(first.hasStarted(), first::toString);
    assertEquals(target.pid(), first.getStarted().getProcesses(0).getPid());
    assertTrue(live.status().getAttached());
    LiveDaemon.release(target);
    List<TraceResponse> messages = LiveDaemon.rest(stream);
    long sequence = 0;
    long events = 0;
    long lost = 0;
    for (TraceResponse message : messages) {
      lost += message.hasGap() ? message.getGap().getCount() : 0;
      for (Event event : message.getEvents().getEventsList()) {
        assertTrue(event.getSequence() > sequence);
        sequence = event.getSequence();
        assertEquals("getppid", event.getCall().getName());
        assertEquals(ProcessHandle.current().pid(), event.getCall().getResult());
        assertTrue(event.getLine().startsWith("getppid() "), event.getLine());
        events++;
      }
    }
    assertEquals(CALLS, events + lost);
    TraceResponse last = messages.get(messages.size() - 1);
    assertTrue(last.hasEnded(), last::toString);
    Progress totals = last.getEnded().getTotals();
    assertEquals(CALLS, totals.getObserved());
    assertEquals(events, totals.getDelivered());
    assertEquals(0, totals.getQueued());

    GetSummaryResponse sums =
        live.tracer()
            .getSummary(
                GetSummaryRequest.newBuilder()
                    .setSessionId(first.getStarted().getSessionId())
                    .build());
    assertTrue(sums.getComplete(), sums::toString);
    assertEquals(1, sums.getRowsCount(), sums::toString);
    SummaryRow row = sums.getRows(0);
    assertEquals("getppid", row.getSyscall());
    assertEquals(CALLS, row.getCalls());
    assertEquals(0, row.getErrors());
    assertEquals(
        row.getTimedCalls(),
        row.getHistogram().getBucketsList().stream().mapToLong(b -> b.getCount()).sum());
  }

  @Test
  void packedFormCarriesTheSameCalls() throws Exception {
    java.lang.Process target = LiveDaemon.perl("getppid() for 1..500;");
    Iterator<TraceResponse> stream =
        live.tracer()
            .trace(
                LiveDaemon.following(target)
                    .setForm(Form.FORM_PACKED)
                    .setFilter(Filter.newBuilder().addSyscalls("getppid").addSignals("none"))
                    .build());
    assertTrue(stream.next().hasStarted());
    LiveDaemon.release(target);
    long count = 0;
    long bytes = 0;
    for (TraceResponse message : LiveDaemon.rest(stream)) {
      count += message.getPacked().getCount();
      bytes += message.getPacked().getRecords().size();
    }
    assertEquals(500, count);
    assertEquals(500 * 104, bytes);
  }

  @Test
  void joinsExecveAndTellsLifecycle() throws Exception {
    java.lang.Process target = LiveDaemon.perl("exec '/bin/sh', '-c', 'exit 3'");
    Iterator<TraceResponse> stream =
        live.tracer()
            .trace(
                LiveDaemon.following(target)
                    .setWithLifecycle(true)
                    .setWithLine(true)
                    .setFilter(Filter.newBuilder().addSyscalls("execve").addSyscalls("exit_group"))
                    .build());
    assertTrue(stream.next().hasStarted());
    LiveDaemon.release(target);
    List<Event> events = new ArrayList<>();
    LiveDaemon.rest(stream).forEach(message -> events.addAll(message.getEvents().getEventsList()));
    Event execve =
        events.stream()
            .filter(event -> event.getCall().getName().equals("execve"))
            .findFirst()
            .orElseThrow();
    assertEquals("/bin/sh", execve.getCall().getArguments(0).getValue().getText());
    assertEquals("[\"/bin/sh\", \"-c\", \"exit 3\"]", execve.getCall().getArguments(1).getText());
    assertEquals(3, execve.getCall().getArguments(1).getValue().getSequence().getValuesCount());
    assertTrue(events.stream().anyMatch(event -> event.getExec().getFilename().equals("/bin/sh")));
    Event end = events.get(events.size() - 1);
    assertEquals("exited with 3", end.getExit().getText());
    assertEquals("+++ exited with 3 +++", end.getLine());
  }

  @Test
  void tellsASlowClientWhatItMissed() throws Exception {
    java.lang.Process target =
        LiveDaemon.perl("for (my $i = 0; $i < %d; $i++) { getppid() }".formatted(10 * CALLS));
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    AtomicLong told = new AtomicLong();
    AtomicLong missed = new AtomicLong();
    AtomicReference<Ended> end = new AtomicReference<>(Ended.getDefaultInstance());
    AtomicReference<ClientCallStreamObserver<TraceRequest>> call = new AtomicReference<>();
    TracerGrpc.newStub(live.channel())
        .trace(
            LiveDaemon.following(target)
                .setForm(Form.FORM_PACKED)
                .setQueueBytes(1)
                .setFilter(Filter.newBuilder().addSyscalls("getppid").addSignals("none"))
                .build(),
            new ClientResponseObserver<TraceRequest, TraceResponse>() {
              @Override
              public void beforeStart(ClientCallStreamObserver<TraceRequest> stream) {
                call.set(stream);
                stream.disableAutoRequestWithInitial(1);
              }

              @Override
              public void onNext(TraceResponse message) {
                if (message.hasStarted()) {
                  began.countDown();
                  return;
                }
                told.addAndGet(message.getPacked().getCount());
                missed.addAndGet(message.getGap().getCount());
                if (message.hasEnded()) {
                  end.set(message.getEnded());
                }
                call.get().request(1);
              }

              @Override
              public void onError(Throwable failure) {
                ended.countDown();
              }

              @Override
              public void onCompleted() {
                ended.countDown();
              }
            });
    assertTrue(began.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS));
    LiveDaemon.release(target);
    assertEquals(0, target.waitFor(), "the target does not wait for a client that does not read");
    call.get().request(1);
    assertTrue(ended.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS));
    assertEquals(10 * CALLS, told.get() + missed.get());
    assertTrue(missed.get() > 0, "the queue is too small for all of it");
    Progress totals = end.get().getTotals();
    assertEquals(10 * CALLS, totals.getObserved());
    assertEquals(told.get(), totals.getDelivered());
    assertEquals(missed.get(), totals.getLostList().stream().mapToLong(l -> l.getCount()).sum());
  }

  @Test
  void detachesWhenTheLastStreamIsCancelled() throws Exception {
    java.lang.Process target = LiveDaemon.perl("1");
    Context.CancellableContext context = Context.current().withCancellation();
    Iterator<TraceResponse> stream =
        context.call(() -> live.tracer().trace(LiveDaemon.following(target).build()));
    assertTrue(stream.next().hasStarted());
    context.cancel(new CancellationException("the test has seen enough"));
    long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
    while (live.status().getSessionsCount() > 0 || live.status().getAttached()) {
      assertTrue(System.nanoTime() < deadline, "still attached");
      Thread.onSpinWait();
    }
    target.destroyForcibly().waitFor();
  }
}
