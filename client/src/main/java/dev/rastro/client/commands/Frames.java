// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.commands;

import dev.rastro.client.failure.ClientFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** A picture that is shown again and again: how often, and how many times. */
final class Frames {
  private static final String INTERVAL = "--interval";
  private static final String COUNT = "--frames";
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Duration interval;
  private final int count;
  private final Interruption interruption;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private int shown;

  private Frames(Duration interval, int count, Interruption interruption) {
    this.interval = interval;
    this.count = count;
    this.interruption = interruption;
    interruption.onStop(stopped::countDown);
  }

  static void addOptions(CommandSpec spec, String defaultInterval) {
    spec.addOption(
        CommonOptions.value(
            "TIME", "from one picture to the next (" + defaultInterval + ")", INTERVAL));
    spec.addOption(CommonOptions.value("N", "end after so many pictures", COUNT));
  }

  static Duration interval(ParseResult arguments, String defaultInterval) {
    Duration interval =
        CommonOptions.duration(
            INTERVAL, CommonOptions.value(arguments, INTERVAL).orElse(defaultInterval));
    if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
      throw ClientFailure.usage(INTERVAL + ": give from 100ms to 1m");
    }
    return interval;
  }

  /** 0: without end. */
  static int count(ParseResult arguments) {
    return CommonOptions.value(arguments, COUNT)
        .map(text -> CommonOptions.number(COUNT, text))
        .orElse(0);
  }

  static boolean areAskedFor(ParseResult arguments) {
    return List.of(INTERVAL, COUNT).stream().anyMatch(arguments::hasMatchedOption);
  }

  /**
   * @param count 0: until somebody interrupts
   */
  static Frames of(Duration interval, int count, Interruption interruption) {
    return new Frames(interval, count, interruption);
  }

  /** Blocks until the next is due; false when there is none. The first is due at once. */
  boolean next() {
    boolean first = shown == 0;
    if ((count > 0 && shown == count) || (!first && !pause())) {
      return false;
    }
    shown++;
    return stopped.getCount() > 0;
  }

  /** Blocks for the time from one to the next; false when somebody has interrupted. */
  boolean pause() {
    try {
      return !stopped.await(interval.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  Outcome outcome() {
    return interruption.signal() == 0 ? Outcome.OK : Outcome.interrupted(interruption.signal());
  }
}
