package dev.rastro.client.commands;

import dev.rastro.client.commands.Expression.Qualifier;
import dev.rastro.client.connection.Connection;
import dev.rastro.client.connection.Endpoint;
import dev.rastro.client.connection.TraceStream;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import dev.rastro.client.launch.Command;
import dev.rastro.client.printing.CallCounts;
import dev.rastro.client.printing.CallText;
import dev.rastro.client.printing.CountTable;
import dev.rastro.client.printing.Frame;
import dev.rastro.client.printing.JsonPrinter;
import dev.rastro.client.printing.Layout;
import dev.rastro.client.printing.LossText;
import dev.rastro.client.printing.Output;
import dev.rastro.client.printing.Printer;
import dev.rastro.client.printing.Status;
import dev.rastro.client.printing.TaskNames;
import dev.rastro.client.printing.TracePrinter;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.text.DataDump;
import dev.rastro.syscalls.text.TextOptions;
import dev.rastro.syscalls.text.TextStyle;
import dev.rastro.v1.Detail;
import dev.rastro.v1.Ended;
import dev.rastro.v1.Form;
import dev.rastro.v1.Loss;
import dev.rastro.v1.LossCount;
import dev.rastro.v1.Started;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import dev.rastro.v1.TraceResponse;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** One trace that is printed as it comes. */
final class TraceRun {
  /** Who prints every line falls behind a fast program for a while: some 400,000 calls' worth. */
  private static final int QUEUE_BYTES = 48 << 20;

  private final TraceArguments arguments;
  private final Target target;
  private final Connection connection;
  private final Output output;
  private final Interruption interruption;
  private final Attachment attachment;

  /** The daemon was started anew under the trace. */
  private boolean anew;

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
    try (TraceStream stream = connection.trace(request(), arguments.chosen().reconnectSeconds());
        EndGuard guard = EndGuard.of(stream::cancel)) {
      interruption.onStop(stream::cancel);
      SyscallTable table = SyscallTable.load(Architecture.current());
      Started started = stream.started();
      if (stream.isCancelled()) {
        return Outcome.interrupted(interruption.signal());
      }
      requireSameTable(started, table);
      arguments.notices().forEach(output::message);
      started.getNoticesList().forEach(output::message);
      if (started.getDetail().getNumber() > Detail.DETAIL_FULL_VALUE) {
        output.message("your role shows registers, results and times, and nothing of any memory");
      }
      if (arguments.chosen().isOpen() && !arguments.quietly(Quiet.ATTACH)) {
        output.message(
            started.getProcessesCount() + " processes chosen, and those that come to be");
      }
      Optional<CallCounts> counts =
          arguments.counting() != TraceArguments.Counting.NONE
              ? Optional.of(new CallCounts(table))
              : Optional.empty();
      Printer printer = printer(table, started, counts);
      Optional<RunningCommand> running = Optional.empty();
      if (command.isPresent() && interruption.mayStart()) {
        running = Optional.of(RunningCommand.start(command.get(), interruption));
        printer.beginAtExecOf(running.get().pid(), arguments.launch().user().isPresent() ? 2 : 1);
        guard.watch(running.get());
        RunningCommand traced = running.get();
        stream.onRestart(() -> traced.hasEnded() ? Optional.empty() : Optional.of(again(traced)));
      }
      Optional<Ended> ended = print(stream, printer, running, guard);
      printer.finish();
      counts.ifPresent(sums -> output.write(CountTable.of(sums.rows(), arguments.summary())));
      tellLosses(printer, ended);
      if (guard.gaveUp()) {
        output.message(EndGuard.message());
      } else if (ended.isEmpty()) {
        attachment.detached(printer.tasks());
      }
      Outcome outcome = outcome(running, ended);
      boolean lossy = anew || lostEvents(printer, ended) > 0 || printer.counted() > 0;
      return arguments.chosen().failOnLoss() && lossy ? Outcome.exit(ExitStatus.LOSS) : outcome;
    }
  }

  private static long lostEvents(Printer printer, Optional<Ended> ended) {
    return lost(printer, ended).stream()
        .filter(count -> count.getCause() != Loss.LOSS_ENTRY_BYTES)
        .filter(count -> count.getCause() != Loss.LOSS_WITHHELD)
        .mapToLong(LossCount::getCount)
        .sum();
  }

  private static List<LossCount> lost(Printer printer, Optional<Ended> ended) {
    return ended.map(end -> end.getTotals().getLostList()).orElseGet(printer::lost);
  }

  /** A daemon that was started anew knows nothing of our child. */
  private TraceRequest again(RunningCommand running) {
    TraceRequest.Builder request = request().toBuilder();
    request.getTargetBuilder().clearChildrenOf().addPids(running.pid());
    return request.build();
  }

  private TraceRequest request() {
    return TraceRequest.newBuilder()
        .setTarget(target)
        .setFilter(
            Requests.filterWithOutcome(arguments.expression()).toBuilder()
                .mergeFrom(arguments.chosen().filter())
                .mergeFrom(arguments.touched().filter()))
        .setForm(arguments.json() ? Form.FORM_DECODED : Form.FORM_PACKED)
        .setStringLimit(capturedBytes())
        .setQueueBytes(QUEUE_BYTES)
        .setVerbose(isVerbose())
        .setWithLine(arguments.json())
        .setWithDescriptors(arguments.style().descriptors().any())
        .setOverload(arguments.chosen().overload())
        .setWithLifecycle(true)
        .setWithBlocked(wantsBlocked())
        .setEndWithTarget(true)
        .build();
  }

  /** What is left out for how it ends, or only counted, cannot be told before it ends. */
  private boolean wantsBlocked() {
    return !arguments.json()
        && arguments.counting() != TraceArguments.Counting.ONLY
        && arguments.expression().statuses().equals(Status.all())
        && !arguments.chosen().isByEnding();
  }

  /** Dumps show all data that went through, as far as it is captured. */
  private int capturedBytes() {
    Expression expression = arguments.expression();
    boolean dumps =
        !expression.descriptors(Qualifier.READ).isEmpty()
            || !expression.descriptors(Qualifier.WRITE).isEmpty();
    return dumps ? TraceOptions.LARGEST_STRING_LIMIT : Math.max(1, arguments.stringLimit());
  }

  private boolean isVerbose() {
    return arguments.verbose() || !arguments.expression().abbreviated().equals(CallNames.ALL);
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

  private Printer printer(SyscallTable table, Started started, Optional<CallCounts> counts) {
    Set<Integer> tasks = attachment.attached();
    if (arguments.json()) {
      return new JsonPrinter(output, tasks);
    }
    boolean fromFile = arguments.toFile();
    boolean open = arguments.chosen().isOpen();
    boolean several = arguments.follow() || open || arguments.pids().size() > 1;
    boolean ownCommandToFile = fromFile && !arguments.command().isEmpty();
    Layout layout =
        new Layout(
            fromFile && several && !arguments.destination().separate(),
            arguments.follow() || open,
            !arguments.quietly(Quiet.ATTACH) && !ownCommandToFile,
            !arguments.quietly(Quiet.EXIT),
            arguments.expression().signals(),
            frame(started));
    Optional<TaskNames> names =
        arguments.style().taskNames()
            ? Optional.of(new TaskNames(arguments.endpoint() instanceof Endpoint.Socket))
            : Optional.empty();
    TextStyle plain = style(table);
    TextOptions options =
        new TextOptions(
            arguments.stringLimit(),
            arguments.verbose(),
            arguments.column(),
            names.map(plain::withTaskNames).orElse(plain));
    return new TracePrinter(new CallText(table, options), layout, output, counts, names, tasks);
  }

  private Frame frame(Started started) {
    Expression expression = arguments.expression();
    return new Frame(
        arguments.timestamps(),
        started.getRealtimeOffsetNanos(),
        arguments.numbers(),
        expression.statuses(),
        !arguments.quietly(Quiet.THREAD_EXECVE),
        arguments.destination().separate(),
        arguments.counting() == TraceArguments.Counting.ONLY,
        arguments.callLimit(),
        arguments.leaveAtExec(),
        new DataDump(
            expression.descriptors(Qualifier.READ), expression.descriptors(Qualifier.WRITE)));
  }

  private TextStyle style(SyscallTable table) {
    Expression expression = arguments.expression();
    TextStyle style =
        new TextStyle(
            arguments.style().hexStrings(),
            arguments.style().constants(),
            expression.abbreviated().resolve(table),
            expression.followed().resolve(table),
            expression.raw().resolve(table),
            arguments.style().argumentNames());
    return style.withDescriptors(arguments.style().descriptors());
  }

  /** Empty when it was interrupted. */
  private Optional<Ended> print(
      TraceStream stream, Printer printer, Optional<RunningCommand> running, EndGuard guard) {
    try {
      Optional<TraceResponse> next = stream.next();
      while (next.isPresent()) {
        TraceResponse message = next.get();
        boolean goesOn = goesOn(message);
        if (goesOn) {
          guard.working();
        }
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
          case DETAIL -> printer.detail(message.getDetail());
          case COUNTS -> printer.counts(message.getCounts());
          case ENDED -> {
            return Optional.of(message.getEnded());
          }
          case STARTED -> tellReturn(message.getStarted(), stream.awayNanos());
          case PROGRESS, MESSAGE_NOT_SET -> {}
        }
        if (printer.isDone()) {
          stream.cancel();
          return Optional.empty();
        }
        if (goesOn) {
          guard.waiting();
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

  /** What was missed while the connection was away. */
  private void tellReturn(Started started, long awayNanos) {
    output.message(
        started.getResumed()
            ? String.format(
                Locale.ROOT,
                "the connection was lost for %.1f s; what is missing follows as a gap",
                awayNanos / 1e9)
            : String.format(
                Locale.ROOT,
                "the daemon was started anew; what happened in the %.1f s between is missing",
                awayNanos / 1e9));
    anew |= !started.getResumed();
  }

  /** Whether there is something to print, or somebody to follow after the command's end. */
  private boolean goesOn(TraceResponse message) {
    return !message.hasProgress()
        || (arguments.follow() && message.getProgress().getProcesses() > 0);
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
      return interruption.signal() == 0 ? Outcome.OK : Outcome.interrupted(interruption.signal());
    }
    if (ended.get().getReason() == Ended.Reason.REASON_DAEMON_STOPPING) {
      throw new ClientFailure(
          ExitStatus.UNAVAILABLE, "the trace is not complete: the daemon is stopping");
    }
    return Outcome.OK;
  }

  private void tellLosses(Printer printer, Optional<Ended> ended) {
    String lost = LossText.total(lost(printer, ended));
    if (!lost.isEmpty()) {
      output.message(lost);
    }
  }
}
