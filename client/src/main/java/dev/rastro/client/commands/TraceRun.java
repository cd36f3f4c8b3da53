package dev.rastro.client.commands;

import dev.rastro.client.connection.Connection;
import dev.rastro.client.connection.Endpoint;
import dev.rastro.client.connection.TraceStream;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import dev.rastro.client.launch.Command;
import dev.rastro.client.printing.CallCounts;
import dev.rastro.client.printing.CallText;
import dev.rastro.client.printing.CountTable;
import dev.rastro.client.printing.JsonPrinter;
import dev.rastro.client.printing.Layout;
import dev.rastro.client.printing.LossText;
import dev.rastro.client.printing.Output;
import dev.rastro.client.printing.Printer;
import dev.rastro.client.printing.TracePrinter;
import dev.rastro.syscalls.decode.TouchFilter;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.text.TextOptions;
import dev.rastro.v1.Ended;
import dev.rastro.v1.Form;
import dev.rastro.v1.Started;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Set;

/** One trace that is printed as it comes. */
final class TraceRun {
  private final TraceArguments arguments;
  private final Target target;
  private final Connection connection;
  private final Output output;
  private final Interruption interruption;
  private final Attachment attachment;

  TraceRun(
      TraceArguments arguments,
      Target target,
      Connection connection,
      Output output,
      Interruption interruption) {
    this.arguments = arguments;
    this.target = target;
    this.connection = connection;
    this.output = output;
    this.interruption = interruption;
    attachment = new Attachment(arguments, output, arguments.endpoint() instanceof Endpoint.Socket);
  }

  /** Blocks until the target has ended or somebody interrupts, and all is printed. */
  Outcome run(Optional<Command> command) {
    try (TraceStream stream = connection.trace(request())) {
      interruption.onStop(stream::cancel);
      SyscallTable table = SyscallTable.load(Architecture.current());
      Started started = stream.started();
      if (stream.isCancelled()) {
        return Outcome.interrupted(interruption.signal());
      }
      requireSameTable(started, table);
      started.getNoticesList().forEach(output::message);
      arguments.touched().notices().forEach(output::message);
      Optional<CallCounts> counts =
          arguments.counting() == TraceArguments.Counting.ALSO
              ? Optional.of(new CallCounts(table))
              : Optional.empty();
      Printer printer = printer(table, counts, attachment.attached());
      Optional<RunningCommand> running = Optional.empty();
      if (command.isPresent() && interruption.mayStart()) {
        running = Optional.of(RunningCommand.start(command.get(), interruption));
        printer.beginAtExecOf(running.get().pid());
      }
      Optional<Ended> ended = print(stream, printer, running);
      printer.finish();
      counts.ifPresent(sums -> output.write(CountTable.of(sums.rows())));
      tellLosses(printer, ended);
      if (ended.isEmpty()) {
        attachment.detached(printer.tasks());
      }
      return outcome(running, ended);
    }
  }

  private TraceRequest request() {
    return TraceRequest.newBuilder()
        .setTarget(target)
        .setFilter(Requests.filter(arguments.expression()))
        .setForm(arguments.json() ? Form.FORM_DECODED : Form.FORM_PACKED)
        .setStringLimit(Math.max(1, arguments.stringLimit()))
        .setVerbose(arguments.verbose())
        .setWithLine(arguments.json())
        .setWithDescriptors(arguments.descriptors().any() || arguments.touched().any())
        .setWithLifecycle(true)
        .setEndWithTarget(true)
        .build();
  }

  private void requireSameTable(Started started, SyscallTable table) {
    if (!arguments.json() && !started.getTableEtag().equals(table.etag())) {
      throw new ClientFailure(
          ExitStatus.UNAVAILABLE,
          "this client's syscall table is not the daemon's ("
              + table.etag()
              + ", "
              + started.getTableEtag()
              + "); install the same version of both, or use --output json");
    }
  }

  private Printer printer(SyscallTable table, Optional<CallCounts> counts, Set<Integer> tasks) {
    if (arguments.json()) {
      return new JsonPrinter(output, tasks);
    }
    boolean fromFile = arguments.file().isPresent();
    boolean several = arguments.follow() || arguments.pids().size() > 1;
    boolean ownCommandToFile = fromFile && !arguments.command().isEmpty();
    Layout layout =
        new Layout(
            fromFile && several,
            arguments.follow(),
            arguments.quiet() == 0 && !ownCommandToFile,
            arguments.quiet() < 2,
            arguments.expression().signals());
    TextOptions options =
        new TextOptions(arguments.stringLimit(), arguments.verbose(), arguments.column());
    TouchOptions touched = arguments.touched();
    Optional<TouchFilter> filter =
        touched.any()
            ? Optional.of(new TouchFilter(table, touched.paths(), touched.descriptors()))
            : Optional.empty();
    CallText calls = new CallText(table, options, arguments.descriptors(), filter);
    return new TracePrinter(calls, layout, output, counts, tasks);
  }

  /** Empty when it was interrupted. */
  private Optional<Ended> print(
      TraceStream stream, Printer printer, Optional<RunningCommand> running) {
    try {
      Optional<TraceResponse> next = stream.next();
      while (next.isPresent()) {
        TraceResponse message = next.get();
        switch (message.getMessageCase()) {
          case PACKED ->
              printer.records(
                  message
                      .getPacked()
                      .getRecords()
                      .asReadOnlyByteBuffer()
                      .order(ByteOrder.LITTLE_ENDIAN));
          case EVENTS -> printer.events(message.getEvents());
          case GAP -> printer.gap(message.getGap());
          case ENDED -> {
            return Optional.of(message.getEnded());
          }
          case STARTED, PROGRESS, MESSAGE_NOT_SET -> {}
        }
        next = stream.next();
      }
      if (!stream.isCancelled()) {
        throw new ClientFailure(ExitStatus.UNAVAILABLE, "the daemon broke the trace off");
      }
    } catch (ClientFailure broken) {
      printer.finish();
      running.ifPresent(command -> goesOnAlone(command, broken));
      throw broken;
    }
    return Optional.empty();
  }

  private void goesOnAlone(RunningCommand command, ClientFailure broken) {
    output.message(broken.getMessage() + "; the command goes on untraced");
    var unused = command.await();
  }

  private Outcome outcome(Optional<RunningCommand> running, Optional<Ended> ended) {
    if (running.isPresent()) {
      return Outcome.of(running.get().await());
    }
    if (ended.isEmpty()) {
      return Outcome.interrupted(interruption.signal());
    }
    if (ended.get().getReason() == Ended.Reason.REASON_DAEMON_STOPPING) {
      throw new ClientFailure(
          ExitStatus.UNAVAILABLE, "the trace is not complete: the daemon is stopping");
    }
    return Outcome.OK;
  }

  private void tellLosses(Printer printer, Optional<Ended> ended) {
    String lost =
        LossText.total(ended.map(end -> end.getTotals().getLostList()).orElseGet(printer::lost));
    if (!lost.isEmpty()) {
      output.message(lost);
    }
  }
}
