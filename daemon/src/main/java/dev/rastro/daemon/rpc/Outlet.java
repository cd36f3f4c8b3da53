package dev.rastro.daemon.rpc;

import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.session.Batch;
import dev.rastro.daemon.session.Counts;
import dev.rastro.daemon.session.Gap;
import dev.rastro.daemon.session.Order;
import dev.rastro.daemon.session.Session;
import dev.rastro.v1.Ended;
import dev.rastro.v1.Progress;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A stream's messages on their way to whoever reads it: each moves the stream's place on and is
 * held for a while, so that a client that comes back over another connection gets what it has not
 * received. One thread at a time, but for {@link #reader}.
 */
final class Outlet<T> {
  private final Messages<T> messages;
  private final SentHistory<T> history;
  private volatile ServerCallStreamObserver<T> out;

  /** What a client that came back has not received of what was sent. */
  private Deque<T> again = new ArrayDeque<>();

  /** Of the events that were sent last. */
  private Detail detail = Detail.FULL;

  Outlet(ServerCallStreamObserver<T> out, Messages<T> messages, SentHistory<T> history) {
    this.out = out;
    this.messages = messages;
    this.history = history;
  }

  /** The connection that it goes over now. */
  ServerCallStreamObserver<T> reader() {
    return out;
  }

  boolean isReady() {
    return out.isReady();
  }

  /** What the client expects without being told. */
  void beginWith(Detail ordered) {
    detail = ordered;
  }

  void started(Session open) {
    out.onNext(messages.started(open, false));
  }

  /** Goes over another connection from here on; returns the earlier one. */
  ServerCallStreamObserver<T> turnTo(ServerCallStreamObserver<T> next) {
    ServerCallStreamObserver<T> earlier = out;
    out = next;
    return earlier;
  }

  /**
   * Tells a client that came back that the stream goes on, and how much of it is held no more.
   *
   * @param cursor behind the last message that arrived
   */
  void goOn(Session open, long cursor) {
    out.onNext(messages.started(open, true));
    long from = Math.min(cursor, history.place());
    long missing = history.firstHeld() - from;
    again = history.after(from);
    if (missing > 0) {
      open.evicted(missing);
      out.onNext(messages.gap(Wire.evicted(missing, history.firstHeld())));
    }
  }

  /** Sends one message that the client has not received; false when there is none. */
  boolean sendAgain() {
    if (again.isEmpty()) {
      return false;
    }
    out.onNext(again.removeFirst());
    return true;
  }

  void send(Session open, Session.Delivery delivery) {
    for (Gap gap : delivery.gaps()) {
      long events = gap.cause().takesEvents() ? gap.count() : 0;
      send(messages.gap(Wire.gap(gap, history.place() + events)), events, true);
    }
    delivery.counts().ifPresent(this::send);
    delivery.batch().ifPresent(batch -> send(batch, open.order().form() == Order.Form.PACKED));
    open.delivered(delivery);
  }

  private void send(Counts counts) {
    announce(Detail.COUNTS);
    send(messages.counts(counts, history.place() + counts.total()), counts.total(), true);
  }

  private void send(Batch batch, boolean packed) {
    announce(batch.detail());
    long events = batch.events();
    messages
        .events(batch, history.place() + events)
        .ifPresentOrElse(message -> send(message, events, packed), () -> history.skip(events));
  }

  private void announce(Detail next) {
    if (next != detail) {
      detail = next;
      send(messages.detail(next), 0, true);
    }
  }

  private void send(T message, long events, boolean packed) {
    out.onNext(message);
    history.add(message, events, packed);
  }

  void progress(Progress progress) {
    out.onNext(messages.progress(progress));
  }

  void end(Ended ended) {
    out.onNext(messages.ended(ended));
    out.onCompleted();
    history.clear();
  }

  void fail(Throwable failure) {
    out.onError(Failures.of(failure));
  }

  /** Nobody comes back any more. */
  void forget() {
    history.clear();
    again.clear();
  }
}
