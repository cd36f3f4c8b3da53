package dev.rastro.client.commands;

import dev.rastro.client.connection.Connection;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.launch.Command;
import dev.rastro.client.launch.OwnProcess;
import dev.rastro.client.printing.JsonLines;
import dev.rastro.client.printing.SummaryPage;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.SummaryBy;
import dev.rastro.v1.Target;
import java.util.List;
import java.util.Locale;
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
    spec.addOption(CommonOptions.values("PID", "only these processes", "-p", "--pid"));
    spec.addOption(
        CommonOptions.value(
            "syscall|process|both|command", "what a row stands for (syscall)", "--by"));
    spec.addOption(
        CommonOptions.value(
            "KEY", "order by time, calls, errors, max, name or pid (time)", "--sort"));
    spec.addOption(CommonOptions.value("SECONDS", "count for so long, from now on", "--duration"));
    spec.addOption(
        CommonOptions.value(
            "SECONDS", "only what was counted in the last of them, up to 60", "--last"));
    spec.addOption(CommonOptions.values("EXPR", "only these, as in trace -e", "-e"));
    spec.addOption(CommonOptions.output());
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

  record Arguments(
      List<Integer> pids,
      SummaryBy by,
      SummaryPage.Order order,
      Optional<Integer> durationSeconds,
      int lastSeconds,
      Expression expression,
      boolean json,
      List<String> command) {}

  @Override
  public int run(ParseResult parsed) {
    Arguments arguments = parse(parsed);
    Optional<Command> command =
        arguments.command().isEmpty()
            ? Optional.empty()
            : Optional.of(Command.find(arguments.command()));
    return run(parsed, arguments, command).finish();
  }

  private Outcome run(ParseResult parsed, Arguments arguments, Optional<Command> command) {
    try (Connection connection = Connection.open(CommonOptions.endpoint(parsed))) {
      if (command.isPresent()) {
        return countCommand(connection, arguments, command.get());
      }
      if (arguments.durationSeconds().isPresent()) {
        return countForAWhile(connection, arguments);
      }
      print(connection.summary(request(arguments, "")), arguments);
      return Outcome.OK;
    }
  }

  static Arguments parse(ParseResult parsed) {
    Expression expression = Expression.EVERYTHING;
    for (String one : CommonOptions.values(parsed, "-e")) {
      expression = expression.and(one);
    }
    return new Arguments(
        CommonOptions.pids(CommonOptions.values(parsed, "-p")),
        by(CommonOptions.value(parsed, "--by").orElse("syscall")),
        order(CommonOptions.value(parsed, "--sort").orElse("time")),
        CommonOptions.value(parsed, "--duration")
            .map(text -> CommonOptions.number("--duration", text)),
        CommonOptions.value(parsed, "--last")
            .map(text -> CommonOptions.number("--last", text))
            .orElse(0),
        expression,
        CommonOptions.json(parsed),
        parsed.matchedPositionalValue(0, List.of()));
  }

  private static SummaryBy by(String text) {
    return switch (text) {
      case "syscall" -> SummaryBy.SUMMARY_BY_SYSCALL;
      case "process" -> SummaryBy.SUMMARY_BY_PROCESS;
      case "both" -> SummaryBy.SUMMARY_BY_BOTH;
      case "command" -> SummaryBy.SUMMARY_BY_COMMAND;
      default ->
          throw ClientFailure.usage(
              "--by: '" + text + "' is none of syscall, process, both, command");
    };
  }

  private static SummaryPage.Order order(String text) {
    try {
      return SummaryPage.Order.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw ClientFailure.usage(
          "--sort: '" + text + "' is none of time, calls, errors, max, name, pid");
    }
  }

  private Outcome countCommand(Connection connection, Arguments arguments, Command command) {
    Target target =
        Target.newBuilder()
            .addAllPids(arguments.pids())
            .addChildrenOf(OwnProcess.pid())
            .setFollowForks(true)
            .build();
    CountingRun run = counting(connection, arguments, target);
    CountingRun.Result result =
        run.count(Optional.of(command), session -> request(arguments, session), started -> {});
    print(result.summary(), arguments);
    return result.outcome();
  }

  private Outcome countForAWhile(Connection connection, Arguments arguments) {
    Target.Builder target = Target.newBuilder().addAllPids(arguments.pids());
    if (arguments.pids().isEmpty()) {
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

  private static CountingRun counting(Connection connection, Arguments arguments, Target target) {
    return new CountingRun(
        connection, Requests.filter(arguments.expression()), target, Interruption.install());
  }

  private static GetSummaryRequest request(Arguments arguments, String session) {
    return GetSummaryRequest.newBuilder()
        .setSessionId(session)
        .addAllPids(arguments.command().isEmpty() ? arguments.pids() : List.of())
        .setFilter(Requests.filter(arguments.expression()))
        .setBy(arguments.by())
        .setLastNanos(TimeUnit.SECONDS.toNanos(arguments.lastSeconds()))
        .build();
  }

  private static void print(GetSummaryResponse summary, Arguments arguments) {
    GetSummaryResponse sorted = SummaryPage.sorted(summary, arguments.order());
    System.out.print(
        arguments.json() ? JsonLines.line(sorted) : SummaryPage.of(sorted, arguments.by()));
  }
}
