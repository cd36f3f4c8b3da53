package dev.rastro.client.printing;

import dev.rastro.syscalls.record.BatchReader;
import dev.rastro.syscalls.record.MalformedRecord;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Signals;
import dev.rastro.syscalls.text.TextBuffer;
import dev.rastro.v1.Counts;
import dev.rastro.v1.DetailChange;
import dev.rastro.v1.EventBatch;
import dev.rastro.v1.Gap;
import dev.rastro.v1.LossCount;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts records in the order in which strace prints them.
 *
 * <p>A record comes when its call has returned, so it stands where the call ended, unless the call
 * was told while it blocked. The exceptions are kept back: a signal that the task ignores is
 * generated while the task may still be inside a call, and it is told after that call; what was
 * captured of execve at its entry waits for its return. One thread.
 */
public final class TracePrinter implements Printer {
  private static final long DEFAULT_ACTION = 0;

  /** Signals whose default action is to stop the process. */
  private static final BitSet STOPS = new BitSet();

  static {
    for (String name : List.of("SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU")) {
      Signals.parse(name).ifPresent(STOPS::set);
    }
  }

  private final CallText calls;
  private final Layout layout;
  private final Frame frame;
  private final Optional<CallCounts> counts;
  private final Optional<TaskNames> names;
  private final BatchReader batch = new BatchReader();
  private final Set<Integer> tasks;
  private final Lines lines;
  private final BlockedCalls blocked;
  private final HeldSignals held;
  private final Losses losses = new Losses();
  private final Set<Integer> left = new HashSet<>();
  private int awaitedExec;
  private int awaitedTimes;
  private boolean ownExec;
  private long printed;
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
    this(calls, layout, output, counts, Optional.empty(), tasks);
  }

  /**
   * @param names what stands beside the numbers of tasks, kept up to date here
   * @param tasks those that are being traced already
   */
  public TracePrinter(
      CallText calls,
      Layout layout,
      Output output,
      Optional<CallCounts> counts,
      Optional<TaskNames> names,
      Set<Integer> tasks) {
    this.calls = calls;
    this.layout = layout;
    this.frame = layout.frame();
    this.counts = counts;
    this.names = names;
    this.tasks = new TreeSet<>(tasks);
    this.lines = new Lines(layout, output, this.tasks, names);
    this.blocked = new BlockedCalls(calls, lines);
    this.held = new HeldSignals(lines);
  }

  @Override
  public void beginAtExecOf(int pid, int ordinal) {
    ownExec = true;
    awaitedExec = pid;
    awaitedTimes = ordinal;
    tasks.add(pid);
    names.ifPresent(told -> told.starts(pid));
  }

  @Override
  public void records(ByteBuffer records) {
    batch.wrap(records, records.position(), records.remaining());
    boolean more = true;
    while (more && !isDone()) {
      try {
        more = batch.next();
        if (more) {
          print(batch.record());
        }
      } catch (MalformedRecord unreadable) {
        lines.note("cannot read a record: " + unreadable.getMessage());
      }
    }
    lines.flush();
  }

  @Override
  public void events(EventBatch events) {
    throw new IllegalArgumentException("decoded events, where records were asked for");
  }

  @Override
  public void gap(Gap gap) {
    losses.add(gap);
    lines.noteAmongLines(LossText.gap(gap));
    lines.flush();
  }

  @Override
  public void detail(DetailChange change) {
    lines.noteAmongLines(LossText.detail(change.getDetail()));
    lines.flush();
  }

  @Override
  public void counts(Counts told) {
    losses.add(told);
    lines.noteAmongLines(LossText.counts(told));
    lines.flush();
  }

  @Override
  public long counted() {
    return losses.counted();
  }

  @Override
  public void finish() {
    held.tellAll();
    lines.detach();
    lines.flush();
  }

  @Override
  public List<LossCount> lost() {
    return losses.counts();
  }

  @Override
  public Set<Integer> tasks() {
    return Set.copyOf(tasks);
  }

  @Override
  public boolean isDone() {
    return printed >= frame.callLimit();
  }

  private void print(RecordReader record) {
    if ((awaitedExec != 0 && !reached(record)) || (!left.isEmpty() && isLeft(record))) {
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
      case RecordLayout.CALL_BLOCKED -> blocks(record);
      case RecordLayout.FORK -> fork(record);
      case RecordLayout.EXEC -> exec(record);
      case RecordLayout.EXIT -> exit(record);
      case RecordLayout.SIGNAL_GENERATE ->
          held.hold(record.tid(), record.timeNanos(), signalText(record));
      case RecordLayout.SIGNAL_DELIVER -> delivered(record);
      default -> lines.note("a record of unknown kind " + record.kind());
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
    if (record.kind() == RecordLayout.EXEC && --awaitedTimes > 0) {
      return false;
    }
    if (record.kind() == RecordLayout.EXEC || record.kind() == RecordLayout.EXIT) {
      awaitedExec = 0;
      return true;
    }
    return false;
  }

  private void blocks(RecordReader record) {
    if (!blocked.isTold(record)) {
      int tid = record.tid();
      held.tellBefore(tid, record.timeNanos());
      lines.calls(tid, record.number());
      blocked.begin(record);
    }
  }

  private void call(RecordReader record) {
    int tid = record.tid();
    held.tellBefore(tid, record.timeNanos());
    RecordReader first = calls.first(record);
    if (frame.leaveAtExec() && leaves(first, record)) {
      return;
    }
    lines.calls(tid, record.number());
    Status status = Status.of(record);
    if (frame.statuses().contains(status)) {
      blocked.finish(first, record);
      if (status != Status.UNFINISHED && !record.has(RecordLayout.NO_DURATION)) {
        lines.spent(record.durationNanos());
      }
      if (!frame.dump().isEmpty()) {
        calls.writeData(frame.dump(), first, record, lines.text());
      }
      lines.end(tid);
      printed++;
      counts.ifPresent(sums -> sums.add(record));
    }
    names.ifPresent(told -> told.afterCall(tid, calls.newName(record)));
    held.tellAll(tid);
  }

  /** The command's own execve is where its trace begins, not one to leave it at. */
  private boolean leaves(RecordReader first, RecordReader call) {
    if (!calls.isExec(call) || Status.of(call) != Status.SUCCESSFUL) {
      return false;
    }
    if (ownExec) {
      ownExec = false;
      return false;
    }
    int tid = call.tid();
    if (frame.statuses().contains(Status.DETACHED)) {
      int unused = lines.begin(tid, call.timeNanos());
      calls.writeDetached(first, call, lines.text());
      lines.end(tid);
    }
    if (layout.announce()) {
      lines.note("Process " + tid + " detached");
    }
    left.add(call.tgid());
    tasks.remove(tid);
    return true;
  }

  private boolean isLeft(RecordReader record) {
    if (!left.contains(record.tgid())) {
      return false;
    }
    if (record.kind() == RecordLayout.FORK) {
      left.add(record.childTid());
    } else if (record.kind() == RecordLayout.EXIT && record.tid() == record.tgid()) {
      left.remove(record.tgid());
    }
    return true;
  }

  private void fork(RecordReader record) {
    names.ifPresent(told -> told.forks(record));
    if (!layout.follow()) {
      return;
    }
    int child = record.childTid();
    if (tasks.add(child) && layout.announce()) {
      lines.note("Process " + child + " attached");
    }
  }

  private void exec(RecordReader record) {
    names.ifPresent(told -> told.executes(record));
    int old = record.oldTid();
    if (old != record.tid() && tasks.remove(old)) {
      calls.renamed(old, record.tid());
      if (frame.superseded()) {
        int unused = lines.begin(old, record.timeNanos(), 1);
        lines
            .text()
            .append("+++ superseded by execve in pid ")
            .appendDecimal(record.tid())
            .append(" +++");
        lines.end(old);
      }
    }
  }

  private void exit(RecordReader record) {
    int tid = record.tid();
    names.ifPresent(told -> told.ends(record));
    blocked.end(tid);
    held.tellAll(tid);
    calls.forget(tid);
    int status = record.exitStatus();
    int signal = status & 0x7f;
    if (signal == 0 ? layout.exits() : layout.signals().wants(signal)) {
      int unused = lines.begin(tid, record.timeNanos());
      calls.writeExit(record, lines.text());
      lines.end(tid);
    }
    lines.forget(tid);
    tasks.remove(tid);
    if (tid == lastTid) {
      lastTid = 0;
    }
  }

  private void delivered(RecordReader record) {
    int tid = record.tid();
    held.tellBefore(tid, record.timeNanos());
    lines.line(tid, record.timeNanos(), signalText(record));
    if (record.signalHandler() == DEFAULT_ACTION && STOPS.get(record.number())) {
      TextBuffer stopped = new TextBuffer();
      calls.writeStopped(record.number(), stopped);
      lines.line(tid, record.timeNanos(), stopped);
    }
  }

  private TextBuffer signalText(RecordReader record) {
    TextBuffer line = new TextBuffer();
    calls.writeSignal(record, line);
    return line;
  }
}
