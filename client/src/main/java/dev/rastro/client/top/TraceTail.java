// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.top;

import dev.rastro.client.printing.LossText;
import dev.rastro.client.screen.Line;
import dev.rastro.client.screen.Style;
import dev.rastro.v1.Event;
import dev.rastro.v1.TraceResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** The last lines of a trace. Any thread. */
public final class TraceTail {
  /** Lines that are kept: more than any screen has. */
  static final int LINES_MAX = 500;

  private static final int OTHER_LINES = 2;
  private static final double NANOS_PER_SECOND = 1e9;

  private final int pid;
  private final Deque<Line> lines = new ArrayDeque<>();
  private long beginNanos;
  private long told;
  private String end = "";

  public TraceTail(int pid) {
    this.pid = pid;
  }

  public synchronized void add(TraceResponse message) {
    switch (message.getMessageCase()) {
      case EVENTS -> message.getEvents().getEventsList().forEach(this::add);
      case GAP -> add(Line.of("rastro: " + LossText.gap(message.getGap()), Style.ALERT));
      case ENDED -> end(message.getEnded().getMessage());
      default -> {
        // Nothing to show.
      }
    }
  }

  /** No more lines come. */
  public synchronized void end(String why) {
    end = why;
    told++;
  }

  /** Grows with each line, so that it is known whether there is something new. */
  public synchronized long told() {
    return told;
  }

  private void add(Event event) {
    if (beginNanos == 0) {
      beginNanos = event.getTimeNanos();
    }
    String time =
        String.format(
            Locale.ROOT, "%9.3f ", (event.getTimeNanos() - beginNanos) / NANOS_PER_SECOND);
    boolean failed = !event.getCall().getError().isEmpty();
    String thread = event.getTid() == pid ? "" : event.getTid() + " ";
    add(
        Line.of(time, Style.FAINT)
            .with(thread + event.getLine(), failed ? Style.ALERT : Style.PLAIN));
  }

  private void add(Line line) {
    told++;
    lines.addLast(line);
    if (lines.size() > LINES_MAX) {
      lines.removeFirst();
    }
  }

  public synchronized List<Line> page(int rows, int columns, boolean paused) {
    List<Line> page = new ArrayList<>();
    page.add(
        Line.of("trace of process %d%s".formatted(pid, paused ? ", held" : ""))
            .bar(columns, Style.INVERSE));
    lines.stream()
        .skip(Math.max(0, lines.size() - Math.max(1, rows - OTHER_LINES)))
        .forEach(page::add);
    while (page.size() < rows - 1) {
      page.add(Line.EMPTY);
    }
    page.add(
        Line.of(
            end.isEmpty() ? "backspace back  space hold  q quit" : end + "; backspace back",
            end.isEmpty() ? Style.FAINT : Style.STRONG));
    return page;
  }
}
