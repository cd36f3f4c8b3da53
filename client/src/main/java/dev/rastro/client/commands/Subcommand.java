package dev.rastro.client.commands;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * One command. Specifications are built by hand, without annotations: that starts faster, and only
 * the command that is asked for costs anything.
 */
interface Subcommand {
  String name();

  CommandSpec specification();

  /**
   * @return the exit status
   * @throws dev.rastro.client.failure.ClientFailure when it cannot be done
   */
  int run(ParseResult arguments);
}
