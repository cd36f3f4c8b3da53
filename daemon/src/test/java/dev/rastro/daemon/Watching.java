package dev.rastro.daemon;

import dev.rastro.v1.Event;
import dev.rastro.v1.Gap;
import dev.rastro.v1.Loss;
import dev.rastro.v1.Progress;
import dev.rastro.v1.Started;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.TracerGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A client of one stream: keeps every message, reads on, or does not. */
final class Watching implements ClientResponseObserver<TraceRequest, TraceResponse> {

  private final boolean reads;
  private final List<TraceResponse> messages = new ArrayList<>();
  private ClientCallStreamObserver<TraceRequest> call;
  private Optional<Status> end = Optional.empty();

  private Watching(boolean reads) {
    this.reads = reads;
  }

  static Watching begin(Channel channel, TraceRequest request) throws InterruptedException {
    return begin(channel, request, true);
  }

  /**
   * @param reads else only the first message is read, until {@link #readOn}
   */
  static Watching begin(Channel channel, TraceRequest request, boolean reads)
      throws InterruptedException {
    Watching watching = new Watching(reads);
    TracerGrpc.newStub(channel).trace(request, watching);
    watching.await("the stream begins", () -> !watching.messages.isEmpty() || watching.hasEnded());
    return watching;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<TraceRequest> stream) {
    call = stream;
    if (!reads) {
      stream.disableAutoRequestWithInitial(1);
    }
  }

  @Override
  public synchronized void onNext(TraceResponse message) {
    messages.add(message);
    notifyAll();
  }

  @Override
  public synchronized void onError(Throwable failure) {
    end = Optional.of(Status.fromThrowable(failure));
    notifyAll();
  }

  @Override
  public synchronized void onCompleted() {
    end = Optional.of(Status.OK);
    notifyAll();
  }

  void readOn() {
    call.request(Integer.MAX_VALUE);
  }

  void cancel() {
    call.cancel("no longer wanted", null);
  }

  synchronized boolean hasEnded() {
    return end.isPresent();
  }

  Status awaitEnd() throws InterruptedException {
    await("the stream ends", this::hasEnded);
    return end.orElseThrow();
  }

  synchronized void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError(
            what
                + ": not in time; "
                + messages.size()
                + " messages with "
                + (events().count() + packedEvents())
                + " events, "
                + end
                + "; "
                + progress());
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  synchronized List<Progress> progress() {
    return messages.stream()
        .filter(TraceResponse::hasProgress)
        .map(TraceResponse::getProgress)
        .toList();
  }

  Started started() {
    return messages.get(0).getStarted();
  }

  synchronized List<TraceResponse> messages() {
    return List.copyOf(messages);
  }

  synchronized Stream<Event> events() {
    return messages().stream().flatMap(message -> message.getEvents().getEventsList().stream());
  }

  long calls(String name) {
    return events().filter(event -> event.getCall().getName().equals(name)).count();
  }

  /** Counts of packed form. */
  synchronized long packedEvents() {
    return messages.stream().mapToLong(message -> message.getPacked().getCount()).sum();
  }

  long missing(Loss cause) {
    return messages().stream()
        .filter(TraceResponse::hasGap)
        .map(TraceResponse::getGap)
        .filter(gap -> gap.getCause() == cause)
        .mapToLong(Gap::getCount)
        .sum();
  }

  /** Of the last message that has one. */
  long cursor() {
    return messages().stream()
        .mapToLong(
            message ->
                Math.max(
                    message.getGap().getCursor(),
                    Math.max(message.getEvents().getCursor(), message.getPacked().getCursor())))
        .max()
        .orElse(0);
  }

  Progress totals() {
    return messages.get(messages.size() - 1).getEnded().getTotals();
  }
}
