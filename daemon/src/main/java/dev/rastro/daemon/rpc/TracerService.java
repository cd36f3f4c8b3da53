package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.access.Peers;
import dev.rastro.daemon.access.Question;
import dev.rastro.daemon.detail.Secrets;
import dev.rastro.daemon.drain.Drain;
import dev.rastro.daemon.drain.DrainStatus;
import dev.rastro.daemon.inflight.InFlightCalls;
import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.session.BadFilter;
import dev.rastro.daemon.session.Order;
import dev.rastro.daemon.session.Session;
import dev.rastro.daemon.session.SessionLimits;
import dev.rastro.daemon.session.Sessions;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.GetStatusRequest;
import dev.rastro.v1.GetStatusResponse;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.ListInFlightRequest;
import dev.rastro.v1.ListInFlightResponse;
import dev.rastro.v1.ListProcessesRequest;
import dev.rastro.v1.ListProcessesResponse;
import dev.rastro.v1.ListSyscallsRequest;
import dev.rastro.v1.ListSyscallsResponse;
import dev.rastro.v1.Resume;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import dev.rastro.v1.TracerGrpc;
import dev.rastro.v1.WatchProcessesRequest;
import dev.rastro.v1.WatchProcessesResponse;
import dev.rastro.v1.WatchSummaryRequest;
import dev.rastro.v1.WatchSummaryResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The calls of {@code rastro.v1.Tracer}. No call blocks but on reads of {@code /proc}. */
public final class TracerService extends TracerGrpc.TracerImplBase {

  private static final long PROGRESS_MILLIS = 1000;

  private final Sessions sessions;
  private final Drain drain;
  private final Threads threads;
  private final SyscallTable table;
  private final Orders orders;
  private final StatusAnswer status;
  private final SummaryAnswer summary;
  private final SummaryWatches summaryWatches;
  private final ProcessesAnswer processes;
  private final SyscallsAnswer syscalls;
  private final InFlightAnswer inFlight;
  private final AtomicLong historyBytes = new AtomicLong();
  private final AtomicBoolean refreshing = new AtomicBoolean();
  private final Set<EventStream<?>> streams = ConcurrentHashMap.newKeySet();

  /**
   * @param secrets what no answer shows; the sessions know of it already
   * @param peers what callers have, for their status
   * @param threads run streams and answers; stay the caller's
   */
  public TracerService(
      SyscallTable table,
      Drain drain,
      Sessions sessions,
      Secrets secrets,
      Peers peers,
      String version,
      Threads threads) {
    this.sessions = sessions;
    this.drain = drain;
    this.threads = threads;
    this.table = table;
    this.orders = new Orders(table);
    this.status = new StatusAnswer(table, drain, sessions, peers, version);
    this.summary = new SummaryAnswer(table, orders, drain, sessions);
    this.summaryWatches = new SummaryWatches(table, orders, summary, drain, sessions, threads);
    InFlightCalls calls = new InFlightCalls(table, drain.entryTimes());
    this.processes = new ProcessesAnswer(drain, secrets, calls);
    this.syscalls = new SyscallsAnswer(table);
    this.inFlight = new InFlightAnswer(table, secrets, calls, threads);
    var unused =
        threads
            .timer()
            .scheduleAtFixedRate(
                this::eachSecond, PROGRESS_MILLIS, PROGRESS_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> out) {
    answer(out, () -> status.answer(Gate.caller()));
  }

  @Override
  public void listSyscalls(ListSyscallsRequest request, StreamObserver<ListSyscallsResponse> out) {
    answer(out, () -> CompletableFuture.completedFuture(syscalls.answer(request)));
  }

  @Override
  public void listProcesses(
      ListProcessesRequest request, StreamObserver<ListProcessesResponse> out) {
    answer(out, () -> processes.answer(request, Gate.caller(), threads.looks()));
  }

  @Override
  public void getSummary(GetSummaryRequest request, StreamObserver<GetSummaryResponse> out) {
    answer(out, () -> summary.answer(request, Gate.caller()));
  }

  @Override
  public void watchSummary(WatchSummaryRequest request, StreamObserver<WatchSummaryResponse> out) {
    try {
      summaryWatches.begin(
          request, Gate.caller(), (ServerCallStreamObserver<WatchSummaryResponse>) out);
    } catch (BadFilter | CaptureException | RuntimeException e) {
      out.onError(Failures.of(e));
    }
  }

  @Override
  public void listInFlight(ListInFlightRequest request, StreamObserver<ListInFlightResponse> out) {
    answer(out, () -> inFlight.answer(request, Gate.caller()));
  }

  @Override
  public void trace(TraceRequest request, StreamObserver<TraceResponse> out) {
    if (request.hasResume()) {
      resume(request.getResume(), (ServerCallStreamObserver<TraceResponse>) out);
      return;
    }
    stream(
        Question.TRACE,
        out,
        () -> orders.trace(request, Gate.caller()),
        order -> new TraceMessages(table, request, order, drain.degradations()),
        request.getEndWithTarget());
    inFlight.note(request.getTarget().getPidsList(), Gate.caller());
  }

  @Override
  public void watchProcesses(
      WatchProcessesRequest request, StreamObserver<WatchProcessesResponse> out) {
    stream(
        Question.WATCH_PROCESSES,
        out,
        () -> orders.watch(request, Gate.caller()),
        order -> new WatchMessages(table, order, drain.degradations()),
        false);
  }

  /** Only streams of {@code Trace} can be kept for a resume. */
  @SuppressWarnings("unchecked")
  private void resume(Resume resume, ServerCallStreamObserver<TraceResponse> out) {
    Optional<EventStream<?>> found =
        streams.stream()
            .filter(
                stream ->
                    stream.session().map(Session::id).equals(Optional.of(resume.getSessionId())))
            .findFirst();
    Optional<Session> session =
        found
            .flatMap(EventStream::session)
            .filter(open -> mayGoOn(Gate.caller(), open.order().caller()));
    long nanos = session.map(open -> open.order().terms().resumeNanos()).orElse(0L);
    if (nanos == 0) {
      out.onError(Failures.noSuchSession(resume.getSessionId()));
      return;
    }
    ((EventStream<TraceResponse>) found.get()).resume(out, resume.getCursor(), nanos);
  }

  /** What it shows was decided when it began: who may see less by now has to begin anew. */
  private static boolean mayGoOn(Caller now, Caller then) {
    boolean same = now.figures().equals(then.figures()) && now.full().equals(then.full());
    return now.isAdmin() || (now.owns(then) && same);
  }

  /** Ends all streams; each is told why. */
  void stop() {
    streams.forEach(EventStream::stop);
    summaryWatches.stop();
  }

  private <T> void stream(
      Question question,
      StreamObserver<T> out,
      Callable<Order> order,
      Function<Order, Messages<T>> messages,
      boolean endWithTarget) {
    Order wanted;
    try {
      wanted = order.call();
    } catch (Exception e) {
      out.onError(Failures.of(e));
      return;
    }
    EventStream<T> stream =
        new EventStream<>(
            question.rpc(),
            (ServerCallStreamObserver<T>) out,
            messages.apply(wanted),
            new SentHistory<>(
                wanted.terms().historyBytes(), historyBytes, SessionLimits.TOTAL_HISTORY_BYTES),
            sessions,
            threads.calls(),
            threads.timer(),
            endWithTarget,
            streams::remove);
    streams.add(stream);
    stream.start(wanted);
  }

  private <T> void answer(StreamObserver<T> out, Answer<T> question) {
    CompletableFuture<T> answer;
    try {
      answer = question.ask();
    } catch (BadFilter | RuntimeException e) {
      out.onError(Failures.of(e));
      return;
    }
    var unused =
        answer.whenCompleteAsync(
            (message, failure) -> {
              if (failure != null) {
                out.onError(Failures.of(failure));
              } else {
                out.onNext(message);
                out.onCompleted();
              }
            },
            threads.calls());
  }

  private interface Answer<T> {
    CompletableFuture<T> ask() throws BadFilter;
  }

  private void eachSecond() {
    tellProgress();
    if (refreshing.compareAndSet(false, true)) {
      threads
          .calls()
          .execute(
              () -> {
                try {
                  sessions.refreshNames();
                } finally {
                  refreshing.set(false);
                }
              });
    }
  }

  /** One question to the drain serves all streams. */
  private void tellProgress() {
    if (streams.isEmpty()) {
      return;
    }
    var unused =
        drain
            .status()
            .thenAcceptAsync(
                now -> {
                  Map<Integer, Integer> alive =
                      now.sessions().stream()
                          .collect(
                              Collectors.toMap(
                                  DrainStatus.SessionBooks::bit,
                                  DrainStatus.SessionBooks::processesAlive));
                  for (EventStream<?> stream : streams) {
                    stream
                        .session()
                        .ifPresent(open -> stream.progress(alive.getOrDefault(open.bit(), 0)));
                  }
                },
                threads.calls());
  }
}
