package dev.rastro.client.printing;

import dev.rastro.syscalls.text.TextBuffer;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The lines of a trace: what stands before each, which of them have not ended yet, and where they
 * go. Of the lines that go to one place at most one is open, and it is the last. One thread.
 */
final class Lines {
  private static final int PID_COLUMNS = 5;
  private static final String CUT_OFF = " <unfinished ...>";

  private final Layout layout;
  private final Frame frame;
  private final Output output;
  private final Optional<TaskNames> names;
  private final Set<Integer> tasks;
  private final LineStart starts;
  private final TextBuffer text = new TextBuffer();
  private final Set<Integer> open = new LinkedHashSet<>();

  /**
   * @param tasks those that live; the owner keeps it up to date
   * @param names what stands beside the number of a line's task
   */
  Lines(Layout layout, Output output, Set<Integer> tasks, Optional<TaskNames> names) {
    this.layout = layout;
    this.frame = layout.frame();
    this.output = output;
    this.tasks = tasks;
    this.names = names;
    this.starts = new LineStart(frame, ZoneId.systemDefault());
  }

  /** What was begun last is at its end. */
  TextBuffer text() {
    return text;
  }

  /** The call that {@code tid} makes: lines about the task may show its number. */
  void calls(int tid, int number) {
    starts.calls(tid, number);
  }

  /** The task has ended. */
  void forget(int tid) {
    starts.forget(tid);
  }

  /** Begins a line, after what stood open there; returns where it begins in {@link #text}. */
  int begin(int tid, long timeNanos) {
    return begin(tid, timeNanos, 0);
  }

  /**
   * @param gone tasks that the line is still about, though they are not among those that live
   */
  int begin(int tid, long timeNanos, int gone) {
    if (frame.separate()) {
      cutOff(tid);
    } else {
      cutOffAll();
    }
    int start = text.length();
    if (layout.pidColumn()) {
      appendTask(tid);
      text.padTo(start, PID_COLUMNS).append(' ');
    } else if (output.shared() && tasks.size() + gone > 1) {
      text.append("[pid ");
      for (int columns = digits(tid); columns < PID_COLUMNS; columns++) {
        text.append(' ');
      }
      appendTask(tid);
      text.append("] ");
    }
    starts.write(tid, timeNanos, text);
    return start;
  }

  private void appendTask(int tid) {
    text.appendDecimal(tid);
    names.ifPresent(told -> told.write(tid, text));
  }

  /** The time spent in a call, at the end of its line. */
  void spent(long nanos) {
    starts.spent(nanos, text);
  }

  void end(int tid) {
    text.append('\n');
    writeApart(tid);
  }

  void line(int tid, long timeNanos, TextBuffer line) {
    int unused = begin(tid, timeNanos);
    text.append(line);
    end(tid);
  }

  /** The line that was begun waits for its end. */
  void leaveOpen(int tid) {
    open.add(tid);
    writeApart(tid);
  }

  boolean isOpen(int tid) {
    return open.contains(tid);
  }

  /** What is now written goes on with the open line of the task, up to {@link #end}. */
  void goOn(int tid) {
    open.remove(tid);
  }

  /** Ends the open line of a task, if it has one, as nothing will be known of its call. */
  void breakOff(int tid) {
    endOpen(tid, CUT_OFF + ") = ?");
  }

  /** Ends all open lines, as nobody watches any more. */
  void detach() {
    for (int tid : List.copyOf(open)) {
      endOpen(tid, " <detached ...>");
    }
  }

  private void cutOff(int tid) {
    endOpen(tid, CUT_OFF);
  }

  private void cutOffAll() {
    if (!open.isEmpty()) {
      for (int tid : new ArrayList<>(open)) {
        cutOff(tid);
      }
    }
  }

  private void endOpen(int tid, String rest) {
    if (open.remove(tid)) {
      text.append(rest);
      end(tid);
    }
  }

  private static int digits(int value) {
    int digits = 1;
    for (int rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /** About the tracing: to standard error, among the lines if they go there too. */
  void note(String message) {
    if (output.shared() && !frame.silent()) {
      remark(message);
    } else {
      output.message(message);
    }
  }

  /** About the lines: among them wherever they go, unless there is no such place. */
  void noteAmongLines(String message) {
    if (frame.separate() || frame.silent()) {
      output.message(message);
    } else {
      remark(message);
    }
  }

  private void remark(String message) {
    cutOffAll();
    text.append("rastro: ").append(message).append('\n');
  }

  private void writeApart(int tid) {
    if (frame.separate() && !frame.silent()) {
      output.write(tid, text.array(), text.length());
      text.clear();
    }
  }

  void flush() {
    if (frame.silent()) {
      text.clear();
    } else if (text.length() > 0) {
      output.write(text.array(), text.length());
      text.clear();
    }
  }
}
