package dev.rastro.client.commands;

import dev.rastro.client.connection.Connection;
import dev.rastro.client.launch.Command;
import dev.rastro.client.launch.OwnProcess;
import dev.rastro.client.printing.JsonLines;
import dev.rastro.client.printing.SummaryCsv;
import dev.rastro.client.printing.SummaryPage;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.Target;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code rastro summary}: exact counts, out of the daemon's memory or of a session of its own. */
final class SummaryCommand implements Subcommand {

  @Override
  public String name() {
    return "summary";
  }

  @Override
  public CommandSpec specification() {
    CommandSpec spec =
        CommonOptions.specification(
            name(),
            "Shows how often which system calls were made, how long they took, how they failed.",
            "With a command, or with --duration, it counts from now on; else it shows what"
                + " the daemon has counted already.");
    spec.usageMessage()
        .customSynopsis(
            "Usage: rastro summary [OPTIONS]",
            "       rastro summary [OPTIONS] [--] COMMAND [ARGS...]")
        .footer(
            "  rastro summary",
            "  rastro summary -p 4711 --duration 10 --by both",
            "  rastro summary --sort errors -- make");
    SummaryArguments.addOptions(spec);
    CommonOptions.addConnection(spec);
    spec.addOption(CommonOptions.help());
    spec.addPositional(
        PositionalParamSpec.builder()
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .paramLabel("COMMAND")
            .description("the command to run, and its arguments")
            .build());
    return spec;
  }

  @Override
  public int run(ParseResult parsed) {
    SummaryArguments arguments = SummaryArguments.parse(parsed);
    Optional<Command> command =
        arguments.command().isEmpty()
            ? Optional.empty()
            : Optional.of(Command.find(arguments.command()));
    return run(parsed, arguments, command).finish();
  }

  private Outcome run(ParseResult parsed, SummaryArguments arguments, Optional<Command> command) {
    try (Connection connection = Connection.open(CommonOptions.endpoint(parsed))) {
      if (command.isPresent()) {
        return countCommand(connection, arguments, command.get());
      }
      if (arguments.durationSeconds().isPresent()) {
        return countForAWhile(connection, arguments);
      }
      print(connection.summary(arguments.request()), arguments);
      return Outcome.OK;
    }
  }

  private Outcome countCommand(Connection connection, SummaryArguments arguments, Command command) {
    Target target =
        Target.newBuilder()
            .addAllPids(arguments.request().getPidsList())
            .addChildrenOf(OwnProcess.pid())
            .setFollowForks(true)
            .build();
    CountingRun run = counting(connection, arguments, target);
    CountingRun.Result result =
        run.count(Optional.of(command), session -> request(arguments, session), started -> {});
    print(result.summary(), arguments);
    return result.outcome();
  }

  private Outcome countForAWhile(Connection connection, SummaryArguments arguments) {
    Target.Builder target = Target.newBuilder().addAllPids(arguments.request().getPidsList());
    if (arguments.request().getPidsList().isEmpty()) {
      target.setEverything(true);
    } else {
      target.setFollowForks(true);
    }
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "duration");
              thread.setDaemon(true);
              return thread;
            });
    CountingRun run = counting(connection, arguments, target.build());
    try {
      var unused =
          timer.schedule(run::stop, arguments.durationSeconds().orElseThrow(), TimeUnit.SECONDS);
      CountingRun.Result result =
          run.count(Optional.empty(), session -> request(arguments, session), started -> {});
      print(result.summary(), arguments);
      return result.outcome();
    } finally {
      timer.shutdownNow();
    }
  }

  private static CountingRun counting(
      Connection connection, SummaryArguments arguments, Target target) {
    return new CountingRun(
        connection, Requests.filter(arguments.expression()), target, Interruption.install());
  }

  private static GetSummaryRequest request(SummaryArguments arguments, String session) {
    GetSummaryRequest.Builder request = arguments.request().toBuilder().setSessionId(session);
    // What a command starts has other numbers than those that are watched besides.
    return arguments.command().isEmpty() ? request.build() : request.clearPids().build();
  }

  private static void print(GetSummaryResponse summary, SummaryArguments arguments) {
    System.out.print(
        switch (arguments.output()) {
          case TEXT ->
              SummaryPage.of(
                  summary,
                  arguments.request().getBy(),
                  arguments.fractions(),
                  CommonOptions.width());
          case JSON -> JsonLines.line(summary);
          case CSV -> SummaryCsv.of(summary, arguments.fractions());
        });
  }
}
