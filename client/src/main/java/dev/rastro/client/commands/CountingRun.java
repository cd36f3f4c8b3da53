package dev.rastro.client.commands;

import dev.rastro.client.connection.Connection;
import dev.rastro.client.connection.TraceStream;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.launch.Command;
import dev.rastro.v1.Filter;
import dev.rastro.v1.Form;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.Started;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/** A session that only counts, in the kernel, until the target has ended or somebody stops it. */
final class CountingRun {
  private final Connection connection;
  private final Filter filter;
  private final Target target;
  private final Interruption interruption;
  private final AtomicReference<Runnable> stop = new AtomicReference<>(() -> {});

  /**
   * @param cutShort the daemon did not tell the end, and was not waited for any longer
   */
  record Result(GetSummaryResponse summary, Outcome outcome, boolean cutShort) {}

  CountingRun(Connection connection, Filter filter, Target target, Interruption interruption) {
    this.connection = connection;
    this.filter = filter;
    this.target = target;
    this.interruption = interruption;
  }

  /** Ends the counting as a signal would. From any thread, once it has begun. */
  void stop() {
    stop.get().run();
  }

  /**
   * Blocks until it is over.
   *
   * @param request for the summary of a session
   * @param attached told what is being counted, once it is
   */
  Result count(
      Optional<Command> command,
      Function<String, GetSummaryRequest> request,
      Consumer<Started> attached) {
    TraceRequest count =
        TraceRequest.newBuilder()
            .setTarget(target)
            .setFilter(filter)
            .setForm(Form.FORM_COUNT)
            .setEndWithTarget(true)
            .build();
    try (TraceStream stream = connection.trace(count);
        EndGuard guard = EndGuard.of(this::stop)) {
      Started started = stream.started();
      AtomicReference<Optional<GetSummaryResponse>> sums = new AtomicReference<>(Optional.empty());
      GetSummaryRequest summary = request.apply(started.getSessionId());
      stop.set(() -> stopped(stream, sums, summary));
      interruption.onStop(this::stop);
      attached.accept(started);
      Optional<RunningCommand> running = Optional.empty();
      if (command.isPresent() && interruption.mayStart()) {
        running = Optional.of(RunningCommand.start(command.get(), interruption));
        guard.watch(running.get());
      }
      awaitEnd(stream, guard);
      GetSummaryResponse all = sums.get().orElseGet(() -> connection.summary(summary));
      return new Result(all, outcome(running), guard.gaveUp());
    }
  }

  private Outcome outcome(Optional<RunningCommand> running) {
    if (running.isPresent()) {
      return Outcome.of(running.get().await());
    }
    return interruption.signal() == 0 ? Outcome.OK : Outcome.interrupted(interruption.signal());
  }

  /** The sums first: they go with the session. */
  private void stopped(
      TraceStream stream,
      AtomicReference<Optional<GetSummaryResponse>> sums,
      GetSummaryRequest summary) {
    try {
      sums.set(Optional.of(connection.summary(summary)));
    } catch (ClientFailure gone) {
      sums.set(Optional.empty()); // asking again tells the reason
    }
    stream.cancel();
  }

  private void awaitEnd(TraceStream stream, EndGuard guard) {
    Optional<TraceResponse> message = stream.next();
    while (message.isPresent() && !message.get().hasEnded()) {
      if (target.getFollowForks() && message.get().getProgress().getProcesses() > 0) {
        guard.waiting();
      }
      message = stream.next();
    }
  }
}
