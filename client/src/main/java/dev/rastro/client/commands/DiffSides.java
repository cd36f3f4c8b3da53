// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.commands;

import dev.rastro.client.commands.DiffArguments.Side;
import dev.rastro.client.connection.Connection;
import dev.rastro.client.connection.Endpoint;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import dev.rastro.client.launch.Command;
import dev.rastro.client.launch.OwnProcess;
import dev.rastro.client.printing.JsonLines;
import dev.rastro.client.sums.CallTable;
import dev.rastro.client.sums.Comparison;
import dev.rastro.v1.GetSummaryRequest;
import dev.rastro.v1.GetSummaryResponse;
import dev.rastro.v1.SummaryBy;
import dev.rastro.v1.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** The two sides of a comparison: saved ones are read, commands are run and counted. */
final class DiffSides {
  /** SIGHUP, SIGINT, SIGTERM. */
  private static final Set<Integer> INTERRUPTIONS = Set.of(1, 2, 15);

  private final DiffArguments arguments;
  private final Endpoint endpoint;

  /** A command of a side, found before anything is opened. */
  private record Runner(Side side, Command command) {}

  DiffSides(DiffArguments arguments, Endpoint endpoint) {
    this.arguments = arguments;
    this.endpoint = endpoint;
  }

  /** Blocks until the commands have ended. */
  Comparison compare() {
    // First of all: it takes stock of the descriptors that the commands are to inherit.
    Optional<Runner> first = runner(arguments.before());
    Optional<Runner> second = runner(arguments.after());
    Optional<CallTable> before = arguments.before().file().map(DiffSides::read);
    Optional<CallTable> after = arguments.after().file().map(DiffSides::read);
    if (second.isPresent()) {
      Interruption interruption = Interruption.install();
      try (Connection connection = Connection.open(endpoint)) {
        // In turn, so that whatever else goes on meets both.
        for (int run = 0; run < arguments.runs(); run++) {
          if (first.isPresent()) {
            before = Optional.of(joined(before, count(connection, interruption, first.get())));
          }
          after = Optional.of(joined(after, count(connection, interruption, second.get())));
        }
      }
    }
    return new Comparison(before.orElseThrow(), after.orElseThrow(), arguments.minCalls());
  }

  private static Optional<Runner> runner(Side side) {
    return side.command().isEmpty()
        ? Optional.empty()
        : Optional.of(new Runner(side, Command.find(side.command())));
  }

  private static CallTable joined(Optional<CallTable> sofar, CallTable more) {
    return sofar.map(table -> table.plus(more)).orElse(more);
  }

  private static CallTable read(Path file) {
    try {
      GetSummaryResponse summary =
          JsonLines.parse(Files.readString(file), GetSummaryResponse.newBuilder()).build();
      return CallTable.of(file.toString(), summary);
    } catch (IOException unreadable) {
      throw ClientFailure.failed("cannot read " + file + ": " + reason(unreadable));
    } catch (IllegalArgumentException other) {
      throw ClientFailure.failed(
          file
              + ": is no summary by system call: "
              + other.getMessage()
              + "; rastro summary --output json writes one");
    }
  }

  private static String reason(IOException unreadable) {
    return unreadable instanceof NoSuchFileException
        ? "no such file"
        : String.valueOf(unreadable.getMessage());
  }

  private CallTable count(Connection connection, Interruption interruption, Runner runner) {
    Target target =
        Target.newBuilder().addChildrenOf(OwnProcess.pid()).setFollowForks(true).build();
    CountingRun run =
        new CountingRun(connection, Requests.filter(arguments.expression()), target, interruption);
    CountingRun.Result result =
        run.count(Optional.of(runner.command()), DiffSides::request, started -> {});
    String name = runner.side().name();
    tellEnd(name, result.outcome());
    CallTable table = CallTable.of(name, result.summary());
    return result.cutShort() ? table.missing(EndGuard.message()) : table;
  }

  /** One that ^C or its like has ended has not run to an end that says anything. */
  private static void tellEnd(String name, Outcome outcome) {
    if (INTERRUPTIONS.contains(outcome.signal())) {
      throw new ClientFailure(outcome.exitStatus(), name + ": interrupted; nothing was compared");
    }
    if (outcome.exitStatus() != ExitStatus.OK) {
      System.err.println("rastro: " + name + ": exit status " + outcome.exitStatus());
    }
  }

  private static GetSummaryRequest request(String session) {
    return GetSummaryRequest.newBuilder()
        .setSessionId(session)
        .setBy(SummaryBy.SUMMARY_BY_SYSCALL)
        .build();
  }
}
