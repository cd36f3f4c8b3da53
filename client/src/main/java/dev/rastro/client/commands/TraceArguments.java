package dev.rastro.client.commands;

import dev.rastro.client.connection.Endpoint;
import dev.rastro.client.options.OptionTable;
import dev.rastro.client.printing.Destination;
import dev.rastro.client.printing.SummaryStyle;
import dev.rastro.client.printing.Timestamps;
import dev.rastro.syscalls.text.DescriptorChoice;
import dev.rastro.syscalls.text.TextStyle;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code rastro trace} was asked to do. The options mean what they mean in strace.
 *
 * @param launch how the command is run
 * @param chosen whom to trace besides pids and command
 * @param notices to be told before the trace begins
 * @param command empty when only running processes are traced
 */
record TraceArguments(
    List<Integer> pids,
    boolean follow,
    Expression expression,
    Destination destination,
    int stringLimit,
    Counting counting,
    SummaryStyle summary,
    Set<Quiet> quiet,
    int column,
    boolean verbose,
    Style style,
    Timestamps timestamps,
    boolean numbers,
    long callLimit,
    boolean leaveAtExec,
    TouchOptions touched,
    Launch launch,
    TargetOptions.Chosen chosen,
    boolean json,
    Endpoint endpoint,
    boolean showSecrets,
    List<String> notices,
    List<String> command) {

  enum Counting {
    NONE,
    /** {@code -c} */
    ONLY,
    /** {@code -C} */
    ALSO
  }

  /** What of a {@link TextStyle} does not need the table. */
  record Style(
      TextStyle.HexStrings hexStrings,
      TextStyle.Constants constants,
      boolean argumentNames,
      DescriptorChoice descriptors,
      boolean taskNames) {}

  /**
   * @param environment {@code VAR=VAL} to put in, {@code VAR} to take out
   */
  record Launch(List<String> environment, Optional<String> user) {}

  /**
   * @throws dev.rastro.client.failure.ClientFailure when the options contradict each other or make
   *     no sense
   */
  static TraceArguments parse(OptionTable table, List<String> words) {
    return TraceOptions.parse(table, words);
  }

  boolean toFile() {
    return destination.file().isPresent();
  }

  boolean quietly(Quiet message) {
    return quiet.contains(message);
  }
}
