package dev.rastro.client.commands;

import dev.rastro.client.connection.Connection;
import dev.rastro.client.connection.Endpoint;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import dev.rastro.client.launch.Command;
import dev.rastro.client.launch.OwnProcess;
import dev.rastro.client.options.CommandLine;
import dev.rastro.client.options.Given;
import dev.rastro.client.options.OptionTable;
import dev.rastro.client.printing.CallCounts;
import dev.rastro.client.printing.CountTable;
import dev.rastro.client.printing.Frame;
import dev.rastro.client.printing.JsonLines;
import dev.rastro.client.printing.Output;
import dev.rastro.client.printing.Status;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.Started;
import dev.rastro.v1.SummaryBy;
import dev.rastro.v1.Target;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code rastro trace}, and {@code rastro strace}, which has strace's options alone. */
final class TraceCommand implements Subcommand {
  private final boolean own;

  private TraceCommand(boolean own) {
    this.own = own;
  }

  static TraceCommand trace() {
    return new TraceCommand(true);
  }

  static TraceCommand strace() {
    return new TraceCommand(false);
  }

  @Override
  public String name() {
    return own ? "trace" : "strace";
  }

  /** What stands around the options. These are strace's, in a table, and told apart as it does. */
  @Override
  public CommandSpec specification() {
    CommandSpec spec =
        CommonOptions.specification(
            name(),
            own
                ? "Shows the system calls and signals of a command or of running processes."
                : "The same, for scripts: takes strace's command line as it is.",
            "Prints what strace prints, to standard error or, with -o, to a file. The command's own"
                + " exit status is passed on. LISTs are names, %%classes, /regexes; with ! all but"
                + " these.");
    spec.usageMessage()
        .customSynopsis(
            "Usage: rastro " + name() + " [OPTIONS] [--] COMMAND [ARGS...]",
            "       rastro " + name() + " [OPTIONS] -p PID [-p PID...]")
        .footer(
            "  rastro trace -- ls -l /",
            "  rastro trace -f -e trace=openat,%%network -o trace.txt -- curl localhost",
            "  rastro trace -f -p 4711            # ^C detaches; the process goes on",
            "  rastro trace -c -f -- make         # only a table of counts at the end");
    return spec;
  }

  @Override
  public int run(ParseResult parsed) {
    throw new IllegalStateException(name() + " tells its options apart itself");
  }

  /**
   * @param words what follows the command's name
   */
  int run(List<String> words, PrintStream out) {
    OptionTable table = own ? OptionTable.all() : OptionTable.ofStrace();
    try {
      Optional<String> page = page(table, words);
      if (page.isPresent()) {
        out.print(page.get());
        return ExitStatus.OK;
      }
      return run(TraceArguments.parse(table, words));
    } catch (ClientFailure failure) {
      // strace knows one status for whatever keeps it from beginning.
      throw own || failure.exitStatus() != ExitStatus.USAGE
          ? failure
          : ClientFailure.failed(failure.getMessage());
    }
  }

  /** What -h or -V, whichever comes first, asks for. */
  Optional<String> page(OptionTable table, List<String> words) {
    for (Given given : CommandLine.parse(table, words).given()) {
      if (given.key().equals("h")) {
        return Optional.of(help(table));
      }
      if (given.key().equals("V")) {
        return Optional.of("rastro " + VersionCommand.version() + "\n");
      }
    }
    return Optional.empty();
  }

  private String help(OptionTable table) {
    CommandSpec spec = specification();
    spec.usageMessage().description(spec.usageMessage().description()[1]);
    Help help = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
    return help.synopsis(0)
        + help.descriptionHeading()
        + help.description()
        + table.help()
        + help.footerHeading()
        + help.footer();
  }

  private static int run(TraceArguments arguments) {
    // First of all: it takes stock of the descriptors that the command is to inherit.
    Optional<Command> command =
        arguments.command().isEmpty() ? Optional.empty() : Optional.of(prepared(arguments));
    Outcome outcome;
    try (Output output = Output.open(arguments.destination())) {
      Interruption interruption = Interruption.install();
      try (Connection connection = Connection.open(arguments.endpoint(), arguments.showSecrets())) {
        outcome =
            isForKernelCounters(arguments)
                ? count(arguments, connection, output, interruption, command)
                : new TraceRun(arguments, target(arguments), connection, output, interruption)
                    .run(command);
      }
    }
    return outcome.finish();
  }

  private static Command prepared(TraceArguments arguments) {
    Command command =
        Command.find(arguments.command()).withEnvironment(arguments.launch().environment());
    return arguments.launch().user().map(command::asUser).orElse(command);
  }

  /** Whether all calls of the target count, which the kernel does best. */
  private static boolean isForKernelCounters(TraceArguments arguments) {
    return arguments.counting() == TraceArguments.Counting.ONLY
        && arguments.expression().statuses().equals(Status.all())
        && arguments.launch().user().isEmpty()
        && !arguments.leaveAtExec()
        && !arguments.chosen().isByCall()
        && !arguments.touched().any()
        && arguments.callLimit() == Frame.NO_LIMIT;
  }

  private static Target target(TraceArguments arguments) {
    Target.Builder target =
        arguments.chosen().target().toBuilder().setFollowForks(arguments.follow());
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
    arguments.notices().forEach(output::message);
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
      output.write(CountTable.of(CallCounts.rows(summary, table), arguments.summary()));
    }
    if (!summary.getComplete()) {
      output.message(
          "the counts are not complete: " + String.join("; ", summary.getIncompleteBecauseList()));
    }
    boolean lost = arguments.chosen().failOnLoss() && !summary.getComplete();
    return lost ? Outcome.exit(ExitStatus.LOSS) : result.outcome();
  }

  private static GetSummaryRequest request(String session) {
    return GetSummaryRequest.newBuilder()
        .setSessionId(session)
        .setBy(SummaryBy.SUMMARY_BY_SYSCALL)
        .build();
  }
}
