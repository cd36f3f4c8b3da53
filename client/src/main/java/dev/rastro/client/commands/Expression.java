package dev.rastro.client.commands;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.printing.SignalChoice;
import dev.rastro.syscalls.table.Signals;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * The arguments of {@code -e}. A later one of a kind takes the place of an earlier one, as in
 * strace.
 *
 * @param allow syscalls, classes and regexes; empty: all
 * @param deny the same, taken away
 */
record Expression(List<String> allow, List<String> deny, SignalChoice signals) {
  static final Expression EVERYTHING = new Expression(List.of(), List.of(), SignalChoice.all());

  /** A regex that every name matches: how a filter says "no syscall at all". */
  private static final String EVERY_SYSCALL = "/.";

  private static final String NEGATION = "!";

  private static final Set<String> LATER =
      Set.of(
          "abbrev",
          "a",
          "verbose",
          "v",
          "raw",
          "x",
          "read",
          "reads",
          "r",
          "write",
          "writes",
          "w",
          "status",
          "quiet",
          "silent",
          "silence",
          "q",
          "decode-pids",
          "decode-pid",
          "kvm");
  private static final Set<String> NEVER = Set.of("inject", "fault");

  Expression and(String argument) {
    int equals = argument.indexOf('=');
    String qualifier = equals < 0 ? "trace" : argument.substring(0, equals);
    String list = argument.substring(equals + 1);
    switch (qualifier) {
      case "trace", "t" -> {
        return traced(list);
      }
      case "signal", "signals", "s" -> {
        return new Expression(allow, deny, signals(list));
      }
      default -> throw refusal(qualifier, argument);
    }
  }

  private static ClientFailure refusal(String qualifier, String argument) {
    if (LATER.contains(qualifier)) {
      return ClientFailure.usage("-e " + qualifier + "= is not supported yet");
    }
    if (NEVER.contains(qualifier)) {
      return ClientFailure.usage(
          "-e " + qualifier + "= cannot be supported: rastro only watches, it changes no call");
    }
    return ClientFailure.usage(
        "-e: unknown qualifier '" + qualifier + "' in '" + argument + "'; use trace= or signal=");
  }

  private Expression traced(String list) {
    boolean negated = list.startsWith(NEGATION);
    String names = negated ? list.substring(1) : list;
    return switch (names) {
      case "all" -> negated ? nothing() : new Expression(List.of(), List.of(), signals);
      case "none" -> negated ? new Expression(List.of(), List.of(), signals) : nothing();
      default -> {
        List<String> split = split(names, "-e trace=");
        yield negated
            ? new Expression(List.of(), split, signals)
            : new Expression(split, List.of(), signals);
      }
    };
  }

  private Expression nothing() {
    return new Expression(List.of(), List.of(EVERY_SYSCALL), signals);
  }

  private static SignalChoice signals(String list) {
    boolean negated = list.startsWith(NEGATION);
    String names = negated ? list.substring(1) : list;
    BitSet chosen = new BitSet(SignalChoice.SIGNALS);
    if (names.equals("all")) {
      chosen.set(1, SignalChoice.SIGNALS);
    } else if (!names.equals("none")) {
      for (String name : split(names, "-e signal=")) {
        chosen.set(signal(name));
      }
    }
    if (negated) {
      chosen.flip(1, SignalChoice.SIGNALS);
    }
    return new SignalChoice(chosen);
  }

  private static int signal(String name) {
    return Signals.parse(name)
        .orElseThrow(() -> ClientFailure.usage("-e signal=: " + name + ": no such signal"));
  }

  private static List<String> split(String list, String option) {
    List<String> names = List.of(list.split(",", -1));
    if (names.contains("")) {
      throw ClientFailure.usage(option + ": an empty name in '" + list + "'");
    }
    return names;
  }

  /** As {@code Filter.signals} has it. */
  List<String> signalNames() {
    if (signals.wanted().cardinality() == SignalChoice.SIGNALS - 1) {
      return List.of();
    }
    if (signals.wanted().isEmpty()) {
      return List.of("none");
    }
    return signals.wanted().stream().mapToObj(Signals::name).toList();
  }
}
