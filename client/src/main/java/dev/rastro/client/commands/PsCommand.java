package dev.rastro.client.commands;

import dev.rastro.client.connection.Connection;
import dev.rastro.client.failure.ExitStatus;
import dev.rastro.client.printing.JsonLines;
import dev.rastro.client.printing.ProcessPage;
import dev.rastro.v1.ListProcessesRequest;
import dev.rastro.v1.ListProcessesResponse;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code rastro ps}: the status table of processes. */
final class PsCommand implements Subcommand {

  @Override
  public String name() {
    return "ps";
  }

  @Override
  public CommandSpec specification() {
    CommandSpec spec =
        CommonOptions.specification(
            name(),
            "Shows processes with memory, listening sockets, calls and errors.",
            "Calls and errors are known where a process is or was watched. HERD: accept that woke for"
                + " nothing; CLOSED: the peer had closed; SENDFAIL: other failures to send.");
    spec.usageMessage()
        .customSynopsis("Usage: rastro ps [OPTIONS]")
        .footer("  rastro ps", "  rastro ps -p 1,4711", "  rastro ps --traced --output json");
    spec.addOption(CommonOptions.values("PID", "only these", "-p", "--pid"));
    spec.addOption(CommonOptions.flag("only those whose calls were counted", "--traced"));
    spec.addOption(CommonOptions.output());
    CommonOptions.addConnection(spec);
    spec.addOption(CommonOptions.help());
    return spec;
  }

  @Override
  public int run(ParseResult arguments) {
    ListProcessesRequest request =
        ListProcessesRequest.newBuilder()
            .addAllPids(CommonOptions.pids(CommonOptions.values(arguments, "-p")))
            .setTracedOnly(CommonOptions.has(arguments, "--traced"))
            .build();
    boolean json = CommonOptions.json(arguments);
    try (Connection connection = Connection.open(CommonOptions.endpoint(arguments))) {
      ListProcessesResponse answer = connection.processes(request);
      if (json) {
        answer.getProcessesList().forEach(one -> System.out.print(JsonLines.line(one)));
      } else {
        System.out.print(ProcessPage.of(answer));
      }
    }
    return ExitStatus.OK;
  }
}
