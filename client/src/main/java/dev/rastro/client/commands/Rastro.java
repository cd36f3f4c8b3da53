package dev.rastro.client.commands;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The command line as a whole: finds the command, has it run, and turns failures into a status. */
public final class Rastro {
  private static final List<Subcommand> COMMANDS =
      List.of(
          TraceCommand.trace(),
          TraceCommand.strace(),
          new SummaryCommand(),
          new DiffCommand(),
          new PsCommand(),
          new TopCommand(),
          new TreeCommand(),
          new StuckCommand(),
          new StatusCommand(),
          new DoctorCommand(),
          new SyscallsCommand(),
          new VersionCommand());

  private final PrintStream out;
  private final PrintStream err;

  public Rastro(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Blocks until the command is done.
   *
   * @return the exit status; no exception leaves it
   */
  public int run(String... arguments) {
    try {
      return dispatch(arguments);
    } catch (CommandLine.UnmatchedArgumentException unknown) {
      return fail(ExitStatus.USAGE, unmatched(unknown));
    } catch (CommandLine.ParameterException wrong) {
      return fail(ExitStatus.USAGE, wrong.getMessage());
    } catch (ClientFailure failure) {
      return fail(failure.exitStatus(), failure.getMessage());
    } catch (RuntimeException | Error defect) {
      return fail(ExitStatus.FAILED, internalError(defect));
    }
  }

  private int dispatch(String... arguments) {
    Optional<Subcommand> first = arguments.length == 0 ? Optional.empty() : command(arguments[0]);
    if (first.isPresent() && first.get() instanceof TraceCommand trace) {
      return trace.run(List.of(arguments).subList(1, arguments.length), out);
    }
    CommandLine line = commandLine(arguments.length == 0 ? "" : arguments[0]);
    ParseResult parsed = line.parseArgs(arguments);
    if (parsed.isVersionHelpRequested()) {
      return command("version").orElseThrow().run(parsed);
    }
    if (parsed.isUsageHelpRequested()) {
      line.usage(out);
      return ExitStatus.OK;
    }
    if (!parsed.hasSubcommand()) {
      throw ClientFailure.usage("no command given; 'rastro --help' lists them");
    }
    ParseResult chosen = parsed.subcommand();
    if (chosen.isUsageHelpRequested()) {
      chosen.commandSpec().commandLine().usage(out);
      return ExitStatus.OK;
    }
    Subcommand command = command(chosen.commandSpec().name()).orElseThrow();
    return chosen.isVersionHelpRequested() ? new VersionCommand().run(chosen) : command.run(chosen);
  }

  /** All commands, of which manual pages and completions are made, too. */
  public static CommandLine commandLine() {
    return commandLine("");
  }

  /** Only the command that is asked for is specified; all of them when none or none of ours is. */
  static CommandLine commandLine(String chosen) {
    CommandSpec root =
        CommonOptions.specification(
            "rastro", "Shows what processes ask of the kernel: a client of rastrod.");
    root.usageMessage()
        .customSynopsis("Usage: rastro COMMAND [OPTIONS] [ARGS...]")
        .commandListHeading("%nCommands:%n")
        .footer(
            "  rastro trace -- ls -l /",
            "  rastro summary -p 4711 --duration 10",
            "  rastro COMMAND --help");
    root.addOption(
        CommandLine.Model.OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .arity("0")
            .type(boolean.class)
            .description("show the version and exit")
            .build());
    root.addOption(CommonOptions.help());
    Optional<Subcommand> one = command(chosen);
    for (Subcommand command : one.map(List::of).orElse(COMMANDS)) {
      root.addSubcommand(command.name(), command.specification());
    }
    return new CommandLine(root)
        .setExpandAtFiles(false)
        .setStopAtPositional(true)
        .setPosixClusteredShortOptionsAllowed(true)
        .setAllowOptionsAsOptionParameters(true)
        .setOverwrittenOptionsAllowed(true)
        .setUnmatchedOptionsArePositionalParams(false);
  }

  private static Optional<Subcommand> command(String name) {
    return COMMANDS.stream().filter(command -> command.name().equals(name)).findFirst();
  }

  private static String unmatched(CommandLine.UnmatchedArgumentException unknown) {
    String first = unknown.getUnmatched().get(0);
    String command = unknown.getCommandLine().getCommandName();
    if (first.startsWith("-")) {
      String where = command.equals("rastro") ? "rastro" : "rastro " + command;
      return "unknown option: " + first + "; '" + where + " --help' lists them";
    }
    return command.equals("rastro")
        ? "unknown command: " + first + "; 'rastro --help' lists them"
        : "too many arguments, from '" + first + "' on";
  }

  /** What is said of a defect of ours, in one line. */
  public static String internalError(Throwable defect) {
    StackTraceElement[] trace = defect.getStackTrace();
    String where = trace.length == 0 ? "" : " at " + trace[0];
    return "internal error, please report it: "
        + defect.toString().lines().findFirst().orElse("")
        + where;
  }

  private int fail(int status, String message) {
    out.flush();
    err.println("rastro: " + message);
    return status;
  }
}
