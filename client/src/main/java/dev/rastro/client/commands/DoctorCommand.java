package dev.rastro.client.commands;

import dev.rastro.client.connection.Connection;
import dev.rastro.client.connection.Endpoint;
import dev.rastro.client.doctor.DaemonChecks;
import dev.rastro.client.doctor.Finding;
import dev.rastro.client.doctor.InstallationChecks;
import dev.rastro.client.doctor.MachineChecks;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import dev.rastro.client.launch.OwnProcess;
import dev.rastro.client.printing.DoctorPage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code rastro doctor}: whether this machine can be traced, and what to do where it cannot. */
final class DoctorCommand implements Subcommand {
  private static final Path ROOT = Path.of("/");

  /** Set by the launcher script when there is one for this Java. */
  private static final String ARCHIVE_PROPERTY = "rastro.archive";

  @Override
  public String name() {
    return "doctor";
  }

  @Override
  public CommandSpec specification() {
    CommandSpec spec =
        CommonOptions.specification(
            name(),
            "Checks this machine and the daemon, and says what to do about what it finds.",
            "The kernel, its settings, libbpf, Java, the socket, and what the daemon tells of itself."
                + " As root and without a daemon, it tries one of its own. The exit status is 1 if"
                + " something will not work.");
    spec.usageMessage()
        .customSynopsis("Usage: rastro doctor [OPTIONS]")
        .footer("  rastro doctor", "  rastro doctor --output json");
    spec.addOption(CommonOptions.output());
    CommonOptions.addConnection(spec);
    spec.addOption(CommonOptions.help());
    return spec;
  }

  @Override
  public int run(ParseResult arguments) {
    boolean json = CommonOptions.json(arguments);
    Endpoint endpoint = CommonOptions.endpoint(arguments);
    List<Finding> findings = new ArrayList<>(MachineChecks.of(ROOT));
    findings.addAll(
        InstallationChecks.java(
            Runtime.version().feature(), System.getProperty(ARCHIVE_PROPERTY, "")));
    if (endpoint instanceof Endpoint.Socket socket && !standsInForIt(socket)) {
      findings.add(
          InstallationChecks.socket(
              socket.path(),
              socket.chosen() ? Optional.empty() : Optional.of(Endpoint.OWN_SOCKET),
              OwnProcess.userId(),
              System.getProperty("user.name", "you")));
    }
    findings.addAll(daemon(endpoint));
    System.out.print(json ? DoctorPage.lines(findings) : DoctorPage.of(findings));
    return findings.stream().anyMatch(found -> found.verdict() == Finding.Verdict.PROBLEM)
        ? ExitStatus.FAILED
        : ExitStatus.OK;
  }

  /** Whether a private daemon will answer, so that the socket matters to nobody. */
  private static boolean standsInForIt(Endpoint.Socket socket) {
    return !socket.chosen() && OwnProcess.userId() == 0 && !Files.exists(socket.path());
  }

  private static List<Finding> daemon(Endpoint endpoint) {
    try (Connection connection = Connection.open(endpoint)) {
      return DaemonChecks.of(connection.status(), VersionCommand.version(), ROOT);
    } catch (ClientFailure failure) {
      return List.of(
          Finding.problem(
              "daemon",
              String.valueOf(failure.getMessage()),
              "systemctl status rastrod, and journalctl -u rastrod"));
    }
  }
}
