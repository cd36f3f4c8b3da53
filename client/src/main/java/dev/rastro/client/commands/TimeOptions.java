package dev.rastro.client.commands;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.options.Given;
import dev.rastro.client.printing.Precision;
import dev.rastro.client.printing.Timestamps;
import dev.rastro.client.printing.Timestamps.Clock;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code -t}, {@code -r}, {@code -T} and their long names. */
final class TimeOptions {
  private static final Pattern AMOUNT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(s|ms|us|ns)?");

  private int letters;
  private Optional<String> format = Optional.empty();
  private Optional<Precision> relative = Optional.empty();
  private Optional<Precision> spent = Optional.empty();

  void take(Given given) {
    switch (given.key()) {
      case "r" -> relative = Optional.of(unit(given));
      case "T" -> spent = Optional.of(unit(given));
      default -> {
        if (given.isLong()) {
          format = Optional.of(given.argument().orElse("time"));
        } else {
          letters++;
        }
      }
    }
  }

  private static Precision unit(Given given) {
    String unit = given.argument().orElse("us");
    return Precision.parse(unit)
        .orElseThrow(
            () -> ClientFailure.usage(given.name() + ": '" + unit + "' is not s, ms, us or ns"));
  }

  Timestamps finish() {
    if (letters > 0 && format.isPresent()) {
      throw ClientFailure.usage("-t and --absolute-timestamps exclude each other");
    }
    if (format.isPresent()) {
      return absolute(format.get());
    }
    return switch (Math.min(letters, 3)) {
      case 0 -> new Timestamps(Clock.NONE, Precision.SECONDS, relative, spent);
      case 1 -> new Timestamps(Clock.TIME, Precision.SECONDS, relative, spent);
      case 2 -> new Timestamps(Clock.TIME, Precision.MICROS, relative, spent);
      default -> new Timestamps(Clock.UNIX, Precision.MICROS, relative, spent);
    };
  }

  /** {@code [[format:]none|time|unix],[[precision:]s|ms|us|ns]}. */
  private Timestamps absolute(String list) {
    Clock clock = Clock.TIME;
    Precision precision = Precision.SECONDS;
    for (String word : list.split(",", -1)) {
      String bare = word.replaceFirst("^(format|precision):", "");
      Optional<Precision> unit =
          word.startsWith("format:") ? Optional.empty() : Precision.parse(bare);
      if (unit.isPresent()) {
        precision = unit.get();
        continue;
      }
      clock =
          switch (word.startsWith("precision:") ? "" : bare) {
            case "none" -> Clock.NONE;
            case "time" -> Clock.TIME;
            case "unix" -> Clock.UNIX;
            default ->
                throw ClientFailure.usage("--absolute-timestamps: '" + word + "' is unknown");
          };
    }
    return new Timestamps(clock, precision, relative, spent);
  }

  /** {@code 5}, {@code 1.5ms}; microseconds when no unit is given. */
  static long nanos(String option, String text) {
    Matcher amount = AMOUNT.matcher(text);
    if (!amount.matches()) {
      throw ClientFailure.usage(option + ": not a time: '" + text + "'");
    }
    Precision unit =
        Precision.parse(Optional.ofNullable(amount.group(2)).orElse("us")).orElseThrow();
    return Math.round(Double.parseDouble(amount.group(1)) * unit.nanos());
  }
}
