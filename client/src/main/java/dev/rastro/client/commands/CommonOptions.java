package dev.rastro.client.commands;

import dev.rastro.client.connection.Endpoint;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.launch.Terminal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options that several commands share. */
final class CommonOptions {
  private static final String HEADING = "%n%s:%n";

  /** Where there is no terminal that says how wide it is. */
  private static final int DEFAULT_WIDTH = 80;

  private CommonOptions() {}

  static CommandSpec specification(String name, String... description) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.usageMessage()
        .description(description)
        .synopsisHeading("")
        .descriptionHeading("%n")
        .parameterListHeading(String.format(HEADING, "Arguments"))
        .optionListHeading(String.format(HEADING, "Options"))
        .footerHeading(String.format(HEADING, "Examples"))
        .sortOptions(false)
        .autoWidth(false)
        .width(100);
    return spec;
  }

  static OptionSpec flag(String description, String... names) {
    return OptionSpec.builder(names)
        .arity("0")
        .type(boolean.class)
        .description(description)
        .build();
  }

  static OptionSpec value(String label, String description, String... names) {
    return OptionSpec.builder(names)
        .arity("1")
        .type(String.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  /** May be given several times; all of them count. */
  static OptionSpec values(String label, String description, String... names) {
    return OptionSpec.builder(names)
        .arity("1")
        .type(List.class)
        .auxiliaryTypes(String.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  static OptionSpec output() {
    return value("text|json", "how to write it; json is one object a line", "--output");
  }

  static OptionSpec help() {
    return OptionSpec.builder("-h", "--help")
        .usageHelp(true)
        .arity("0")
        .type(boolean.class)
        .description("show this and exit")
        .build();
  }

  static void addConnection(CommandSpec spec) {
    spec.addOption(
        value(
            "PATH",
            "the daemon's socket; default: $RASTRO_SOCKET or "
                + Endpoint.DEFAULT_SOCKET
                + ", or who may not use that, "
                + Endpoint.OWN_SOCKET,
            "--socket"));
    spec.addOption(
        value(
            "HOST:PORT",
            "the daemon's address: with TLS, or on loopback; default: $RASTRO_ADDRESS",
            "--address"));
    spec.addOption(
        value("FILE", "who vouches for the daemon, PEM; default: $RASTRO_TLS_CA", "--tls-ca"));
    spec.addOption(
        value(
            "FILE",
            "your certificate, PEM; default: $RASTRO_TLS_CERTIFICATE",
            "--tls-certificate"));
    spec.addOption(value("FILE", "its key, PEM; default: $RASTRO_TLS_KEY", "--tls-key"));
  }

  static boolean has(ParseResult arguments, String option) {
    return arguments.hasMatchedOption(option);
  }

  static Optional<String> value(ParseResult arguments, String option) {
    return arguments.hasMatchedOption(option)
        ? Optional.of(arguments.<String>matchedOptionValue(option, ""))
        : Optional.empty();
  }

  static List<String> values(ParseResult arguments, String option) {
    return arguments.hasMatchedOption(option)
        ? arguments.matchedOptionValue(option, List.<String>of())
        : List.of();
  }

  static Endpoint endpoint(ParseResult arguments) {
    Map<String, String> options = new HashMap<>();
    for (String option : Endpoint.OPTIONS) {
      value(arguments, "--" + option).ifPresent(given -> options.put(option, given));
    }
    return Endpoint.choose(options, System.getenv());
  }

  static boolean json(ParseResult arguments) {
    String output = value(arguments, "--output").orElse("text");
    return switch (output) {
      case "text" -> false;
      case "json" -> true;
      default -> throw ClientFailure.usage("--output: '" + output + "' is neither text nor json");
    };
  }

  /** Out of repeated options, each a list separated by commas or white space. */
  static List<Integer> pids(List<String> lists) {
    List<Integer> pids = new ArrayList<>();
    for (String list : lists) {
      for (String word : list.strip().split("[,\\s]+", -1)) {
        int pid = number("-p", word);
        if (pid == 0) {
          throw ClientFailure.usage("-p: not a process id: '" + word + "'");
        }
        if (!pids.contains(pid)) {
          pids.add(pid);
        }
      }
    }
    return pids;
  }

  /** Out of repeated options, each a list separated by commas. */
  static List<String> words(List<String> lists) {
    return lists.stream().flatMap(list -> Arrays.stream(list.split(",", -1))).toList();
  }

  /** How wide a page is to be: that of the terminal, asked anew at each call, for it changes. */
  static int width() {
    return Terminal.ofOutput()
        .map(Terminal::columns)
        .filter(columns -> columns > 0)
        .orElse(DEFAULT_WIDTH);
  }

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  /** {@code 500ms}, {@code 1s}, {@code 2m}, {@code 1h}. */
  static Duration duration(String option, String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw ClientFailure.usage(option + ": '" + text + "' is no time like 500ms, 1s or 2m");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  static int number(String option, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0 && !text.startsWith("+")) {
        return number;
      }
    } catch (NumberFormatException notNumeric) {
      throw ClientFailure.usage(option + ": not a number: '" + text + "'");
    }
    throw ClientFailure.usage(option + ": not a number that makes sense: '" + text + "'");
  }
}
