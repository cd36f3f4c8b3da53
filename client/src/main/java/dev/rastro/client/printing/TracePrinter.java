package dev.rastro.client.printing;

import dev.rastro.syscalls.record.BatchReader;
import dev.rastro.syscalls.record.MalformedRecord;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Signals;
import dev.rastro.syscalls.text.TextBuffer;
import dev.rastro.v1.EventBatch;
import dev.rastro.v1.Gap;
import dev.rastro.v1.LossCount;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts records in the order and the frame in which strace prints them.
 *
 * <p>A record comes when its call has returned, so it stands where the call ended. The exceptions
 * are kept back: a signal that the task ignores is generated while the task may still be inside a
 * call, and it is told after that call; what was captured of execve at its entry waits for its
 * return. One thread.
 */
public final class TracePrinter implements Printer {
  /** One task cannot have more: further ones are told at once, out of order rather than lost. */
  private static final int HELD_SIGNALS_MAX = 1024;

  private static final int PID_COLUMNS = 5;

  private static final long DEFAULT_ACTION = 0;

  /** Signals whose default action is to stop the process. */
  private static final BitSet STOPS = new BitSet();

  static {
    for (String name : List.of("SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU")) {
      Signals.parse(name).ifPresent(STOPS::set);
    }
  }

  private record HeldSignal(long timeNanos, TextBuffer text) {}

  private final CallText calls;
  private final Layout layout;
  private final Output output;
  private final Optional<CallCounts> counts;
  private final BatchReader batch = new BatchReader();
  private final TextBuffer text = new TextBuffer();
  private final Set<Integer> tasks;
  private final Map<Integer, Deque<HeldSignal>> held = new HashMap<>();
  private final Losses losses = new Losses();
  private int awaitedExec;
  private int lastTid;

  /**
   * @param tasks those that are being traced already
   */
  public TracePrinter(
      CallText calls,
      Layout layout,
      Output output,
      Optional<CallCounts> counts,
      Set<Integer> tasks) {
    this.calls = calls;
    this.layout = layout;
    this.output = output;
    this.counts = counts;
    this.tasks = new TreeSet<>(tasks);
  }

  @Override
  public void beginAtExecOf(int pid) {
    awaitedExec = pid;
    tasks.add(pid);
  }

  @Override
  public void records(ByteBuffer records) {
    batch.wrap(records, records.position(), records.remaining());
    boolean more = true;
    while (more) {
      try {
        more = batch.next();
        if (more) {
          print(batch.record());
        }
      } catch (MalformedRecord unreadable) {
        note("cannot read a record: " + unreadable.getMessage());
      }
    }
    flush();
  }

  @Override
  public void events(EventBatch events) {
    throw new IllegalArgumentException("decoded events, where records were asked for");
  }

  @Override
  public void gap(Gap gap) {
    losses.add(gap);
    text.append("rastro: ").append(LossText.gap(gap)).append('\n');
    flush();
  }

  @Override
  public void finish() {
    held.forEach((tid, signals) -> signals.forEach(signal -> line(tid, signal.text())));
    held.clear();
    flush();
  }

  @Override
  public List<LossCount> lost() {
    return losses.counts();
  }

  @Override
  public Set<Integer> tasks() {
    return Set.copyOf(tasks);
  }

  private void print(RecordReader record) {
    if (awaitedExec != 0 && !reached(record)) {
      return;
    }
    int tid = record.tid();
    if (tid != lastTid && record.kind() != RecordLayout.EXIT) {
      tasks.add(tid);
      lastTid = tid;
    }
    switch (record.kind()) {
      case RecordLayout.CALL -> call(record);
      case RecordLayout.CALL_ENTER -> calls.keep(record);
      case RecordLayout.FORK -> fork(record);
      case RecordLayout.EXEC -> exec(record);
      case RecordLayout.EXIT -> exit(record);
      case RecordLayout.SIGNAL_GENERATE -> generated(record);
      case RecordLayout.SIGNAL_DELIVER -> delivered(record);
      default -> note("a record of unknown kind " + record.kind());
    }
  }

  /** Before the exec only its own arguments matter. */
  private boolean reached(RecordReader record) {
    if (record.tgid() != awaitedExec) {
      return false;
    }
    if (record.kind() == RecordLayout.CALL_ENTER) {
      calls.keep(record);
    }
    if (record.kind() == RecordLayout.EXEC || record.kind() == RecordLayout.EXIT) {
      awaitedExec = 0;
      return true;
    }
    return false;
  }

  private void call(RecordReader record) {
    int tid = record.tid();
    if (!held.isEmpty()) {
      tellHeldBefore(tid, record.timeNanos());
    }
    if (calls.wants(record)) {
      int start = text.length();
      prefix(tid);
      calls.write(record, start, text);
      text.append('\n');
      counts.ifPresent(sums -> sums.add(record));
    }
    if (!held.isEmpty()) {
      tellHeldBefore(tid, Long.MAX_VALUE);
    }
  }

  private void fork(RecordReader record) {
    if (!layout.follow()) {
      return;
    }
    int child = record.childTid();
    if (tasks.add(child) && layout.announce()) {
      note("Process " + child + " attached");
    }
  }

  private void exec(RecordReader record) {
    int old = record.oldTid();
    if (old != record.tid() && tasks.remove(old)) {
      calls.renamed(old, record.tid());
      prefix(old, 1);
      text.append("+++ superseded by execve in pid ").appendDecimal(record.tid()).append(" +++\n");
    }
  }

  private void exit(RecordReader record) {
    int tid = record.tid();
    tellHeldBefore(tid, Long.MAX_VALUE);
    held.remove(tid);
    calls.forget(tid);
    int status = record.exitStatus();
    int signal = status & 0x7f;
    if (signal == 0 ? layout.exits() : layout.signals().wants(signal)) {
      prefix(tid);
      calls.writeExit(record, text);
      text.append('\n');
    }
    tasks.remove(tid);
    if (tid == lastTid) {
      lastTid = 0;
    }
  }

  /** An ignored one: told when the task is next seen outside of a call that was under way. */
  private void generated(RecordReader record) {
    Deque<HeldSignal> signals = held.computeIfAbsent(record.tid(), tid -> new ArrayDeque<>());
    if (signals.size() == HELD_SIGNALS_MAX) {
      line(record.tid(), signals.removeFirst().text());
    }
    signals.addLast(new HeldSignal(record.timeNanos(), signalText(record)));
  }

  private void delivered(RecordReader record) {
    tellHeldBefore(record.tid(), record.timeNanos());
    line(record.tid(), signalText(record));
    if (record.signalHandler() == DEFAULT_ACTION && STOPS.get(record.number())) {
      TextBuffer stopped = new TextBuffer();
      calls.writeStopped(record.number(), stopped);
      line(record.tid(), stopped);
    }
  }

  private TextBuffer signalText(RecordReader record) {
    TextBuffer line = new TextBuffer();
    calls.writeSignal(record, line);
    return line;
  }

  private void tellHeldBefore(int tid, long timeNanos) {
    Deque<HeldSignal> signals = held.get(tid);
    if (signals == null) {
      return;
    }
    while (!signals.isEmpty() && signals.peekFirst().timeNanos() < timeNanos) {
      line(tid, signals.removeFirst().text());
    }
    if (signals.isEmpty()) {
      held.remove(tid);
    }
  }

  private void line(int tid, TextBuffer line) {
    prefix(tid);
    text.append(line).append('\n');
  }

  private void prefix(int tid) {
    prefix(tid, 0);
  }

  private void prefix(int tid, int gone) {
    if (layout.pidColumn()) {
      int from = text.length();
      text.appendDecimal(tid).padTo(from, PID_COLUMNS).append(' ');
    } else if (output.shared() && tasks.size() + gone > 1) {
      text.append("[pid ");
      for (int columns = digits(tid); columns < PID_COLUMNS; columns++) {
        text.append(' ');
      }
      text.appendDecimal(tid).append("] ");
    }
  }

  private static int digits(int value) {
    int digits = 1;
    for (int rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  private void note(String message) {
    if (output.shared()) {
      text.append("rastro: ").append(message).append('\n');
    } else {
      output.message(message);
    }
  }

  private void flush() {
    if (text.length() > 0) {
      output.write(text.array(), text.length());
      text.clear();
    }
  }
}
