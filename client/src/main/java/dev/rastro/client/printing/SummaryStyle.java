package dev.rastro.client.printing;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the table of counts shows and in which order.
 *
 * @param overheadNanos taken off each call's time
 */
public record SummaryStyle(Sort sort, List<Column> columns, long overheadNanos) {
  public static final SummaryStyle DEFAULT =
      new SummaryStyle(
          Sort.TIME,
          List.of(
              Column.TIME_PERCENT,
              Column.TOTAL_TIME,
              Column.AVG_TIME,
              Column.CALLS,
              Column.ERRORS,
              Column.NAME),
          0);

  private static final Map<String, String> SYNONYMS =
      Map.ofEntries(
          Map.entry("time", "time-percent"),
          Map.entry("time-total", "total-time"),
          Map.entry("shortest", "min-time"),
          Map.entry("time-min", "min-time"),
          Map.entry("longest", "max-time"),
          Map.entry("time-max", "max-time"),
          Map.entry("time-avg", "avg-time"),
          Map.entry("count", "calls"),
          Map.entry("error", "errors"),
          Map.entry("syscall", "name"),
          Map.entry("syscall-name", "name"));

  /** A column, its head and its width. */
  public enum Column {
    TIME_PERCENT("time-percent", "% time", 6),
    TOTAL_TIME("total-time", "seconds", 11),
    MIN_TIME("min-time", "shortest", 8),
    MAX_TIME("max-time", "longest", 8),
    AVG_TIME("avg-time", "usecs/call", 11),
    CALLS("calls", "calls", 9),
    ERRORS("errors", "errors", 9),
    NAME("name", "syscall", 16);

    private final String word;
    final String head;
    final int width;

    Column(String word, String head, int width) {
      this.word = word;
      this.head = head;
      this.width = width;
    }

    public static Optional<Column> parse(String word) {
      String canonical = SYNONYMS.getOrDefault(word, word);
      for (Column column : values()) {
        if (column.word.equals(canonical)) {
          return Optional.of(column);
        }
      }
      return Optional.empty();
    }
  }

  /** Largest first, but for names; equals by number. */
  public enum Sort {
    TIME,
    MIN_TIME,
    MAX_TIME,
    AVG_TIME,
    CALLS,
    ERRORS,
    NAME,
    NOTHING;

    Comparator<CountTable.Row> order() {
      Comparator<CountTable.Row> order =
          switch (this) {
            case TIME -> Comparator.comparingLong(CountTable.Row::nanos).reversed();
            case MIN_TIME -> Comparator.comparingLong(CountTable.Row::minNanos).reversed();
            case MAX_TIME -> Comparator.comparingLong(CountTable.Row::maxNanos).reversed();
            case AVG_TIME -> Comparator.comparingLong(CountTable.Row::averageNanos).reversed();
            case CALLS -> Comparator.comparingLong(CountTable.Row::calls).reversed();
            case ERRORS -> Comparator.comparingLong(CountTable.Row::errors).reversed();
            case NAME -> Comparator.comparing(CountTable.Row::syscall);
            case NOTHING -> Comparator.comparingInt(CountTable.Row::number);
          };
      return order.thenComparingInt(CountTable.Row::number);
    }

    public static Optional<Sort> parse(String word) {
      if (word.equals("nothing") || word.equals("none")) {
        return Optional.of(NOTHING);
      }
      return Column.parse(word)
          .map(
              column ->
                  switch (column) {
                    case TIME_PERCENT, TOTAL_TIME -> TIME;
                    case MIN_TIME -> MIN_TIME;
                    case MAX_TIME -> MAX_TIME;
                    case AVG_TIME -> AVG_TIME;
                    case CALLS -> CALLS;
                    case ERRORS -> ERRORS;
                    case NAME -> NAME;
                  });
    }
  }
}
