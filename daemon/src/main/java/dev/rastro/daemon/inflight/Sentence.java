// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.inflight;

import java.util.concurrent.TimeUnit;

/** {@code waits 14 s in recvfrom on 10.0.0.5:5432}: a wait in plain words. */
final class Sentence {
  private static final long MINUTE_SECONDS = 60;
  private static final long HOUR_SECONDS = 3600;

  private Sentence() {}

  static String of(String call, Age age, Waiting waiting) {
    return plain(call, age) + waiting.object();
  }

  static String plain(String call, Age age) {
    String duration = duration(age);
    return "waits" + (duration.isEmpty() ? "" : " " + duration) + " in " + call;
  }

  /** Empty when nothing is known. */
  private static String duration(Age age) {
    if (age.exact()) {
      return text(age.nanos());
    }
    return age.nanos() == 0 ? "" : "at least " + text(age.nanos());
  }

  /** Cut, not rounded: a bound stays a bound. */
  private static String text(long nanos) {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos);
    if (seconds >= HOUR_SECONDS) {
      return "%d h %d min"
          .formatted(seconds / HOUR_SECONDS, seconds % HOUR_SECONDS / MINUTE_SECONDS);
    } else if (seconds >= MINUTE_SECONDS) {
      return "%d min %d s".formatted(seconds / MINUTE_SECONDS, seconds % MINUTE_SECONDS);
    } else if (seconds > 0) {
      return seconds + " s";
    }
    return TimeUnit.NANOSECONDS.toMillis(nanos) + " ms";
  }
}
