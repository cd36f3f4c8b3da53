// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.commands;

import dev.rastro.client.connection.Connection;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import dev.rastro.client.printing.JsonLines;
import dev.rastro.client.printing.StuckPage;
import dev.rastro.v1.ListInFlightRequest;
import dev.rastro.v1.ListInFlightResponse;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code rastro stuck}: where threads are stuck, and who could let them go on. */
final class StuckCommand implements Subcommand {

  @Override
  public String name() {
    return "stuck";
  }

  @Override
  public CommandSpec specification() {
    CommandSpec spec =
        CommonOptions.specification(
            name(),
            "Shows the system calls in which threads sleep now: since when, for what, and who could"
                + " let them go on. Threads that wait for each other are told apart.",
            "The time is exact for calls whose beginning the daemon has seen, else a lower bound."
                + " Nothing is stopped.");
    spec.usageMessage()
        .customSynopsis(
            "Usage: rastro stuck [OPTIONS] -p PID", "       rastro stuck [OPTIONS] --all")
        .footer("  rastro stuck -p 4711", "  rastro stuck --all --longer-than 5s");
    spec.addOption(CommonOptions.values("PID", "these processes", "-p", "--pid"));
    spec.addOption(CommonOptions.flag("all processes", "--all"));
    spec.addOption(
        CommonOptions.value(
            "TIME",
            "only calls that last so long already (500ms, 1s, 1m); where that is not known, it is"
                + " waited for",
            "--longer-than"));
    spec.addOption(CommonOptions.output());
    CommonOptions.addConnection(spec);
    spec.addOption(CommonOptions.help());
    return spec;
  }

  @Override
  public int run(ParseResult arguments) {
    List<Integer> pids = CommonOptions.pids(CommonOptions.values(arguments, "-p"));
    if (pids.isEmpty() != CommonOptions.has(arguments, "--all")) {
      throw ClientFailure.usage(
          pids.isEmpty() ? "give -p PID, or --all" : "-p and --all exclude each other");
    }
    Duration longerThan =
        CommonOptions.value(arguments, "--longer-than")
            .map(text -> CommonOptions.duration("--longer-than", text))
            .orElse(Duration.ZERO);
    ListInFlightRequest request =
        ListInFlightRequest.newBuilder()
            .addAllPids(pids)
            .setLongerThanNanos(longerThan.toNanos())
            .build();
    boolean json = CommonOptions.json(arguments);
    try (Connection connection = Connection.open(CommonOptions.endpoint(arguments))) {
      ListInFlightResponse answer = connection.inFlight(request, longerThan.toMillis());
      System.out.print(json ? JsonLines.line(answer) : StuckPage.of(answer));
    }
    return ExitStatus.OK;
  }
}
