package dev.rastro.client.commands;

import dev.rastro.client.connection.Endpoint;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.syscalls.text.DescriptorChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * What {@code rastro trace} was asked to do. The letters mean what they mean in strace.
 *
 * @param quiet how often {@code -q} was given
 * @param command empty when only running processes are traced
 */
record TraceArguments(
    List<Integer> pids,
    boolean follow,
    Expression expression,
    Optional<String> file,
    int stringLimit,
    Counting counting,
    int quiet,
    int column,
    boolean verbose,
    boolean json,
    DescriptorChoice descriptors,
    TouchOptions touched,
    Endpoint endpoint,
    List<String> command) {

  enum Counting {
    NONE,
    /** {@code -c} */
    ONLY,
    /** {@code -C} */
    ALSO
  }

  private static final int DEFAULT_STRING_LIMIT = 32;
  private static final int DEFAULT_COLUMN = 40;

  /** As much of one buffer as the kernel side captures. */
  private static final int LARGEST_STRING_LIMIT = 32768;

  private static final int QUIET_LEVELS = 2;

  private static final Set<String> DECODE_FDS = Set.of("decode-fds", "decode-fd");
  private static final Set<String> TRACE_FDS = Set.of("trace-fds", "trace-fd", "fds", "fd");

  /** strace's letters that are not understood yet; true: an argument follows. */
  private static final Map<String, Boolean> LATER =
      Map.ofEntries(
          Map.entry("-A", false),
          Map.entry("-b", true),
          Map.entry("-D", false),
          Map.entry("-d", false),
          Map.entry("-E", true),
          Map.entry("-i", false),
          Map.entry("-I", true),
          Map.entry("-k", false),
          Map.entry("-n", false),
          Map.entry("-N", false),
          Map.entry("-O", true),
          Map.entry("-r", false),
          Map.entry("-S", true),
          Map.entry("-t", false),
          Map.entry("-T", false),
          Map.entry("-u", true),
          Map.entry("-U", true),
          Map.entry("-w", false),
          Map.entry("-x", false),
          Map.entry("-X", true),
          Map.entry("-Y", false),
          Map.entry("-z", false),
          Map.entry("-Z", false));

  static CommandSpec specification() {
    CommandSpec spec =
        CommonOptions.specification(
            "trace",
            "Shows the system calls and signals of a command or of running processes.",
            "Prints what strace prints. Lines go to standard error, or to FILE with -o. The command's own exit"
                + " status is passed on.");
    spec.usageMessage()
        .customSynopsis(
            "Usage: rastro trace [OPTIONS] [--] COMMAND [ARGS...]",
            "       rastro trace [OPTIONS] -p PID [-p PID...]")
        .footer(
            "  rastro trace -- ls -l /",
            "  rastro trace -f -e trace=openat,%%network -o trace.txt -- curl localhost",
            "  rastro trace -f -p 4711            # ^C detaches; the process goes on",
            "  rastro trace -c -f -- make         # only a table of counts at the end");
    spec.addOption(
        CommonOptions.values(
            "PID", "trace this process; lists and repetition add up; without -f only this thread",
            "-p", "--attach"));
    spec.addOption(
        CommonOptions.values(
            "EXPR",
            "trace=LIST or LIST: names, %%classes, /regexes, with ! all but these;"
                + " signal=LIST",
            "-e",
            "--trace"));
    spec.addOption(
        many("follow what is started: all threads and children", "-f", "--follow-forks"));
    spec.addOption(CommonOptions.value("FILE", "write there, not to standard error", "-o"));
    spec.addOption(CommonOptions.value("N", "show N bytes of a string (32)", "-s"));
    spec.addOption(CommonOptions.value("N", "put results in column N (40)", "-a"));
    spec.addOption(many("only count calls, errors and time, and show a table", "-c"));
    spec.addOption(many("like -c, but show the calls too", "-C"));
    spec.addOption(many("no messages about attaching; -qq: nor about exits", "-q"));
    spec.addOption(many("abbreviate nothing", "-v"));
    spec.addOption(many("tell the paths of descriptors; -yy: sockets and devices too", "-y"));
    spec.addOption(
        CommonOptions.value(
            "LIST", "the same by name: path, socket, dev, pidfd, all, none", "--decode-fds"));
    spec.addOption(
        CommonOptions.values("PATH", "only calls that touch this path", "-P", "--trace-path"));
    spec.addOption(CommonOptions.values("LIST", "only calls on these descriptors", "--trace-fds"));
    spec.addOption(CommonOptions.output());
    CommonOptions.addConnection(spec);
    spec.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .arity("0")
            .type(boolean.class)
            .description("show the version and exit")
            .build());
    spec.addOption(CommonOptions.help());
    LATER.forEach((letter, argument) -> spec.addOption(later(letter, argument)));
    spec.addPositional(
        PositionalParamSpec.builder()
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .paramLabel("COMMAND")
            .description("the command to run, and its arguments")
            .build());
    return spec;
  }

  private static OptionSpec many(String description, String... names) {
    return OptionSpec.builder(names)
        .arity("0")
        .type(boolean[].class)
        .description(description)
        .build();
  }

  private static OptionSpec later(String letter, boolean argument) {
    return argument
        ? OptionSpec.builder(letter)
            .arity("1")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .hidden(true)
            .build()
        : OptionSpec.builder(letter).arity("0").type(boolean[].class).hidden(true).build();
  }

  /**
   * @throws ClientFailure when the options contradict each other or make no sense
   */
  static TraceArguments of(ParseResult parsed) {
    refuseLater(parsed);
    List<Integer> pids = CommonOptions.pids(CommonOptions.values(parsed, "-p"));
    List<String> command = parsed.matchedPositionalValue(0, List.of());
    if (pids.isEmpty() && command.isEmpty()) {
      throw ClientFailure.usage(
          "nothing to trace: give a command or -p PID; 'rastro trace --help' tells more");
    }
    int stringLimit = number(parsed, "-s", DEFAULT_STRING_LIMIT);
    if (stringLimit > LARGEST_STRING_LIMIT) {
      throw ClientFailure.usage(
          "-s: "
              + stringLimit
              + " is more than the "
              + LARGEST_STRING_LIMIT
              + " that are captured");
    }
    boolean json = CommonOptions.json(parsed);
    Counting counting = counting(parsed);
    if (json && counting == Counting.ALSO) {
      throw ClientFailure.usage("-C and --output json exclude each other");
    }
    return new TraceArguments(
        pids,
        count(parsed, "-f") > 0,
        expression(CommonOptions.values(parsed, "-e")),
        CommonOptions.value(parsed, "-o"),
        stringLimit,
        counting,
        Math.min(count(parsed, "-q"), QUIET_LEVELS),
        number(parsed, "-a", DEFAULT_COLUMN),
        count(parsed, "-v") > 0,
        json,
        descriptors(parsed),
        touched(parsed, json, counting),
        CommonOptions.endpoint(parsed),
        List.copyOf(command));
  }

  private static void refuseLater(ParseResult parsed) {
    for (String letter : LATER.keySet()) {
      if (parsed.hasMatchedOption(letter)) {
        throw ClientFailure.usage("option " + letter + " of strace is not supported yet");
      }
    }
    if (count(parsed, "-f") > 1) {
      throw ClientFailure.usage("option -ff of strace is not supported yet; -f -o FILE is");
    }
    if (count(parsed, "-q") > QUIET_LEVELS) {
      throw ClientFailure.usage("option -qqq of strace is not supported yet; -qq is");
    }
  }

  private static TouchOptions touched(ParseResult parsed, boolean json, Counting counting) {
    List<String> lists = new ArrayList<>(qualified(parsed, TRACE_FDS));
    lists.addAll(CommonOptions.values(parsed, "--trace-fds"));
    TouchOptions touched = TouchOptions.of(CommonOptions.values(parsed, "-P"), lists);
    if (touched.any() && counting == Counting.ONLY) {
      throw ClientFailure.usage(
          "-c counts in the kernel, which does not choose by path or descriptor; use -C");
    }
    if (touched.any() && json) {
      throw ClientFailure.usage("-P and --trace-fds choose lines; --output json has none");
    }
    return touched;
  }

  private static DescriptorChoice descriptors(ParseResult parsed) {
    DescriptorChoice choice = DescriptorOptions.ofLetter(count(parsed, "-y"));
    List<String> lists = new ArrayList<>(qualified(parsed, DECODE_FDS));
    CommonOptions.value(parsed, "--decode-fds").ifPresent(lists::add);
    return lists.isEmpty() ? choice : DescriptorOptions.ofList(lists.get(lists.size() - 1));
  }

  private static Counting counting(ParseResult parsed) {
    boolean only = count(parsed, "-c") > 0;
    boolean also = count(parsed, "-C") > 0;
    if (only && also) {
      throw ClientFailure.usage("-c and -C exclude each other");
    }
    return only ? Counting.ONLY : also ? Counting.ALSO : Counting.NONE;
  }

  /** What {@code -e} says under one of these names. */
  private static List<String> qualified(ParseResult parsed, Set<String> names) {
    List<String> lists = new ArrayList<>();
    for (String argument : CommonOptions.values(parsed, "-e")) {
      int equals = argument.indexOf('=');
      if (equals > 0 && names.contains(argument.substring(0, equals))) {
        lists.add(argument.substring(equals + 1));
      }
    }
    return lists;
  }

  private static Expression expression(List<String> arguments) {
    Expression expression = Expression.EVERYTHING;
    for (String argument : arguments) {
      String qualifier = argument.substring(0, Math.max(0, argument.indexOf('=')));
      if (!DECODE_FDS.contains(qualifier) && !TRACE_FDS.contains(qualifier)) {
        expression = expression.and(argument);
      }
    }
    return expression;
  }

  private static int number(ParseResult parsed, String option, int otherwise) {
    return CommonOptions.value(parsed, option)
        .map(text -> CommonOptions.number(option, text))
        .orElse(otherwise);
  }

  private static int count(ParseResult parsed, String option) {
    return parsed.hasMatchedOption(option)
        ? parsed.matchedOptionValue(option, new boolean[0]).length
        : 0;
  }
}
