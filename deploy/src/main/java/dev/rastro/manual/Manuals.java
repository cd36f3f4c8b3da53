package dev.rastro.manual;

import dev.rastro.client.options.Option;
import dev.rastro.client.options.OptionTable;
import dev.rastro.manual.Manual.Entry;
import dev.rastro.manual.Manual.Group;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The two commands as their own option tables describe them. */
final class Manuals {
  private Manuals() {}

  /** {@code rastro} and all its commands. */
  static Manual client() {
    CommandLine line = dev.rastro.client.commands.Rastro.commandLine();
    List<Manual> commands =
        line.getSubcommands().values().stream()
            .map(CommandLine::getCommandSpec)
            .map(Manuals::subcommand)
            .toList();
    return manual("rastro", line.getCommandSpec(), groups(line.getCommandSpec()), commands);
  }

  static Manual daemon() {
    CommandSpec spec = dev.rastro.daemon.Main.commandLine().getCommandSpec();
    return manual("rastrod", spec, groups(spec), List.of());
  }

  private static Manual subcommand(CommandSpec spec) {
    List<Group> groups =
        switch (spec.name()) {
          case "trace" -> groups(OptionTable.all());
          case "strace" -> groups(OptionTable.ofStrace());
          default -> groups(spec);
        };
    return manual("rastro " + spec.name(), spec, groups, List.of());
  }

  private static Manual manual(
      String name, CommandSpec spec, List<Group> groups, List<Manual> subcommands) {
    List<String> description = texts(spec.usageMessage().description());
    List<String> synopsis = synopsis(name, spec);
    return new Manual(
        name,
        description.get(0).split("(?<=\\.) ", 2)[0],
        synopsis,
        description,
        groups,
        subcommands,
        subcommands.isEmpty() && synopsis.stream().anyMatch(line -> line.contains("[--] COMMAND")),
        texts(spec.usageMessage().footer()).stream()
            .map(String::strip)
            .filter(line -> line.startsWith("rastro"))
            .toList());
  }

  private static List<String> synopsis(String name, CommandSpec spec) {
    List<String> lines =
        texts(spec.usageMessage().customSynopsis()).stream()
            .map(line -> line.replace("Usage:", "").strip())
            .toList();
    return lines.isEmpty() ? List.of(name + " [OPTIONS]") : lines;
  }

  private static List<Group> groups(CommandSpec spec) {
    List<Group> groups = new ArrayList<>();
    List<Entry> arguments = new ArrayList<>();
    for (PositionalParamSpec argument : spec.positionalParameters()) {
      Value value = new Value(argument.paramLabel(), false);
      arguments.add(new Entry(List.of(), value, description(argument)));
    }
    if (!arguments.isEmpty()) {
      groups.add(new Group("Arguments", arguments));
    }
    List<Entry> options = new ArrayList<>();
    for (OptionSpec option : spec.options()) {
      Value value = option.arity().max() == 0 ? Value.NONE : new Value(option.paramLabel(), false);
      options.add(new Entry(List.of(option.names()), value, description(option)));
    }
    groups.add(new Group("Options", options));
    return groups;
  }

  private static List<Group> groups(OptionTable table) {
    Map<String, List<Entry>> byTitle = new LinkedHashMap<>();
    for (Option option : table.options()) {
      byTitle.computeIfAbsent(option.group(), unused -> new ArrayList<>()).add(entry(option));
    }
    List<Group> groups = new ArrayList<>();
    byTitle.forEach((title, entries) -> groups.add(new Group(title, entries)));
    return groups;
  }

  private static Entry entry(Option option) {
    List<String> names = new ArrayList<>();
    if (option.letter() != 0) {
      names.add("-" + option.letter());
    }
    option.longNames().forEach(name -> names.add("--" + name));
    Value value = new Value(option.label(), option.argument() == Option.Argument.OPTIONAL);
    return new Entry(names, value, option.description());
  }

  private static String description(ArgSpec argument) {
    return String.join(" ", argument.description());
  }

  /** The texts around options are format strings; those of options have been formatted. */
  private static List<String> texts(String... formats) {
    return Arrays.stream(formats).map(String::format).toList();
  }
}
