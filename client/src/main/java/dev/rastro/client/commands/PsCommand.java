package dev.rastro.client.commands;

import dev.rastro.client.connection.Connection;
import dev.rastro.client.connection.TraceStream;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.launch.Terminal;
import dev.rastro.client.printing.JsonLines;
import dev.rastro.client.printing.ProcessColumn;
import dev.rastro.client.printing.ProcessPage;
import dev.rastro.v1.Form;
import dev.rastro.v1.ListProcessesRequest;
import dev.rastro.v1.ListProcessesResponse;
import dev.rastro.v1.Process;
import dev.rastro.v1.Target;
import dev.rastro.v1.TraceRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code rastro ps}: the status table of processes. */
final class PsCommand implements Subcommand {
  private static final String INTERVAL = "2s";

  /** The daemon knows the rates of whole seconds. */
  private static final long SHORTEST_RATE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Home, and everything below it is erased. */
  private static final String CLEAR = "\033[H\033[J";

  @Override
  public String name() {
    return "ps";
  }

  @Override
  public CommandSpec specification() {
    CommandSpec spec =
        CommonOptions.specification(
            name(),
            "Shows processes: what they are and do, their memory, and how a server's workers fare.",
            "Calls and what follows from them are known of processes that are or were watched;"
                + " --count watches them.");
    spec.usageMessage()
        .customSynopsis("Usage: rastro ps [OPTIONS]")
        .footer(
            "  rastro ps",
            "  rastro ps --count --watch -p 1,4711",
            "  rastro ps --traced --sort calls/s",
            "  rastro ps --columns pid,state,waits,command");
    spec.addOption(CommonOptions.values("PID", "only these", "-p", "--pid"));
    spec.addOption(CommonOptions.values("USER", "only those of these users", "-u", "--uid"));
    spec.addOption(CommonOptions.flag("only those whose calls were counted", "--traced"));
    spec.addOption(CommonOptions.flag("threads of the kernel, too", "--kernel"));
    spec.addOption(
        CommonOptions.values(
            "LIST",
            "what to show: plain, worker, memory, times, all, or names of columns ("
                + words().replace("%", "%%")
                + "); plain, or worker with --traced or --count",
            "--columns"));
    spec.addOption(CommonOptions.value("COLUMN", "in the order of this column", "--sort"));
    spec.addOption(CommonOptions.flag("wider than the terminal, or than 80 columns", "--wide"));
    spec.addOption(CommonOptions.flag("count the calls of those shown, from now on", "--count"));
    spec.addOption(CommonOptions.flag("again and again, until ^C", "--watch"));
    Frames.addOptions(spec, INTERVAL);
    spec.addOption(CommonOptions.output());
    CommonOptions.addConnection(spec);
    spec.addOption(CommonOptions.help());
    return spec;
  }

  private static String words() {
    return ProcessColumn.all().stream().map(ProcessColumn::word).collect(Collectors.joining(" "));
  }

  /**
   * @param frames how many pictures; 0: without end
   */
  private record Arguments(
      ListProcessesRequest request,
      boolean kernel,
      boolean count,
      List<ProcessColumn> columns,
      Optional<ProcessColumn> order,
      boolean wide,
      boolean json,
      Duration interval,
      int frames) {}

  @Override
  public int run(ParseResult parsed) {
    Arguments arguments = parse(parsed);
    try (Connection connection = Connection.open(CommonOptions.endpoint(parsed))) {
      return show(arguments, connection).finish();
    }
  }

  private static Arguments parse(ParseResult parsed) {
    boolean count = CommonOptions.has(parsed, "--count");
    boolean traced = CommonOptions.has(parsed, "--traced");
    boolean watch = CommonOptions.has(parsed, "--watch") || Frames.areAskedFor(parsed);
    Duration interval = Frames.interval(parsed, INTERVAL);
    ListProcessesRequest request =
        ListProcessesRequest.newBuilder()
            .addAllPids(CommonOptions.pids(CommonOptions.values(parsed, "-p")))
            .addAllUsers(CommonOptions.words(CommonOptions.values(parsed, "-u")))
            .setTracedOnly(traced)
            .setRatesOverNanos(watch ? Math.max(SHORTEST_RATE_NANOS, interval.toNanos()) : 0)
            .build();
    return new Arguments(
        request,
        CommonOptions.has(parsed, "--kernel"),
        count,
        columns(CommonOptions.words(CommonOptions.values(parsed, "--columns")), traced || count),
        CommonOptions.value(parsed, "--sort").map(word -> column("--sort", word)),
        CommonOptions.has(parsed, "--wide"),
        CommonOptions.json(parsed),
        interval,
        watch ? Frames.count(parsed) : 1);
  }

  private static List<ProcessColumn> columns(List<String> words, boolean figures) {
    if (words.isEmpty()) {
      return figures ? ProcessPage.WORKER : ProcessPage.PLAIN;
    }
    List<ProcessColumn> columns = new ArrayList<>();
    for (String word : words) {
      columns.addAll(
          switch (word) {
            case "plain" -> ProcessPage.PLAIN;
            case "worker" -> ProcessPage.WORKER;
            case "memory" -> ProcessPage.MEMORY;
            case "times" -> ProcessPage.TIMES;
            case "all" -> ProcessColumn.all();
            default -> List.of(column("--columns", word));
          });
    }
    return columns.stream().distinct().toList();
  }

  private static ProcessColumn column(String option, String word) {
    return ProcessColumn.parse(word)
        .orElseThrow(() -> ClientFailure.usage(option + ": '" + word + "' is none of " + words()));
  }

  private static Outcome show(Arguments arguments, Connection connection) {
    Interruption interruption = Interruption.install();
    Frames frames = Frames.of(arguments.interval(), arguments.frames(), interruption);
    if (!arguments.count()) {
      return showFrames(arguments, connection, frames);
    }
    try (TraceStream counting = connection.trace(counting(arguments.request()))) {
      var unused = counting.started();
      // What has not been counted for a while has no figures.
      return frames.pause() ? showFrames(arguments, connection, frames) : frames.outcome();
    }
  }

  private static TraceRequest counting(ListProcessesRequest request) {
    Target.Builder target = Target.newBuilder();
    if (request.getPidsCount() > 0) {
      target.addAllPids(request.getPidsList()).setFollowForks(true);
    } else if (request.getUsersCount() > 0) {
      target.addAllUsers(request.getUsersList());
    } else {
      target.setEverything(true);
    }
    return TraceRequest.newBuilder().setTarget(target).setForm(Form.FORM_COUNT).build();
  }

  private static Outcome showFrames(Arguments arguments, Connection connection, Frames frames) {
    Optional<Terminal> terminal = Terminal.ofOutput();
    boolean clears = terminal.isPresent() && arguments.frames() != 1 && !arguments.json();
    boolean first = true;
    while (frames.next()) {
      ListProcessesResponse answer = connection.processes(arguments.request());
      if (!arguments.kernel()) {
        answer = withoutKernel(answer);
      }
      String page = page(arguments, answer);
      System.out.print(clears ? CLEAR + page : first || arguments.json() ? page : "\n" + page);
      System.out.flush();
      first = false;
    }
    return frames.outcome();
  }

  private static ListProcessesResponse withoutKernel(ListProcessesResponse answer) {
    List<Process> programs =
        answer.getProcessesList().stream().filter(one -> !one.getKernelThread()).toList();
    return answer.toBuilder().clearProcesses().addAllProcesses(programs).build();
  }

  private static String page(Arguments arguments, ListProcessesResponse answer) {
    return arguments.json()
        ? JsonLines.line(answer)
        : ProcessPage.of(
            answer,
            arguments.columns(),
            arguments.order(),
            arguments.wide() ? ProcessPage.UNLIMITED : CommonOptions.width());
  }
}
