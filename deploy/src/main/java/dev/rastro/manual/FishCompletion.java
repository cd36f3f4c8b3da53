package dev.rastro.manual;

import dev.rastro.manual.Manual.Entry;
import java.util.List;

/** A completion for fish: one {@code complete} for each option. */
final class FishCompletion {
  private final StringBuilder script = new StringBuilder();
  private final String program;

  private FishCompletion(String program) {
    this.program = program;
  }

  static String of(Manual manual) {
    FishCompletion completion = new FishCompletion(manual.word());
    completion.line("# Completes " + manual.name() + " in fish. Made of its option table.");
    completion.line("complete -c " + manual.word() + " -f");
    if (manual.subcommands().isEmpty()) {
      completion.options("", manual);
    } else {
      completion.options("-n __fish_use_subcommand ", manual);
      manual.subcommands().forEach(completion::command);
    }
    return completion.script.toString();
  }

  private void command(Manual command) {
    add("-n __fish_use_subcommand ", "-a " + command.word(), command.purpose());
    String condition = "-n '__fish_seen_subcommand_from %s' ".formatted(command.word());
    options(condition, command);
    if (command.takesCommand()) {
      line(
          "complete -c %s %s-a '(__fish_complete_subcommand --fcs-skip=2)'"
              .formatted(program, condition));
    } else if (command.argument().kind() == Value.Kind.FILE) {
      line("complete -c %s %s-F".formatted(program, condition));
    }
  }

  private void options(String condition, Manual command) {
    for (Entry option : command.options()) {
      StringBuilder names = new StringBuilder();
      for (String name : option.names()) {
        names.append(name.startsWith("--") ? "-l " : "-s ");
        names.append(name.replaceFirst("^--?", "")).append(' ');
      }
      add(condition, names + action(option.value()), option.description());
    }
  }

  private static String action(Value value) {
    if (value.optional()) {
      return "";
    }
    return switch (value.kind()) {
      case CHOICE -> "-x -a '" + String.join(" ", List.copyOf(value.choices())) + "' ";
      case FILE -> "-r -F ";
      case PID -> "-x -a '(__fish_complete_pids)' ";
      case USER -> "-x -a '(__fish_complete_users)' ";
      case ANYTHING -> "-x ";
      case NOTHING -> "";
    };
  }

  private void add(String condition, String what, String description) {
    line(
        "complete -c %s %s%s -d '%s'"
            .formatted(program, condition, what.strip(), description.replace("'", "\\'")));
  }

  private void line(String text) {
    script.append(text).append('\n');
  }
}
