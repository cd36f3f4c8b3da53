// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.commands;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import dev.rastro.client.printing.DiffJson;
import dev.rastro.client.printing.DiffPage;
import dev.rastro.client.sums.CallTable;
import dev.rastro.client.sums.Comparison;
import dev.rastro.client.sums.Condition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code rastro diff}: two saved summaries or two runs of a command, compared. */
final class DiffCommand implements Subcommand {
  @Override
  public String name() {
    return "diff";
  }

  @Override
  public CommandSpec specification() {
    CommandSpec spec =
        CommonOptions.specification(
            name(),
            "Shows what two summaries differ in: new and gone calls, new and gone errors, times."
                + " Each side is a file that 'rastro summary --output json' has written, or a"
                + " command that is run now.",
            "Exit status: 0; 4 when a --fail-if condition is met; 3 when calls were not counted and"
                + " --fail-on-loss is given. How the commands end does not matter, but is told.");
    spec.usageMessage()
        .customSynopsis(
            "Usage: rastro diff [OPTIONS] BEFORE.json AFTER.json",
            "       rastro diff [OPTIONS] BEFORE.json -- COMMAND [ARGS...]",
            "       rastro diff [OPTIONS] -- COMMAND [ARGS...] ::: COMMAND [ARGS...]")
        .footer(
            "  rastro diff before.json after.json",
            "  rastro diff --fail-if new-error,calls>10%% before.json -- ./run-tests",
            "  rastro diff --runs 5 -- ./old input ::: ./new input");
    spec.addOption(
        CommonOptions.values("LIST", "conditions: " + escaped(Condition.SYNTAX), "--fail-if"));
    spec.addOption(CommonOptions.flag("exit with 3 when calls were not counted", "--fail-on-loss"));
    spec.addOption(CommonOptions.value("N", "run each command so often, in turn (1)", "--runs"));
    spec.addOption(
        CommonOptions.value(
            "N",
            "compare times of calls that were made so often on both sides (100)",
            "--min-calls"));
    spec.addOption(
        CommonOptions.values("EXPR", "of commands only these calls, as in trace -e", "-e"));
    spec.addOption(CommonOptions.value("FILE", "where to write it", "-o", "--to"));
    spec.addOption(CommonOptions.output());
    CommonOptions.addConnection(spec);
    spec.addOption(CommonOptions.help());
    spec.addPositional(
        PositionalParamSpec.builder()
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .paramLabel("FILE")
            .description("the two sides: files, or commands behind --")
            .build());
    return spec;
  }

  private static String escaped(String text) {
    return text.replace("%", "%%");
  }

  @Override
  public int run(ParseResult parsed) {
    DiffArguments arguments = DiffArguments.parse(parsed);
    DiffSides sides = new DiffSides(arguments, CommonOptions.endpoint(parsed));
    return report(arguments, sides.compare());
  }

  private static int report(DiffArguments arguments, Comparison comparison) {
    List<String> failed =
        arguments.conditions().stream()
            .flatMap(condition -> condition.violations(comparison).stream())
            .toList();
    write(
        arguments,
        arguments.json()
            ? DiffJson.of(comparison, failed)
            : DiffPage.of(comparison, CommonOptions.width()));
    List<String> missed = new ArrayList<>();
    for (CallTable side : List.of(comparison.before(), comparison.after())) {
      side.incompleteBecause().forEach(why -> missed.add(side.name() + ": not complete: " + why));
    }
    missed.forEach(DiffCommand::message);
    failed.forEach(found -> message("--fail-if " + found));
    if (arguments.failOnLoss() && !missed.isEmpty()) {
      return ExitStatus.LOSS;
    }
    return failed.isEmpty() ? ExitStatus.OK : ExitStatus.DIFFERENT;
  }

  private static void write(DiffArguments arguments, String page) {
    if (arguments.to().isEmpty()) {
      System.out.print(page);
      return;
    }
    try {
      Files.writeString(Path.of(arguments.to().get()), page);
    } catch (IOException | InvalidPathException refused) {
      throw ClientFailure.failed("cannot write -o " + refused.getMessage());
    }
  }

  private static void message(String text) {
    System.err.println("rastro: " + text);
  }
}
