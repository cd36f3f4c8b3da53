package dev.rastro.client.commands;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.printing.SignalChoice;
import dev.rastro.client.printing.Status;
import dev.rastro.syscalls.table.Signals;
import dev.rastro.syscalls.text.DescriptorChoice;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * The arguments of {@code -e}. A later one of a kind takes the place of an earlier one, as in
 * strace.
 */
record Expression(Map<Qualifier, String> lists) {
  static final Expression EVERYTHING = new Expression(Map.of());

  private static final String NEGATION = "!";
  private static final Set<String> DECODED = Set.of("path", "socket", "dev", "pidfd");
  private static final String NAMES = "comm";
  private static final String TRANSLATION = "pidns";

  /** Why numbers are written as the program has them. */
  static final String NO_TRANSLATION =
      "is not supported: what a number means in a namespace is not captured with the calls";

  private static final int DESCRIPTORS_MAX = 1 << 20;
  private static final int DESCRIPTOR_DIGITS = 6;

  private static final Map<String, String> NEVER =
      Map.of(
          "inject", "cannot be supported: rastro only watches, it changes no call",
          "fault", "cannot be supported: rastro only watches, it changes no call",
          "kvm", "is not supported: the reasons of vcpu exits are not captured");

  /** What a list is about. */
  enum Qualifier {
    TRACE("trace"),
    SIGNAL("signal"),
    STATUS("status"),
    ABBREV("abbrev"),
    VERBOSE("verbose"),
    RAW("raw"),
    READ("read"),
    WRITE("write"),
    QUIET("quiet"),
    DECODE_FDS("decode-fds"),
    DECODE_PIDS("decode-pids"),
    TRACE_FDS("trace-fds");

    private static final Map<String, String> SYNONYMS =
        Map.ofEntries(
            Map.entry("t", "trace"),
            Map.entry("signals", "signal"),
            Map.entry("s", "signal"),
            Map.entry("a", "abbrev"),
            Map.entry("v", "verbose"),
            Map.entry("x", "raw"),
            Map.entry("reads", "read"),
            Map.entry("r", "read"),
            Map.entry("writes", "write"),
            Map.entry("w", "write"),
            Map.entry("silent", "quiet"),
            Map.entry("silence", "quiet"),
            Map.entry("q", "quiet"),
            Map.entry("decode-fd", "decode-fds"),
            Map.entry("decode-pid", "decode-pids"),
            Map.entry("trace-fd", "trace-fds"),
            Map.entry("fds", "trace-fds"),
            Map.entry("fd", "trace-fds"));

    private final String word;

    Qualifier(String word) {
      this.word = word;
    }

    static Optional<Qualifier> parse(String name) {
      String canonical = SYNONYMS.getOrDefault(name, name);
      for (Qualifier qualifier : values()) {
        if (qualifier.word.equals(canonical)) {
          return Optional.of(qualifier);
        }
      }
      return Optional.empty();
    }

    @Override
    public String toString() {
      return "-e " + word + "=";
    }
  }

  Expression {
    lists = Map.copyOf(lists);
  }

  Expression and(String argument) {
    int equals = argument.indexOf('=');
    String name = equals < 0 ? "trace" : argument.substring(0, equals);
    if (NEVER.containsKey(name)) {
      throw ClientFailure.usage("-e " + name + "= " + NEVER.get(name));
    }
    return Qualifier.parse(name)
        .map(qualifier -> and(qualifier, argument.substring(equals + 1)))
        .orElseThrow(
            () ->
                ClientFailure.usage(
                    "-e: unknown qualifier '"
                        + name
                        + "' in '"
                        + argument
                        + "'; --help lists them"));
  }

  /**
   * @throws ClientFailure when the list makes no sense
   */
  Expression and(Qualifier qualifier, String list) {
    Map<Qualifier, String> more = new EnumMap<>(Qualifier.class);
    more.putAll(lists);
    more.put(qualifier, list);
    Expression expression = new Expression(more);
    switch (qualifier) {
      case TRACE, ABBREV, VERBOSE, RAW -> expression.calls(qualifier, CallNames.ALL);
      case SIGNAL -> expression.signals();
      case STATUS -> expression.statuses();
      case READ, WRITE, TRACE_FDS -> expression.descriptors(qualifier);
      case DECODE_FDS -> expression.decoded();
      case DECODE_PIDS -> expression.taskNames();
      case QUIET -> expression.quiet();
    }
    return expression;
  }

  private CallNames calls(Qualifier qualifier, CallNames otherwise) {
    String list = lists.get(qualifier);
    return list == null ? otherwise : CallNames.parse(list, qualifier.toString());
  }

  /** Calls that are traced. */
  CallNames calls() {
    return calls(Qualifier.TRACE, CallNames.ALL);
  }

  CallNames abbreviated() {
    return calls(Qualifier.ABBREV, CallNames.ALL);
  }

  CallNames followed() {
    return calls(Qualifier.VERBOSE, CallNames.ALL);
  }

  CallNames raw() {
    return calls(Qualifier.RAW, CallNames.NONE);
  }

  SignalChoice signals() {
    BitSet chosen =
        numbers(Qualifier.SIGNAL, "all", SignalChoice.SIGNALS, "no such signal", Signals::parse);
    chosen.clear(0);
    return new SignalChoice(chosen);
  }

  /** What is written beside descriptors. */
  DescriptorChoice decoded() {
    Set<String> chosen =
        members(
            Qualifier.DECODE_FDS,
            "none",
            DECODED,
            "not path, socket, dev or pidfd",
            Expression::decodable);
    return new DescriptorChoice(
        chosen.contains("path"),
        chosen.contains("socket"),
        chosen.contains("dev"),
        chosen.contains("pidfd"));
  }

  /** Whether the names of tasks are written beside their numbers. */
  boolean taskNames() {
    return !members(
            Qualifier.DECODE_PIDS, "none", Set.of(NAMES), "not comm", Expression::taskDecoding)
        .isEmpty();
  }

  private static Optional<String> taskDecoding(String name) {
    if (name.equals(TRANSLATION)) {
      throw ClientFailure.usage(Qualifier.DECODE_PIDS + TRANSLATION + " " + NO_TRANSLATION);
    }
    return Optional.of(name).filter(NAMES::equals);
  }

  /** Of {@link Qualifier#READ}, {@link Qualifier#WRITE} or {@link Qualifier#TRACE_FDS}. */
  BitSet descriptors(Qualifier qualifier) {
    return numbers(
        qualifier, "none", DESCRIPTORS_MAX, "not a file descriptor", Expression::descriptor);
  }

  Set<Status> statuses() {
    return members(Qualifier.STATUS, "all", Status.all(), "no such status", Status::parse);
  }

  Set<Quiet> quiet() {
    return members(
        Qualifier.QUIET, "none", EnumSet.allOf(Quiet.class), "no such message", Quiet::parse);
  }

  private static Optional<String> decodable(String name) {
    return Optional.of(name).filter(DECODED::contains);
  }

  private static OptionalInt descriptor(String text) {
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits && text.length() <= DESCRIPTOR_DIGITS
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }

  private BitSet numbers(
      Qualifier qualifier,
      String otherwise,
      int limit,
      String complaint,
      Function<String, OptionalInt> meaning) {
    String list = lists.getOrDefault(qualifier, otherwise);
    boolean negated = list.startsWith(NEGATION);
    BitSet chosen = new BitSet();
    switch (list.substring(negated ? 1 : 0)) {
      case "all" -> chosen.set(0, limit);
      case "none" -> {}
      default -> {
        for (String name : CallNames.split(list.substring(negated ? 1 : 0), qualifier.toString())) {
          chosen.set(meaning.apply(name).orElseThrow(() -> unknown(qualifier, name, complaint)));
        }
      }
    }
    if (negated) {
      chosen.flip(0, limit);
    }
    return chosen;
  }

  private <T> Set<T> members(
      Qualifier qualifier,
      String otherwise,
      Set<T> all,
      String complaint,
      Function<String, Optional<T>> meaning) {
    String list = lists.getOrDefault(qualifier, otherwise);
    boolean negated = list.startsWith(NEGATION);
    Set<T> chosen = new HashSet<>();
    switch (list.substring(negated ? 1 : 0)) {
      case "all" -> chosen.addAll(all);
      case "none" -> {}
      default -> {
        for (String name : CallNames.split(list.substring(negated ? 1 : 0), qualifier.toString())) {
          chosen.add(meaning.apply(name).orElseThrow(() -> unknown(qualifier, name, complaint)));
        }
      }
    }
    if (negated) {
      Set<T> others = new HashSet<>(all);
      others.removeAll(chosen);
      return others;
    }
    return chosen;
  }

  private static ClientFailure unknown(Qualifier qualifier, String name, String complaint) {
    return ClientFailure.usage(qualifier + ": " + name + ": " + complaint);
  }

  /** As {@code Filter.signals} has it. */
  List<String> signalNames() {
    SignalChoice signals = signals();
    if (signals.wanted().cardinality() == SignalChoice.SIGNALS - 1) {
      return List.of();
    }
    if (signals.wanted().isEmpty()) {
      return List.of("none");
    }
    return signals.wanted().stream().mapToObj(Signals::name).toList();
  }
}
