package dev.rastro.client.commands;

import dev.rastro.v1.Filter;

/** Parts of requests that several commands send. */
final class Requests {

  private Requests() {}

  static Filter filter(Expression expression) {
    return Filter.newBuilder()
        .addAllSyscalls(expression.allow())
        .addAllDenySyscalls(expression.deny())
        .addAllSignals(expression.signalNames())
        .build();
  }
}
