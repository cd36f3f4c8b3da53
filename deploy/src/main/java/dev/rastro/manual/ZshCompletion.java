package dev.rastro.manual;

import dev.rastro.manual.Manual.Entry;
import java.util.List;

/** A completion for zsh, by {@code _arguments}. */
final class ZshCompletion {
  private final StringBuilder script = new StringBuilder();
  private final Manual manual;

  private ZshCompletion(Manual manual) {
    this.manual = manual;
  }

  static String of(Manual manual) {
    ZshCompletion completion = new ZshCompletion(manual);
    completion.write();
    return completion.script.toString();
  }

  private void write() {
    line("#compdef " + manual.word());
    line("# Completes " + manual.name() + " in zsh. Made of its option table.");
    line("");
    if (manual.subcommands().isEmpty()) {
      arguments("", manual);
      return;
    }
    line("local curcontext=$curcontext state line");
    line("_arguments -C '1:command:->command' '*::argument:->argument' && return");
    line("case $state in");
    line("command)");
    line("\tlocal -a commands=(");
    for (Manual command : manual.subcommands()) {
      line("\t\t'%s:%s'".formatted(command.word(), quoted(command.purpose()).replace(":", "\\:")));
    }
    line("\t)");
    line("\t_describe command commands");
    line("\t;;");
    line("argument)");
    line("\tcase $words[1] in");
    for (Manual command : manual.subcommands()) {
      line("\t" + command.word() + ")");
      arguments("\t\t", command);
      line("\t\t;;");
    }
    line("\tesac");
    line("\t;;");
    line("esac");
  }

  private void arguments(String indent, Manual command) {
    line(indent + "_arguments -s -S \\");
    for (Entry option : command.options()) {
      for (String name : option.names()) {
        line(indent + "\t'" + specification(name, option, repeated(command)) + "' \\");
      }
    }
    line(
        indent
            + "\t"
            + (command.takesCommand()
                ? "'*::command:_normal'"
                : "'*:name:" + action(command.argument()) + "'"));
  }

  /** strace's options may come more than once. */
  private static String repeated(Manual command) {
    return command.takesCommand() ? "*" : "";
  }

  private static String specification(String name, Entry option, String repeated) {
    String text = "[" + quoted(option.description()).replace("[", "\\[").replace("]", "\\]") + "]";
    Value value = option.value();
    boolean isLong = name.startsWith("--");
    if (value.label().isEmpty() || (value.optional() && !isLong)) {
      return repeated + name + text;
    }
    String form = isLong ? (value.optional() ? "=-" : "=") : "+";
    String message = quoted(value.label()).replace(":", "\\:");
    return repeated
        + name
        + form
        + text
        + (value.optional() ? "::" : ":")
        + message
        + ":"
        + action(value);
  }

  private static String action(Value value) {
    return switch (value.kind()) {
      case CHOICE -> "(" + String.join(" ", List.copyOf(value.choices())) + ")";
      case FILE -> "_files";
      case PID -> "_pids";
      case USER -> "_users";
      case ANYTHING, NOTHING -> "";
    };
  }

  private static String quoted(String text) {
    return text.replace("'", "'\\''");
  }

  private void line(String text) {
    script.append(text).append('\n');
  }
}
