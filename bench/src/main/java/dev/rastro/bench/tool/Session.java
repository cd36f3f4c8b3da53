package dev.rastro.bench.tool;

import dev.rastro.client.connection.Connection;
import dev.rastro.client.connection.TraceStream;
import dev.rastro.v1.CallCount;
import dev.rastro.v1.Filter;
import dev.rastro.v1.Form;
import dev.rastro.v1.LossCount;
import dev.rastro.v1.Overload;
import dev.rastro.v1.PackedBatch;
import dev.rastro.v1.SessionStatus;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A stream of the daemon, read to the last event, its sequence checked. */
public final class Session implements Tracer {
  private static final int QUEUE_BYTES = 48 << 20;

  private static final long SETTLED_MILLIS = 300;

  /** Between two looks whether the daemon has let go of a session. */
  private static final long ENDING_MILLIS = 5;

  private final String name;
  private final Connection connection;
  private final TraceRequest.Builder request;
  private List<Integer> others = List.of();
  private String id = "";
  private boolean reads = true;
  private Optional<Reading> reading = Optional.empty();

  private Session(String name, Connection connection, Form form) {
    this.name = name;
    this.connection = connection;
    request = TraceRequest.newBuilder().setForm(form).setQueueBytes(QUEUE_BYTES);
  }

  public static Session packed(Connection connection) {
    return new Session("Rastro: packed", connection, Form.FORM_PACKED);
  }

  public static Session decoded(Connection connection) {
    return new Session("Rastro: decoded", connection, Form.FORM_DECODED);
  }

  public static Session counting(Connection connection) {
    return new Session("Rastro: count", connection, Form.FORM_COUNT);
  }

  /** It asks for events and reads none. */
  public Session unread() {
    reads = false;
    return this;
  }

  public Session withOverload(Overload overload) {
    request.setOverload(overload);
    return this;
  }

  /** Of each string and buffer. */
  public Session withBytes(int bytes) {
    request.setStringLimit(bytes);
    return this;
  }

  public Session withSyscalls(String... names) {
    request.setFilter(Filter.newBuilder().addAllSyscalls(List.of(names)));
    return this;
  }

  /** These are watched too. */
  public void alsoOf(List<Integer> more) {
    others = List.copyOf(more);
  }

  /** As the daemon knows it. */
  public String id() {
    return id;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void begin(List<Integer> pids) {
    TraceRequest.Builder now = request.clone();
    now.setTarget(
        dev.rastro.v1.Target.newBuilder().addAllPids(pids).addAllPids(others).setFollowForks(true));
    TraceStream stream = connection.trace(now.build());
    id = stream.started().getSessionId();
    reading = Optional.of(new Reading(stream, reads));
  }

  /** Events that came so far. */
  public long events() {
    return reading.orElseThrow().events.get();
  }

  public long lost() {
    return reading.orElseThrow().lost;
  }

  /** Waits until nothing has come for a while: what was queued has been sent. */
  public void settle() {
    long before = -1;
    while (before != events()) {
      before = events();
      Cli.pass(SETTLED_MILLIS);
    }
  }

  @Override
  public Harvest end() {
    long lost = booked();
    Harvest harvest = leave();
    // What is measured next may be watched by nobody any more.
    while (isOpen()) {
      Cli.pass(ENDING_MILLIS);
    }
    return new Harvest(harvest.records(), Math.max(harvest.lost(), lost), harvest.readerNanos());
  }

  /** As {@link #end}, without asking the daemon: of several sessions, one after the other. */
  public Harvest leave() {
    Reading ending = reading.orElseThrow();
    reading = Optional.empty();
    return ending.end();
  }

  private Stream<SessionStatus> ofDaemon() {
    return connection.status().getSessionsList().stream()
        .filter(session -> session.getSessionId().equals(id));
  }

  private boolean isOpen() {
    return ofDaemon().findAny().isPresent();
  }

  /** What the daemon has as lost: gaps may still be on their way. */
  private long booked() {
    return ofDaemon()
        .flatMap(session -> session.getLedger().getLostList().stream())
        .mapToLong(LossCount::getCount)
        .sum();
  }

  @Override
  public void close() {
    reading.ifPresent(Reading::end);
  }

  private static final class Reading {
    private final TraceStream stream;
    private final Thread thread;
    private final AtomicLong events = new AtomicLong();
    private volatile long lost;
    private volatile Optional<RuntimeException> failure = Optional.empty();
    private long nextSequence = 1;

    Reading(TraceStream stream, boolean reads) {
      this.stream = stream;
      thread = new Thread(reads ? this::read : () -> {}, "bench-reader");
      thread.start();
    }

    private void read() {
      try {
        for (Optional<TraceResponse> next = stream.next(); next.isPresent(); next = stream.next()) {
          take(next.get());
        }
      } catch (RuntimeException e) {
        failure = Optional.of(e);
      }
    }

    private void take(TraceResponse message) {
      switch (message.getMessageCase()) {
        case PACKED -> {
          PackedBatch batch = message.getPacked();
          check(batch.getFirstSequence(), batch.getCount());
        }
        case EVENTS -> {
          int count = message.getEvents().getEventsCount();
          if (count > 0) {
            check(message.getEvents().getEvents(0).getSequence(), count);
          }
        }
        case GAP -> {
          addLost(message.getGap().getCount());
          if (message.getGap().getCause() == dev.rastro.v1.Loss.LOSS_QUEUE_FULL) {
            nextSequence += message.getGap().getCount();
          }
        }
        case COUNTS ->
            nextSequence +=
                message.getCounts().getOthers()
                    + message.getCounts().getCallsList().stream()
                        .mapToLong(CallCount::getCalls)
                        .sum();
        default -> {}
      }
    }

    /** One thread writes. */
    private void addLost(long more) {
      long sum = lost + more;
      lost = sum;
    }

    private void check(long first, int count) {
      if (count > 0 && first != nextSequence) {
        throw new IllegalStateException("sequence " + first + " where " + nextSequence + " is due");
      }
      nextSequence += count;
      events.addAndGet(count);
    }

    Harvest end() {
      stream.cancel();
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      failure.ifPresent(
          e -> {
            throw e;
          });
      return new Harvest(events.get(), lost, 0);
    }
  }
}
