package dev.rastro.client.commands;

import dev.rastro.client.connection.Connection;
import dev.rastro.client.connection.Endpoint;
import dev.rastro.client.launch.Command;
import dev.rastro.client.launch.OwnProcess;
import dev.rastro.client.printing.CallCounts;
import dev.rastro.client.printing.CountTable;
import dev.rastro.client.printing.JsonLines;
import dev.rastro.client.printing.Output;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.Started;
import dev.rastro.v1.SummaryBy;
import dev.rastro.v1.Target;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code rastro trace}. */
final class TraceCommand implements Subcommand {

  @Override
  public String name() {
    return "trace";
  }

  @Override
  public CommandSpec specification() {
    return TraceArguments.specification();
  }

  @Override
  public int run(ParseResult parsed) {
    TraceArguments arguments = TraceArguments.of(parsed);
    // First of all: it takes stock of the descriptors that the command is to inherit.
    Optional<Command> command =
        arguments.command().isEmpty()
            ? Optional.empty()
            : Optional.of(Command.find(arguments.command()));
    Outcome outcome;
    try (Output output = Output.open(arguments.file())) {
      Interruption interruption = Interruption.install();
      try (Connection connection = Connection.open(arguments.endpoint())) {
        outcome =
            arguments.counting() == TraceArguments.Counting.ONLY
                ? count(arguments, connection, output, interruption, command)
                : new TraceRun(arguments, target(arguments), connection, output, interruption)
                    .run(command);
      }
    }
    return outcome.finish();
  }

  private static Target target(TraceArguments arguments) {
    Target.Builder target = Target.newBuilder().setFollowForks(arguments.follow());
    if (arguments.follow()) {
      target.addAllPids(arguments.pids());
    } else {
      target.addAllTids(arguments.pids());
    }
    if (!arguments.command().isEmpty()) {
      target.addChildrenOf(OwnProcess.pid());
    }
    return target.build();
  }

  private static Outcome count(
      TraceArguments arguments,
      Connection connection,
      Output output,
      Interruption interruption,
      Optional<Command> command) {
    Attachment attachment =
        new Attachment(arguments, output, arguments.endpoint() instanceof Endpoint.Socket);
    CountingRun run =
        new CountingRun(
            connection, Requests.filter(arguments.expression()), target(arguments), interruption);
    CountingRun.Result result =
        run.count(command, TraceCommand::request, (Started started) -> attachment.attached());
    if (result.cutShort()) {
      output.message(EndGuard.message());
    }
    GetSummaryResponse summary = result.summary();
    if (arguments.json()) {
      output.write(JsonLines.line(summary));
    } else {
      SyscallTable table = SyscallTable.load(Architecture.current());
      output.write(CountTable.of(CallCounts.rows(summary, table)));
    }
    if (!summary.getComplete()) {
      output.message(
          "the counts are not complete: " + String.join("; ", summary.getIncompleteBecauseList()));
    }
    return result.outcome();
  }

  private static GetSummaryRequest request(String session) {
    return GetSummaryRequest.newBuilder()
        .setSessionId(session)
        .setBy(SummaryBy.SUMMARY_BY_SYSCALL)
        .build();
  }
}
