// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.top;

import dev.rastro.client.printing.Quantities;
import dev.rastro.client.screen.Line;
import dev.rastro.client.screen.Style;
import dev.rastro.client.sums.CallSums;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table as lines. */
final class TopPage {
  /** Above the table and below it. */
  static final int OTHER_LINES = 4;

  private static final int PID_COLUMNS = 7;
  private static final int COMM_COLUMNS = 15;
  private static final int LEAST_NAME_COLUMNS = 8;
  private static final String FIGURE_HEADS = " CALLS/S   ERR/S     P50     P99 ";
  private static final String TOTAL_HEADS = "   CALLS  ERRORS     P50     P99 ";

  private final TopTable table;
  private final TopView view;
  private final String title;

  /**
   * @param title whom it is about
   */
  TopPage(TopTable table, TopView view, String title) {
    this.table = table;
    this.view = view;
    this.title = title;
  }

  /**
   * @param entries all of them; the chosen one is among those that are shown
   */
  List<Line> lines(List<TopEntry> entries, int rows, int columns) {
    int page = Math.max(1, rows - OTHER_LINES);
    int chosen = view.chosenIndex(entries);
    int from = Math.max(0, Math.min(chosen - page / 2, entries.size() - page));
    List<Line> lines = new ArrayList<>(head(entries, columns));
    for (int i = from; i < Math.min(from + page, entries.size()); i++) {
      Line line = line(entries.get(i), columns);
      lines.add(i == chosen ? line.bar(columns, Style.INVERSE) : line);
    }
    while (lines.size() < rows - 1) {
      lines.add(Line.EMPTY);
    }
    lines.add(foot());
    return lines;
  }

  /** Head and the first of the table, for who has no screen. */
  List<Line> plain(List<TopEntry> entries, int most, int columns) {
    List<Line> lines = new ArrayList<>(head(entries, columns));
    entries.stream().limit(most).forEach(entry -> lines.add(line(entry, columns)));
    return lines;
  }

  private List<Line> head(List<TopEntry> entries, int columns) {
    CallSums total = CallSums.of(entries.stream().map(TopEntry::sums).toList());
    TopQuestion question = view.question();
    Line first =
        Line.of("rastro top", Style.STRONG)
            .with("  " + title + path(question), Style.PLAIN)
            .with(view.isPaused() ? "  paused" : "", Style.ALERT);
    String sums =
        question.recent()
            ? "%s calls/s  %s errors/s  in %.1f s"
                .formatted(rate(total.calls()), rate(total.errors()), table.seconds())
            : "%d calls  %d errors  in %.0f s"
                .formatted(total.calls(), total.errors(), table.windowSeconds());
    Line second =
        Line.of(sums + "  by " + word(question.by()) + ", " + order(question), Style.PLAIN);
    if (!table.incompleteBecause().isEmpty()) {
      second = Line.of("not complete: " + table.incompleteBecause().get(0), Style.ALERT);
    }
    return List.of(first, second, Line.of(heads(columns)).bar(columns, Style.INVERSE));
  }

  private static String path(TopQuestion question) {
    return question.process().map(pid -> " > process " + pid).orElse("")
        + question.syscall().map(name -> " > " + name).orElse("")
        + (question.filter().isEmpty() ? "" : "  with '" + question.filter() + "'");
  }

  private static String order(TopQuestion question) {
    return question.sort().word() + (question.reversed() ? " last" : " first");
  }

  private static String word(TopQuestion.By by) {
    return by == TopQuestion.By.BOTH ? "process and call" : by.name().toLowerCase(Locale.ROOT);
  }

  private String heads(int columns) {
    String name =
        switch (view.question().by()) {
          case PROCESS -> padded("PID", PID_COLUMNS) + " NAME";
          case SYSCALL -> "CALL";
          case BOTH -> padded("PID", PID_COLUMNS) + " NAME            CALL";
        };
    return (view.question().recent() ? FIGURE_HEADS : TOTAL_HEADS)
        + Sparkline.HEAD
        + " "
        + cut(name, nameColumns(columns));
  }

  private Line line(TopEntry entry, int columns) {
    CallSums sums = entry.sums();
    boolean recent = view.question().recent();
    String calls = recent ? rate(sums.calls()) : Long.toString(sums.calls());
    String errors =
        sums.errors() == 0 ? "" : recent ? rate(sums.errors()) : Long.toString(sums.errors());
    return Line.of(padded(calls, 8) + " ")
        .with(padded(errors, 7), Style.ALERT)
        .with(
            " "
                + padded(time(sums, 0.5), 7)
                + " "
                + padded(time(sums, 0.99), 7)
                + " "
                + Sparkline.of(sums.histogram())
                + " "
                + cut(name(entry), nameColumns(columns)),
            Style.PLAIN);
  }

  private static String name(TopEntry entry) {
    if (entry.pid() == 0) {
      return entry.syscall().isEmpty() ? "(ended, no longer told apart)" : entry.syscall();
    }
    String process = padded(Integer.toString(entry.pid()), PID_COLUMNS) + " " + entry.comm();
    return entry.syscall().isEmpty()
        ? process
        : process
            + " ".repeat(Math.max(1, COMM_COLUMNS + 1 - entry.comm().length()))
            + entry.syscall();
  }

  private static int nameColumns(int columns) {
    return Math.max(LEAST_NAME_COLUMNS, columns - FIGURE_HEADS.length() - Sparkline.COLUMNS - 1);
  }

  private String rate(long count) {
    return table.seconds() == 0 ? "0" : Quantities.rate(count / table.seconds());
  }

  private static String time(CallSums sums, double fraction) {
    return sums.timed() == 0 ? "-" : Quantities.shortNanos(sums.quantileNanos(fraction));
  }

  private static String padded(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width);
  }

  private Line foot() {
    return view.mode() == TopView.Mode.FILTER
        ? Line.of("filter: " + view.typed() + "_", Style.STRONG)
        : Line.of("q quit  ? help  b by  s sort  / filter  enter into  t trace", Style.FAINT);
  }

  static List<Line> help() {
    return """
        rastro top

        b            by process, system call, or both
        s  r         sort by calls, errors, time, p99, name; the other way round
        a            all since counting began, or the last interval
        /            only lines with a text in them; escape takes it away
        arrows       choose a line; so do page up, page down, home, end
        enter        into it: a process's calls, a call's processes, then the trace
        backspace    back
        t            the trace of the chosen process as it happens
        space        hold the picture
        q  ^C        quit

        P50 and P99 are upper edges of a histogram's buckets. The histogram shows how
        many calls took how long, each column four times as long as the one before,
        from 64 ns to 1 s and longer.

        Any key goes on.
        """
        .lines()
        .map(Line::of)
        .toList();
  }
}
