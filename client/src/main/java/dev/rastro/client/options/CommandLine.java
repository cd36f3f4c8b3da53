package dev.rastro.client.options;

import dev.rastro.client.failure.ClientFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A command line told apart as getopt_long(3) does: letters may be joined, long names abbreviated,
 * and the first word that is no option begins the command.
 *
 * @param given in their order
 */
public record CommandLine(List<Given> given, List<String> command) {

  /**
   * @throws ClientFailure when an option is unknown, ambiguous, or lacks its argument
   */
  public static CommandLine parse(OptionTable table, List<String> words) {
    List<Given> given = new ArrayList<>();
    int at = 0;
    while (at < words.size()) {
      String word = words.get(at);
      if (!word.startsWith("-") || word.equals("-")) {
        break;
      }
      at++;
      if (word.equals("--")) {
        break;
      }
      Optional<String> next = at < words.size() ? Optional.of(words.get(at)) : Optional.empty();
      boolean took =
          word.startsWith("--")
              ? longName(table, word, next, given)
              : letters(table, word, next, given);
      at += took ? 1 : 0;
    }
    return new CommandLine(List.copyOf(given), List.copyOf(words.subList(at, words.size())));
  }

  /** Whether the next word was the argument. */
  private static boolean longName(
      OptionTable table, String word, Optional<String> next, List<Given> given) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word.substring(2) : word.substring(2, equals);
    Option option = find(table, name);
    String shown = "--" + name;
    if (equals >= 0) {
      if (option.argument() == Option.Argument.NONE) {
        throw ClientFailure.usage("option '" + shown + "' does not allow an argument");
      }
      given.add(new Given(option, shown, Optional.of(word.substring(equals + 1))));
      return false;
    }
    boolean takes = option.argument() == Option.Argument.REQUIRED;
    if (takes && next.isEmpty()) {
      throw ClientFailure.usage("option '" + shown + "' requires an argument");
    }
    given.add(new Given(option, shown, takes ? next : Optional.empty()));
    return takes;
  }

  private static Option find(OptionTable table, String name) {
    List<Option> near = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Option option : table.options()) {
      for (String longName : option.longNames()) {
        if (longName.equals(name)) {
          return option;
        }
        if (longName.startsWith(name)) {
          near.add(option);
          names.add(longName);
        }
      }
    }
    if (near.isEmpty()) {
      throw unknown(table, "--" + name);
    }
    if (near.stream().distinct().count() > 1) {
      String all = names.stream().map(one -> "'--" + one + "'").collect(Collectors.joining(" "));
      throw ClientFailure.usage("option '--" + name + "' is ambiguous; possibilities: " + all);
    }
    return near.get(0);
  }

  private static boolean letters(
      OptionTable table, String word, Optional<String> next, List<Given> given) {
    for (int i = 1; i < word.length(); i++) {
      char letter = word.charAt(i);
      String shown = "-" + letter;
      Option option = table.letter(letter).orElseThrow(() -> unknown(table, shown));
      if (option.argument() != Option.Argument.REQUIRED) {
        given.add(new Given(option, shown, Optional.empty()));
        continue;
      }
      boolean attached = i + 1 < word.length();
      if (!attached && next.isEmpty()) {
        throw ClientFailure.usage("option '" + shown + "' requires an argument");
      }
      given.add(new Given(option, shown, attached ? Optional.of(word.substring(i + 1)) : next));
      return !attached;
    }
    return false;
  }

  private static ClientFailure unknown(OptionTable table, String name) {
    return ClientFailure.usage(
        "unknown option: " + name + "; '" + table.program() + " --help' lists them");
  }
}
