package dev.rastro.daemon.config;

import dev.rastro.syscalls.table.Suggestions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A file of settings: {@code name = value} lines, blank lines and comments behind {@code #} at a
 * line's begin. The names are those of the long options without their dashes, so whatever can be
 * given on the command line can stand in the file and is checked by the same code. A flag takes yes
 * or no. Errors say file, line and remedy.
 */
final class ConfigurationFile {

  /** Larger ones are refused: they are something else. */
  static final int MAX_BYTES = 256 << 10;

  /** Options that are about one start of the daemon, not about the daemon. */
  private static final Set<String> COMMAND_LINE_ONLY =
      Set.of("--config", "--check", "--exit-with-stdin", "--announce");

  private static final Pattern SETTING = Pattern.compile("([^=\\s]+)\\s*=\\s*(.*)");

  private final Path path;
  private final Map<String, OptionSpec> options;

  /** The line that gave an option, by the option's name. */
  private final Map<String, Integer> lineOf = new HashMap<>();

  private ConfigurationFile(Path path, Map<String, OptionSpec> options) {
    this.path = path;
    this.options = options;
  }

  static ConfigurationFile at(Path path, CommandLine options) {
    return new ConfigurationFile(path, settings(options));
  }

  /** The options that may stand in a file, by their names. */
  static Map<String, OptionSpec> settings(CommandLine options) {
    Map<String, OptionSpec> known = new HashMap<>(options.getCommandSpec().optionsMap());
    known.keySet().removeAll(COMMAND_LINE_ONLY);
    return known;
  }

  /**
   * The file's settings as arguments of the command line, in the file's order.
   *
   * @throws IllegalArgumentException with file, line and remedy
   */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    int number = 0;
    for (String line : text().split("\n", -1)) {
      number++;
      String stripped = line.strip();
      if (!stripped.isEmpty() && !stripped.startsWith("#")) {
        addArgument(arguments, number, stripped);
      }
    }
    return arguments;
  }

  /** A value's failure, which begins with the option's name, told by file and line instead. */
  IllegalArgumentException located(IllegalArgumentException failure) {
    String message = String.valueOf(failure.getMessage());
    int colon = message.indexOf(": ");
    Integer line = colon < 0 ? null : lineOf.get(message.substring(0, colon));
    return line == null
        ? new IllegalArgumentException(path + ": " + message, failure)
        : failure(line, message.substring("--".length()));
  }

  private void addArgument(List<String> arguments, int number, String line) {
    Matcher matcher = SETTING.matcher(line);
    if (!matcher.matches()) {
      throw failure(number, "'%s' is no setting; write NAME = VALUE".formatted(line));
    }
    String name = matcher.group(1);
    String value = matcher.group(2);
    OptionSpec option = options.get("--" + name);
    if (option == null) {
      throw failure(number, unknown(name));
    }
    Integer before = lineOf.put("--" + name, number);
    if (before != null && !option.isMultiValue()) {
      throw failure(number, "%s: given in line %d already".formatted(name, before));
    }
    if (option.arity().max() > 0) {
      arguments.add("--" + name + "=" + value);
    } else if (value.equals("yes")) {
      arguments.add("--" + name);
    } else if (!value.equals("no")) {
      throw failure(number, "%s: '%s' is neither yes nor no".formatted(name, value));
    }
  }

  private String unknown(String name) {
    List<String> names = options.keySet().stream().map(ConfigurationFile::bare).sorted().toList();
    List<String> near = Suggestions.nearest(name, names);
    return near.isEmpty()
        ? "unknown setting %s; there are: %s".formatted(name, String.join(", ", names))
        : "unknown setting %s; did you mean %s?".formatted(name, String.join(" or ", near));
  }

  private static String bare(String option) {
    return option.substring(option.startsWith("--") ? 2 : 1);
  }

  private String text() {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IllegalArgumentException(
            "%s: longer than %d bytes; this is no file of settings".formatted(path, MAX_BYTES));
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--config: %s cannot be read (%s); give a file of settings".formatted(path, e), e);
    }
  }

  private IllegalArgumentException failure(int line, String problem) {
    return new IllegalArgumentException("%s:%d: %s".formatted(path, line, problem));
  }
}
