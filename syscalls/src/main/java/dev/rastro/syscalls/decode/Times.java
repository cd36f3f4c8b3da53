package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times that depend on what is around them. */
final class Times {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssZ").withZone(ZoneOffset.systemDefault());
  private static final DateTimeFormatter PRECISE_DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnnZ")
          .withZone(ZoneOffset.systemDefault());
  private static final DateTimeFormatter MICRO_DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSZ")
          .withZone(ZoneOffset.systemDefault());
  private static final long SECOND_NANOS = 1_000_000_000;
  private static final long SECOND_MICROS = 1_000_000;
  private static final long SECONDS_MAX = 253_402_300_799L;
  private static final int TIMESPEC_BYTES = 16;

  /** USER_HZ: of the clock that user space is told about. */
  private static final int TICKS_A_SECOND = 100;

  private Times() {}

  static void register(Specials specials) {
    specials.add("unix_time", Times::unixTime);
    specials.add(
        "time_result",
        (walk, seconds) -> {
          walk.sink().number(seconds, Kind.Format.DECIMAL, true);
          if (isDate(seconds)) {
            walk.sink().beginNote();
            walk.sink().element();
            walk.sink().phrase(seconds, date(seconds));
            walk.sink().endNote();
          }
        });
    specials.add("clock_ticks", Times::ticks);
    specials.add("rlimit_value", Times::limit);
    specials.add("file_time", new FileTime());
    specials.add("statx_timestamp", (Special.InMemory) Times::statxTime);
    specials.add("remaining_time", new Remaining());
    specials.add("utime_timespec", new TouchTime());
    specials.add("utimes_timeval", (Special.InMemory) Times::microTimes);
    specials.add("dated_time", (Special.InMemory) Times::dated);
  }

  private static void ticks(Walk walk, long ticks) {
    walk.sink().number(ticks, Kind.Format.DECIMAL, walk.index() < 0);
    if (walk.index() >= 0) {
      ticksComment(walk, ticks);
    }
  }

  /** {@code 1 /* 0.01 s *}{@code /}; nothing is said of none. */
  static void ticksComment(Walk walk, long ticks) {
    if (ticks == 0) {
      return;
    }
    long hundredths = Long.remainderUnsigned(ticks, TICKS_A_SECOND);
    StringBuilder words = walk.words();
    words.append(Long.toUnsignedString(Long.divideUnsigned(ticks, TICKS_A_SECOND)));
    words.append(hundredths < 10 ? ".0" : ".").append(hundredths).append(" s");
    walk.sink().comment(words);
  }

  /** Multiples of 1024 are written so, and all ones by name. */
  private static void limit(Walk walk, long value) {
    if (value == -1) {
      walk.sink().constant(value, "RLIM64_INFINITY");
    } else if (value != 0 && (value & 1023) == 0 && value != 1024) {
      walk.sink()
          .constant(
              value, walk.words().append(Long.toUnsignedString(value >>> 10)).append("*1024"));
    } else {
      walk.sink().number(value, Kind.Format.DECIMAL, false);
    }
  }

  private static boolean isDate(long seconds) {
    return seconds > 0 && seconds <= SECONDS_MAX;
  }

  private static String date(long seconds) {
    return DATE.format(Instant.ofEpochSecond(seconds));
  }

  private static void unixTime(Walk walk, long seconds) {
    walk.sink().number(seconds, Kind.Format.DECIMAL, true);
    if (isDate(seconds)) {
      walk.sink().comment(date(seconds));
    }
  }

  /** The comment behind a time of a file; there is none for the zero of time. */
  private static void dateComment(Walk walk, long seconds, long nanos) {
    if (isDate(seconds) && nanos >= 0 && nanos < SECOND_NANOS) {
      DateTimeFormatter format = nanos == 0 ? DATE : PRECISE_DATE;
      walk.sink().comment(format.format(Instant.ofEpochSecond(seconds, nanos)));
    }
  }

  static void timespec(Walk walk, int at) {
    Sink sink = walk.sink();
    sink.beginStruct();
    sink.field("tv_sec");
    sink.number(walk.unsigned(at, Long.BYTES), Kind.Format.DECIMAL, true);
    sink.field("tv_nsec");
    sink.number(walk.unsigned(at + 8, Long.BYTES), Kind.Format.DECIMAL, false);
    sink.endStruct(true);
  }

  /** struct ptp_clock_time. */
  private static boolean dated(Walk walk, int at, int length) {
    secondsAndNanos(walk, at, "sec", "nsec");
    return true;
  }

  private static boolean statxTime(Walk walk, int at, int length) {
    secondsAndNanos(walk, at, "tv_sec", "tv_nsec");
    return true;
  }

  /** Seconds and, in 32 bits, nanoseconds, with the date. */
  private static void secondsAndNanos(Walk walk, int at, String secondsName, String nanosName) {
    long seconds = walk.unsigned(at, Long.BYTES);
    long nanos = walk.unsigned(at + Long.BYTES, Integer.BYTES);
    Sink sink = walk.sink();
    sink.beginStruct();
    sink.field(secondsName);
    sink.number(seconds, Kind.Format.DECIMAL, true);
    sink.field(nanosName);
    sink.number(nanos, Kind.Format.DECIMAL, false);
    sink.endStruct(true);
    dateComment(walk, seconds, nanos);
  }

  /** Two times of a file, to the microsecond. */
  private static boolean microTimes(Walk walk, int at, int length) {
    if (length < 2 * TIMESPEC_BYTES) {
      return false;
    }
    Sink sink = walk.sink();
    sink.beginArray();
    for (int i = 0; i < 2; i++) {
      int time = at + TIMESPEC_BYTES * i;
      sink.element();
      walk.structs().inline(walk.kind("timeval"), time);
      long seconds = walk.unsigned(time, Long.BYTES);
      long micros = walk.unsigned(time + Long.BYTES, Long.BYTES);
      if (isDate(seconds) && micros >= 0 && micros < SECOND_MICROS) {
        DateTimeFormatter format = micros == 0 ? DATE : MICRO_DATE;
        sink.comment(format.format(Instant.ofEpochSecond(seconds, micros * 1000)));
      }
    }
    sink.endArray(true);
    return true;
  }

  /** What nanosleep left: written by the kernel only when a signal cut the sleep short. */
  private static final class Remaining implements Special {
    private static final long EINTR = 4;
    private static final long ERESTART_RESTARTBLOCK = 516;

    @Override
    public void tell(Walk walk, long address) {
      long error = -walk.returned();
      int segment =
          address != 0 && (error == EINTR || error == ERESTART_RESTARTBLOCK)
              ? walk.find(address)
              : -1;
      if (segment >= 0 && walk.memory().segmentLength(segment) >= TIMESPEC_BYTES) {
        timespec(walk, walk.memory().segmentData(segment));
      } else {
        walk.sink().address(address);
      }
    }
  }

  /** Seconds with their nanoseconds in the next field, as struct stat has them. */
  private static final class FileTime implements Special {
    @Override
    public void tell(Walk walk, long seconds) {
      unixTime(walk, seconds);
    }

    @Override
    public void tellInline(Walk walk, Kind.Special kind, int at) {
      long seconds = walk.unsigned(at, Long.BYTES);
      boolean precise = walk.structs().bytesFrom(at) >= TIMESPEC_BYTES;
      walk.sink().number(seconds, Kind.Format.DECIMAL, true);
      dateComment(walk, seconds, precise ? walk.unsigned(at + Long.BYTES, Long.BYTES) : 0);
    }
  }

  /** Two times; {@code UTIME_NOW} and {@code UTIME_OMIT} stand for themselves. */
  private static final class TouchTime implements Special.InMemory {
    private static final long NOW = (1L << 30) - 1;
    private static final long OMIT = (1L << 30) - 2;

    @Override
    public boolean tellBytes(Walk walk, int at, int length) {
      if (length < 2 * TIMESPEC_BYTES) {
        return false;
      }
      walk.sink().beginArray();
      for (int i = 0; i < 2; i++) {
        walk.sink().element();
        long nanos = walk.unsigned(at + TIMESPEC_BYTES * i + 8, Long.BYTES);
        if (nanos == NOW) {
          walk.sink().phrase(nanos, "UTIME_NOW");
        } else if (nanos == OMIT) {
          walk.sink().phrase(nanos, "UTIME_OMIT");
        } else {
          timespec(walk, at + TIMESPEC_BYTES * i);
          dateComment(walk, walk.unsigned(at + TIMESPEC_BYTES * i, Long.BYTES), nanos);
        }
      }
      walk.sink().endArray(true);
      return true;
    }
  }
}
