package dev.rastro.client.printing;

import dev.rastro.syscalls.text.TextBuffer;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;

/** The times and the number that stand before a line, and the time spent that stands behind it. */
final class LineStart {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int SECONDS_PER_DAY = 86_400;
  private static final int RELATIVE_COLUMNS = 6;
  private static final int NUMBER_COLUMNS = 4;

  /** Clocks change on the quarter of an hour. */
  private static final long SECONDS_OF_ONE_OFFSET = 900;

  private final Frame frame;
  private final Timestamps times;
  private final ZoneId zone;
  private final Map<Integer, Integer> numbers = new HashMap<>();
  private long lastNanos = -1;
  private long offsetFrom = Long.MIN_VALUE;
  private long offsetSeconds;

  LineStart(Frame frame, ZoneId zone) {
    this.frame = frame;
    this.times = frame.timestamps();
    this.zone = zone;
  }

  /** The call that {@code tid} makes: lines about the task show its number. */
  void calls(int tid, int number) {
    if (frame.numbers()) {
      numbers.put(tid, number);
    }
  }

  void forget(int tid) {
    if (frame.numbers()) {
      numbers.remove(tid);
    }
  }

  /**
   * @param timeNanos of CLOCK_MONOTONIC
   */
  void write(int tid, long timeNanos, TextBuffer text) {
    switch (times.clock()) {
      case NONE -> {}
      case TIME -> {
        long nanos = timeNanos + frame.realtimeOffsetNanos();
        long second = Math.floorMod(local(nanos / NANOS_PER_SECOND), SECONDS_PER_DAY);
        digits(second / 3600, 2, text).append(':');
        digits(second / 60 % 60, 2, text).append(':');
        digits(second % 60, 2, text);
        fraction(nanos % NANOS_PER_SECOND, times.precision(), text);
        text.append(' ');
      }
      case UNIX -> {
        long nanos = timeNanos + frame.realtimeOffsetNanos();
        text.appendDecimal(nanos / NANOS_PER_SECOND);
        fraction(nanos % NANOS_PER_SECOND, times.precision(), text);
        text.append(' ');
      }
    }
    if (times.relative().isPresent()) {
      relative(timeNanos, times.relative().get(), text);
    }
    if (frame.numbers()) {
      Integer number = numbers.get(tid);
      text.append('[');
      String shown = number == null ? "????" : Integer.toString(number);
      for (int i = shown.length(); i < NUMBER_COLUMNS; i++) {
        text.append(' ');
      }
      text.append(shown).append("] ");
    }
  }

  /** What several processors did may come out of order: time is not shown to run backwards. */
  private void relative(long timeNanos, Precision precision, TextBuffer text) {
    long nanos = lastNanos < 0 ? 0 : Math.max(0, timeNanos - lastNanos);
    lastNanos = Math.max(lastNanos, timeNanos);
    boolean beside = times.clock() != Timestamps.Clock.NONE;
    if (beside) {
      text.append("(+");
    }
    long seconds = nanos / NANOS_PER_SECOND;
    for (int i = Long.toString(seconds).length(); i < RELATIVE_COLUMNS; i++) {
      text.append(' ');
    }
    text.appendDecimal(seconds);
    fraction(nanos % NANOS_PER_SECOND, precision, text);
    text.append(beside ? ") " : " ");
  }

  /** {@code <0.000312>}. */
  void spent(long nanos, TextBuffer text) {
    if (times.spent().isPresent()) {
      text.append(" <").appendDecimal(nanos / NANOS_PER_SECOND);
      fraction(nanos % NANOS_PER_SECOND, times.spent().get(), text);
      text.append('>');
    }
  }

  private long local(long second) {
    long from = Math.floorDiv(second, SECONDS_OF_ONE_OFFSET);
    if (from != offsetFrom) {
      offsetFrom = from;
      offsetSeconds = zone.getRules().getOffset(Instant.ofEpochSecond(second)).getTotalSeconds();
    }
    return second + offsetSeconds;
  }

  private static void fraction(long nanos, Precision precision, TextBuffer text) {
    if (precision.digits() > 0) {
      text.append('.');
      digits(nanos / precision.nanos(), precision.digits(), text);
    }
  }

  private static TextBuffer digits(long value, int count, TextBuffer text) {
    long unit = 1;
    for (int i = 1; i < count; i++) {
      unit *= 10;
    }
    for (; unit > 0; unit /= 10) {
      text.append((char) ('0' + value / unit % 10));
    }
    return text;
  }
}
