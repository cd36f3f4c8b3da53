package dev.rastro.client.commands;

import dev.rastro.client.printing.Status;
import dev.rastro.v1.Filter;
import dev.rastro.v1.Outcome;
import java.util.Set;

/** Parts of requests that several commands send. */
final class Requests {

  private Requests() {}

  /** Of the calls alone; sums know no outcome. */
  static Filter filter(Expression expression) {
    return Filter.newBuilder()
        .addAllSyscalls(expression.calls().allow())
        .addAllDenySyscalls(expression.calls().deny())
        .addAllSignals(expression.signalNames())
        .build();
  }

  /** With the outcome, as far as the kernel can tell it: the printer leaves out the rest. */
  static Filter filterWithOutcome(Expression expression) {
    return filter(expression).toBuilder().setOutcome(outcome(expression.statuses())).build();
  }

  private static Outcome outcome(Set<Status> statuses) {
    boolean unfinished = statuses.contains(Status.UNFINISHED);
    boolean failed = statuses.contains(Status.FAILED);
    boolean successful = statuses.contains(Status.SUCCESSFUL);
    if (unfinished || failed == successful) {
      return Outcome.OUTCOME_UNSPECIFIED;
    }
    return failed ? Outcome.OUTCOME_FAILED : Outcome.OUTCOME_SUCCESSFUL;
  }
}
