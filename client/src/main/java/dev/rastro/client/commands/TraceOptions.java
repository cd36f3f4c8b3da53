package dev.rastro.client.commands;

import dev.rastro.client.commands.Expression.Qualifier;
import dev.rastro.client.commands.TraceArguments.Counting;
import dev.rastro.client.connection.Endpoint;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.options.CommandLine;
import dev.rastro.client.options.Given;
import dev.rastro.client.options.OptionTable;
import dev.rastro.client.printing.Destination;
import dev.rastro.client.printing.Frame;
import dev.rastro.client.printing.SummaryStyle;
import dev.rastro.syscalls.text.DescriptorChoice;
import dev.rastro.syscalls.text.TextStyle.Constants;
import dev.rastro.syscalls.text.TextStyle.HexStrings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gathers options in their order, and sees whether they go together. */
final class TraceOptions {
  private static final int DEFAULT_STRING_LIMIT = 32;
  private static final int DEFAULT_COLUMN = 40;

  /** As much of one buffer as the kernel side captures. */
  static final int LARGEST_STRING_LIMIT = 32768;

  private static final Set<String> INTERRUPTIBLE =
      Set.of("1", "anywhere", "2", "waiting", "3", "never", "4", "never_tstp");

  /** Where {@code rastro trace} has another meaning for {@code --output} too. */
  private static final Set<String> FORMATS = Set.of("json", "text");

  private final boolean own;
  private final List<String> pids = new ArrayList<>();
  private final List<String> paths = new ArrayList<>();
  private final List<String> environment = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private final TimeOptions times = new TimeOptions();
  private final TargetOptions targets = new TargetOptions();
  private Expression expression = Expression.EVERYTHING;
  private Optional<String> file = Optional.empty();
  private Optional<String> user = Optional.empty();
  private final Map<String, String> connection = new HashMap<>();
  private SummaryStyle summary = SummaryStyle.DEFAULT;
  private HexStrings hexStrings = HexStrings.NEVER;
  private Constants constants = Constants.NAMES;
  private int stringLimit = DEFAULT_STRING_LIMIT;
  private int column = DEFAULT_COLUMN;
  private int follow;
  private int quiet;
  private int descriptors;
  private int hex;
  private boolean separate;
  private boolean append;
  private boolean only;
  private boolean also;
  private boolean wallClock;
  private boolean showSecrets;
  private boolean argumentNames;
  private boolean numbers;
  private boolean verbose;
  private boolean leaveAtExec;
  private boolean json;
  private String lastOutcome = "";
  private long callLimit = Frame.NO_LIMIT;

  private TraceOptions(boolean own) {
    this.own = own;
  }

  static TraceArguments parse(OptionTable table, List<String> words) {
    CommandLine line = CommandLine.parse(table, words);
    boolean own = table.options().stream().anyMatch(option -> option.own());
    TraceOptions options = new TraceOptions(own);
    line.given().forEach(options::take);
    return options.finish(line.command());
  }

  private void take(Given given) {
    if (targets.take(given)) {
      return;
    }
    switch (given.key()) {
      case "e" -> expression = expression.and(given.text());
      case "trace", "abbrev", "verbose", "raw", "signal", "status", "read", "write", "trace-fds" ->
          expression = expression.and(given.key() + "=" + given.text());
      case "kvm", "inject", "fault" -> expression = expression.and(given.key() + "=");
      case "E" -> environment.add(given.text());
      case "p" -> pids.add(given.text());
      case "u" -> user = Optional.of(given.text());
      case "b" -> leaveAt(given.text());
      case "f" -> follow++;
      case "output-separately" -> separate = true;
      case "I" -> interruptible(given);
      case "syscall-limit" -> callLimit = limit(given);
      case "z" -> outcome("successful");
      case "Z" -> outcome("failed");
      case "P" -> paths.add(given.text());
      case "y" -> descriptors(given);
      case "Y" ->
          expression = expression.and(Qualifier.DECODE_PIDS, given.argument().orElse("comm"));
      case "pidns-translation" ->
          throw ClientFailure.usage(given.name() + " " + Expression.NO_TRANSLATION);
      case "k" ->
          throw ClientFailure.usage(
              given.name() + " is not supported: stacks are not captured with the calls");
      case "o" -> output(given);
      case "i" -> notices.add(given.name() + ": instruction pointers are not captured");
      case "seccomp-bpf" ->
          notices.add(
              given.name() + " is not needed: calls that are not traced cost next to nothing");
      case "q" -> quiet(given);
      case "s" -> stringLimit = stringLimit(given);
      case "a" -> column = CommonOptions.number("-a", given.text());
      case "x" -> hexStrings(given);
      case "X" -> constants = constants(given.text());
      case "O", "S", "U" -> summary(given);
      case "r", "t", "T" -> times.take(given);
      case "socket", "address", "tls-ca", "tls-certificate", "tls-key" ->
          connection.put(given.key(), given.text());
      default -> flag(given.key());
    }
  }

  private void flag(String key) {
    switch (key) {
      case "A" -> append = true;
      case "n" -> numbers = true;
      case "N" -> argumentNames = true;
      case "v" -> verbose = true;
      case "c" -> only = true;
      case "C" -> also = true;
      case "w" -> wallClock = true;
      case "show-secrets" -> showSecrets = true;
      case "d", "D", "kill-on-exit", "tips" -> {} // nothing would change
      default -> throw new IllegalStateException("nobody takes option " + key);
    }
  }

  private void leaveAt(String call) {
    if (!call.equals("execve")) {
      throw ClientFailure.usage("-b: " + call + ": only execve is supported, as in strace");
    }
    leaveAtExec = true;
  }

  private static void interruptible(Given given) {
    if (!INTERRUPTIBLE.contains(given.text())) {
      throw ClientFailure.usage(given.name() + ": '" + given.text() + "' is not one of 1 to 4");
    }
  }

  private static long limit(Given given) {
    int limit = CommonOptions.number(given.name(), given.text());
    if (limit == 0) {
      throw ClientFailure.usage(given.name() + ": nothing would be printed");
    }
    return limit;
  }

  private void outcome(String status) {
    if (!lastOutcome.isEmpty() && !lastOutcome.equals(status)) {
      notices.add("only the last of -z and -Z counts; -e status= says more");
    }
    lastOutcome = status;
    expression = expression.and(Qualifier.STATUS, status);
  }

  private void output(Given given) {
    if (own && given.isLong() && FORMATS.contains(given.text())) {
      json = given.text().equals("json");
    } else {
      file = Optional.of(given.text());
    }
  }

  private void quiet(Given given) {
    if (given.argument().isPresent()) {
      expression = expression.and(Qualifier.QUIET, given.text());
    } else if (given.isLong()) {
      expression = expression.and(Qualifier.QUIET, "attach,personality");
    } else {
      quiet++;
    }
  }

  private void descriptors(Given given) {
    if (given.argument().isPresent()) {
      expression = expression.and(Qualifier.DECODE_FDS, given.text());
    } else {
      descriptors++;
    }
  }

  private DescriptorChoice descriptors() {
    boolean listed = expression.lists().containsKey(Qualifier.DECODE_FDS);
    if (descriptors > 0 && listed) {
      throw ClientFailure.usage("-y and --decode-fds exclude each other");
    }
    return listed ? expression.decoded() : DescriptorChoice.level(descriptors);
  }

  private TouchOptions touched(Set<Quiet> quietSet) {
    TouchOptions touched = TouchOptions.of(paths, expression.descriptors(Qualifier.TRACE_FDS));
    if (!quietSet.contains(Quiet.PATH_RESOLUTION)) {
      notices.addAll(touched.notices());
    }
    return touched;
  }

  private static int stringLimit(Given given) {
    int limit = CommonOptions.number("-s", given.text());
    if (limit > LARGEST_STRING_LIMIT) {
      throw ClientFailure.usage(
          "-s: " + limit + " is more than the " + LARGEST_STRING_LIMIT + " that are captured");
    }
    return limit;
  }

  private void hexStrings(Given given) {
    if (!given.isLong()) {
      hexStrings = ++hex > 1 ? HexStrings.ALL : HexStrings.NON_ASCII;
      return;
    }
    hexStrings =
        switch (given.argument().orElse("all")) {
          case "none" -> HexStrings.NEVER;
          case "non-ascii-chars" -> HexStrings.ESCAPES;
          case "non-ascii" -> HexStrings.NON_ASCII;
          case "all" -> HexStrings.ALL;
          default ->
              throw ClientFailure.usage(given.name() + ": '" + given.text() + "' is unknown");
        };
  }

  private static Constants constants(String text) {
    return switch (text) {
      case "abbrev" -> Constants.NAMES;
      case "raw" -> Constants.NUMBERS;
      case "verbose" -> Constants.BOTH;
      default ->
          throw ClientFailure.usage("-X: '" + text + "' is neither raw nor abbrev nor verbose");
    };
  }

  private void summary(Given given) {
    String text = given.text();
    switch (given.key()) {
      case "S" ->
          summary =
              new SummaryStyle(
                  SummaryStyle.Sort.parse(text)
                      .orElseThrow(
                          () -> ClientFailure.usage("-S: '" + text + "': nothing to sort by")),
                  summary.columns(),
                  summary.overheadNanos());
      case "U" ->
          summary = new SummaryStyle(summary.sort(), columns(text), summary.overheadNanos());
      default ->
          summary =
              new SummaryStyle(summary.sort(), summary.columns(), TimeOptions.nanos("-O", text));
    }
  }

  private static List<SummaryStyle.Column> columns(String list) {
    List<SummaryStyle.Column> columns = new ArrayList<>();
    for (String name : CallNames.split(list, "-U")) {
      SummaryStyle.Column column =
          SummaryStyle.Column.parse(name)
              .orElseThrow(() -> ClientFailure.usage("-U: '" + name + "': no such column"));
      if (columns.contains(column)) {
        throw ClientFailure.usage("-U: column '" + name + "' is there twice");
      }
      columns.add(column);
    }
    return columns;
  }

  private TraceArguments finish(List<String> command) {
    List<Integer> processes = CommonOptions.pids(pids);
    TargetOptions.Chosen chosen = targets.finish();
    if (processes.isEmpty() && command.isEmpty() && !chosen.isOpen()) {
      throw ClientFailure.usage("nothing to trace: give a command or -p PID; --help tells more");
    }
    if (command.isEmpty() && (user.isPresent() || !environment.isEmpty())) {
      throw ClientFailure.usage("-u and -E are for a command, and there is none");
    }
    Counting counting = counting();
    Destination destination = destination(counting);
    Set<Quiet> quietSet = quietSet();
    TouchOptions touched = touched(quietSet);
    return new TraceArguments(
        processes,
        follow > 0,
        expression,
        destination,
        stringLimit,
        counting,
        summary,
        quietSet,
        column,
        verbose,
        new TraceArguments.Style(
            hexStrings, constants, argumentNames, descriptors(), expression.taskNames()),
        times.finish(),
        numbers,
        callLimit,
        leaveAtExec,
        touched,
        new TraceArguments.Launch(List.copyOf(environment), user),
        chosen,
        json,
        Endpoint.choose(connection, System.getenv()),
        showSecrets,
        List.copyOf(notices),
        command);
  }

  private Counting counting() {
    if (only && also) {
      throw ClientFailure.usage("-c and -C exclude each other");
    }
    if (also && json) {
      throw ClientFailure.usage("-C and --output json exclude each other");
    }
    if (wallClock && !only && !also) {
      throw ClientFailure.usage("-w is for -c or -C");
    }
    return only ? Counting.ONLY : also ? Counting.ALSO : Counting.NONE;
  }

  private Destination destination(Counting counting) {
    boolean apart = separate || follow > 1;
    Destination destination = new Destination(file, append, apart && file.isPresent());
    if (apart && counting != Counting.NONE) {
      throw ClientFailure.usage("-ff excludes -c and -C: no counts of single processes are kept");
    }
    if (destination.separate() && destination.isCommand()) {
      throw ClientFailure.usage("-ff and output into a command exclude each other");
    }
    if (append && (file.isEmpty() || destination.isCommand())) {
      notices.add("-A has no effect without -o FILE");
    }
    return destination;
  }

  private Set<Quiet> quietSet() {
    boolean listed = expression.lists().containsKey(Qualifier.QUIET);
    if (quiet > 0 && listed) {
      throw ClientFailure.usage("-q and -e quiet= exclude each other");
    }
    return listed ? expression.quiet() : Quiet.level(quiet);
  }
}
