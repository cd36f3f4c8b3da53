package dev.rastro.client.commands;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.options.Given;
import dev.rastro.v1.Filter;
import dev.rastro.v1.NamespacePid;
import dev.rastro.v1.Overload;
import dev.rastro.v1.Target;
import java.util.Optional;

/** Whom to trace besides what is named by number, and which calls by how they end. */
final class TargetOptions {
  private static final int DEFAULT_RECONNECT_SECONDS = 10;
  private static final int LONGEST_RECONNECT_SECONDS = 300;

  private final Target.Builder target = Target.newBuilder();
  private final Filter.Builder filter = Filter.newBuilder();
  private Overload overload = Overload.OVERLOAD_UNSPECIFIED;
  private int reconnectSeconds = DEFAULT_RECONNECT_SECONDS;
  private boolean failOnLoss;

  /**
   * @param target chosen by properties; the default instance for nobody
   * @param filter calls by how they end and what their lines have in them
   */
  record Chosen(
      Target target, Filter filter, Overload overload, int reconnectSeconds, boolean failOnLoss) {
    /** Whether there are processes to trace that are not named by number. */
    boolean isOpen() {
      return !target.equals(Target.getDefaultInstance());
    }

    /** Whether it is known only at a call's end whether it is wanted. */
    boolean isByEnding() {
      return filter.getErrnosCount() > 0
          || filter.getMinDurationNanos() > 0
          || filter.getMaxDurationNanos() > 0;
    }

    /** Whether calls are chosen by something that the kernel's sums know nothing of. */
    boolean isByCall() {
      return !filter.equals(Filter.getDefaultInstance());
    }
  }

  /** False when the option is not one of these. */
  boolean take(Given given) {
    switch (given.key()) {
      case "comm" -> target.addComms(given.text());
      case "exe" -> target.addExecutables(given.text());
      case "uid" -> target.addUsers(given.text());
      case "cgroup" -> target.addCgroups(given.text());
      case "unit" -> target.addUnits(given.text());
      case "container" -> target.addContainers(given.text());
      case "ns-pid" -> target.addNamespacePids(namespacePid(given));
      case "everything" -> target.setEverything(true);
      case "errno" -> filter.addAllErrnos(CallNames.split(given.text(), given.name()));
      case "min-duration" ->
          filter.setMinDurationNanos(TimeOptions.nanos(given.name(), given.text()));
      case "max-duration" ->
          filter.setMaxDurationNanos(TimeOptions.nanos(given.name(), given.text()));
      case "text" -> filter.addTexts(given.text());
      case "overload" -> overload = overload(given);
      case "fail-on-loss" -> failOnLoss = true;
      case "reconnect" -> reconnectSeconds = seconds(given);
      default -> {
        return false;
      }
    }
    return true;
  }

  Chosen finish() {
    return new Chosen(target.build(), filter.build(), overload, reconnectSeconds, failOnLoss);
  }

  private static Overload overload(Given given) {
    return switch (given.text()) {
      case "drop" -> Overload.OVERLOAD_DROP_OLDEST;
      case "end" -> Overload.OVERLOAD_END;
      case "degrade" -> Overload.OVERLOAD_DEGRADE;
      default ->
          throw ClientFailure.usage(
              given.name() + ": '" + given.text() + "' is neither drop nor end nor degrade");
    };
  }

  private static int seconds(Given given) {
    int seconds = CommonOptions.number(given.name(), given.text());
    if (seconds > LONGEST_RECONNECT_SECONDS) {
      throw ClientFailure.usage(
          given.name() + ": at most " + LONGEST_RECONNECT_SECONDS + " seconds");
    }
    return seconds;
  }

  private static NamespacePid namespacePid(Given given) {
    String[] parts = given.text().split("@", 2);
    NamespacePid.Builder pid =
        NamespacePid.newBuilder().setPid(CommonOptions.number(given.name(), parts[0]));
    if (parts.length == 2) {
      pid.setNamespace(
          number(parts[1])
              .orElseThrow(
                  () ->
                      ClientFailure.usage(
                          given.name() + ": " + parts[1] + ": not the number of a namespace")));
    }
    return pid.build();
  }

  private static Optional<Long> number(String text) {
    try {
      return Optional.of(Long.parseLong(text)).filter(number -> number > 0);
    } catch (NumberFormatException wrong) {
      return Optional.empty();
    }
  }
}
