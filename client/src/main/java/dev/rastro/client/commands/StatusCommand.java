package dev.rastro.client.commands;

import dev.rastro.client.connection.Connection;
import dev.rastro.client.failure.ExitStatus;
import dev.rastro.client.printing.JsonLines;
import dev.rastro.client.printing.StatusPage;
import dev.rastro.v1.GetStatusResponse;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code rastro status}: how the daemon is. */
final class StatusCommand implements Subcommand {

  @Override
  public String name() {
    return "status";
  }

  @Override
  public CommandSpec specification() {
    CommandSpec spec =
        CommonOptions.specification(
            name(),
            "Shows how the daemon is, what it has lost and what it costs.",
            "What is attached, how full the ring is, losses by cause, limits, sessions, CPU and"
                + " memory.");
    spec.usageMessage()
        .customSynopsis("Usage: rastro status [OPTIONS]")
        .footer("  rastro status", "  rastro status --output json");
    spec.addOption(CommonOptions.output());
    CommonOptions.addConnection(spec);
    spec.addOption(CommonOptions.help());
    return spec;
  }

  @Override
  public int run(ParseResult arguments) {
    boolean json = CommonOptions.json(arguments);
    try (Connection connection = Connection.open(CommonOptions.endpoint(arguments))) {
      GetStatusResponse status = connection.status();
      System.out.print(json ? JsonLines.line(status) : StatusPage.of(status));
    }
    return ExitStatus.OK;
  }
}
