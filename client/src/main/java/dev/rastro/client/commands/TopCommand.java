// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.commands;

import dev.rastro.client.connection.Connection;
import dev.rastro.client.connection.Endpoint;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.top.TopQuestion;
import dev.rastro.v1.Target;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code rastro top}: who calls what, how often and how long, live. */
final class TopCommand implements Subcommand {
  private static final String INTERVAL = "1s";
  private static final int DEFAULT_ROWS = 20;

  @Override
  public String name() {
    return "top";
  }

  @Override
  public CommandSpec specification() {
    CommandSpec spec =
        CommonOptions.specification(
            name(),
            "Shows live which processes make which system calls: how often, how they fail, how long"
                + " they take. Without a choice of processes it counts all of them, which costs each"
                + " of their calls a little.",
            "? tells the keys. Where standard output is no terminal, or with --frames, pictures"
                + " follow each other. NO_COLOR is honoured.");
    spec.usageMessage()
        .customSynopsis("Usage: rastro top [OPTIONS]")
        .footer(
            "  rastro top",
            "  rastro top -p 4711 --by syscall",
            "  rastro top --comm nginx --sort errors",
            "  rastro top --frames 2 --rows 5");
    spec.addOption(
        CommonOptions.values("PID", "these processes and what they start", "-p", "--pid"));
    spec.addOption(CommonOptions.values("NAME", "processes of this name", "--comm"));
    spec.addOption(CommonOptions.values("FILE", "processes that run this file", "--exe"));
    spec.addOption(CommonOptions.values("USER", "processes of this user", "-u", "--uid"));
    spec.addOption(CommonOptions.values("PATH", "processes in this cgroup", "--cgroup"));
    spec.addOption(CommonOptions.values("UNIT", "processes of this systemd unit", "--unit"));
    spec.addOption(CommonOptions.values("ID", "processes in this container", "--container"));
    spec.addOption(CommonOptions.values("EXPR", "only these calls, as in trace -e", "-e"));
    spec.addOption(
        CommonOptions.value("process|syscall|both", "what a line stands for (process)", "--by"));
    spec.addOption(
        CommonOptions.value("calls|errors|time|p99|name", "what comes first (calls)", "--sort"));
    Frames.addOptions(spec, INTERVAL);
    spec.addOption(
        CommonOptions.value("N", "without a terminal: so many lines a picture (20)", "--rows"));
    CommonOptions.addConnection(spec);
    spec.addOption(CommonOptions.help());
    return spec;
  }

  /**
   * @param title the target in words
   * @param frames 0: without end
   * @param pictures one after the other, whatever standard output is
   */
  record Arguments(
      Target target,
      String title,
      Expression expression,
      TopQuestion question,
      Duration interval,
      int frames,
      boolean pictures,
      int rows,
      Endpoint endpoint) {}

  @Override
  public int run(ParseResult parsed) {
    Arguments arguments = parse(parsed);
    Interruption interruption = Interruption.install();
    Outcome outcome;
    try (Connection connection = Connection.open(arguments.endpoint())) {
      outcome = new TopRun(arguments, connection, interruption).run();
    }
    return outcome.finish();
  }

  static Arguments parse(ParseResult parsed) {
    Expression expression = Expression.EVERYTHING;
    for (String one : CommonOptions.values(parsed, "-e")) {
      expression = expression.and(one);
    }
    int rows =
        CommonOptions.value(parsed, "--rows")
            .map(text -> CommonOptions.number("--rows", text))
            .orElse(DEFAULT_ROWS);
    return new Arguments(
        target(parsed),
        title(parsed),
        expression,
        TopQuestion.first(
            by(CommonOptions.value(parsed, "--by").orElse("process")),
            sort(CommonOptions.value(parsed, "--sort").orElse("calls"))),
        Frames.interval(parsed, INTERVAL),
        Frames.count(parsed),
        CommonOptions.has(parsed, "--frames"),
        rows,
        CommonOptions.endpoint(parsed));
  }

  private static Target target(ParseResult parsed) {
    List<Integer> pids = CommonOptions.pids(CommonOptions.values(parsed, "-p"));
    Target target =
        Target.newBuilder()
            .addAllPids(pids)
            .addAllComms(CommonOptions.values(parsed, "--comm"))
            .addAllExecutables(CommonOptions.values(parsed, "--exe"))
            .addAllUsers(CommonOptions.words(CommonOptions.values(parsed, "-u")))
            .addAllCgroups(CommonOptions.values(parsed, "--cgroup"))
            .addAllUnits(CommonOptions.values(parsed, "--unit"))
            .addAllContainers(CommonOptions.values(parsed, "--container"))
            .setFollowForks(!pids.isEmpty())
            .build();
    return target.equals(Target.getDefaultInstance())
        ? Target.newBuilder().setEverything(true).build()
        : target;
  }

  private static String title(ParseResult parsed) {
    String words =
        Stream.of("-p", "--comm", "--exe", "-u", "--cgroup", "--unit", "--container")
            .flatMap(
                option ->
                    CommonOptions.values(parsed, option).stream()
                        .map(value -> option + " " + value))
            .collect(Collectors.joining(" "));
    return words.isEmpty() ? "everything" : words;
  }

  private static TopQuestion.By by(String text) {
    return switch (text) {
      case "process" -> TopQuestion.By.PROCESS;
      case "syscall" -> TopQuestion.By.SYSCALL;
      case "both" -> TopQuestion.By.BOTH;
      default ->
          throw ClientFailure.usage("--by: '" + text + "' is none of process, syscall, both");
    };
  }

  private static TopQuestion.Sort sort(String text) {
    return switch (text) {
      case "calls" -> TopQuestion.Sort.CALLS;
      case "errors" -> TopQuestion.Sort.ERRORS;
      case "time" -> TopQuestion.Sort.TIME;
      case "p99" -> TopQuestion.Sort.P99;
      case "name" -> TopQuestion.Sort.NAME;
      default ->
          throw ClientFailure.usage(
              "--sort: '" + text + "' is none of calls, errors, time, p99, name");
    };
  }
}
