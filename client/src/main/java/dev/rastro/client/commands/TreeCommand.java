// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.commands;

import dev.rastro.client.connection.Connection;
import dev.rastro.client.connection.Endpoint;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.launch.Command;
import dev.rastro.client.printing.Destination;
import dev.rastro.client.printing.Output;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code rastro tree}: who starts whom, live. */
final class TreeCommand implements Subcommand {

  @Override
  public String name() {
    return "tree";
  }

  @Override
  public CommandSpec specification() {
    CommandSpec spec =
        CommonOptions.specification(
            name(),
            "Shows the processes that a command or a running process starts: what each shares with"
                + " its parent, what it executes and how it ends, as it happens; at the end the"
                + " whole tree.",
            "It is written to standard error, or with -o to a file. A command's own exit status is"
                + " passed on.");
    spec.usageMessage()
        .customSynopsis(
            "Usage: rastro tree [OPTIONS] [--] COMMAND [ARGS...]",
            "       rastro tree [OPTIONS] -p PID [-p PID...]")
        .footer(
            "  rastro tree -- make -j4",
            "  rastro tree -p 4711              # ^C leaves it running",
            "  rastro tree --output json -o tree.jsonl -- ./run-tests");
    spec.addOption(CommonOptions.values("PID", "these and what they start", "-p", "--pid"));
    spec.addOption(CommonOptions.flag("threads, too", "--threads"));
    spec.addOption(CommonOptions.value("FILE", "where to write it", "-o", "--to"));
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

  /**
   * @param command empty when running processes are watched
   */
  record Arguments(
      List<Integer> pids, List<String> command, boolean threads, boolean json, Endpoint endpoint) {}

  @Override
  public int run(ParseResult parsed) {
    Arguments arguments =
        new Arguments(
            CommonOptions.pids(CommonOptions.values(parsed, "-p")),
            parsed.matchedPositionalValue(0, List.of()),
            CommonOptions.has(parsed, "--threads"),
            CommonOptions.json(parsed),
            CommonOptions.endpoint(parsed));
    if (arguments.pids().isEmpty() == arguments.command().isEmpty()) {
      throw ClientFailure.usage(
          arguments.pids().isEmpty()
              ? "give a command, or -p PID"
              : "a command and -p exclude each other");
    }
    // First of all: it takes stock of the descriptors that the command is to inherit.
    Optional<Command> command =
        arguments.command().isEmpty()
            ? Optional.empty()
            : Optional.of(Command.find(arguments.command()));
    Destination destination = new Destination(CommonOptions.value(parsed, "-o"), false, false);
    Outcome outcome;
    try (Output output = Output.open(destination)) {
      Interruption interruption = Interruption.install();
      try (Connection connection = Connection.open(arguments.endpoint())) {
        outcome = new TreeRun(arguments, connection, output, interruption).run(command);
      }
    }
    return outcome.finish();
  }
}
