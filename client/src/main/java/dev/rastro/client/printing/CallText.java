package dev.rastro.client.printing;

import dev.rastro.syscalls.record.PendingEntries;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.text.DataDump;
import dev.rastro.syscalls.text.LineWriter;
import dev.rastro.syscalls.text.TextBuffer;
import dev.rastro.syscalls.text.TextOptions;
import java.util.Optional;

/** The text of single records, the two halves of a call brought together. */
public final class CallText {
  private final LineWriter lines;
  private final PendingEntries entries = new PendingEntries();

  public CallText(SyscallTable table, TextOptions options) {
    lines = new LineWriter(table, options);
  }

  /** Keeps what was captured at entry until the call returns: at most one a task. */
  void keep(RecordReader enter) {
    entries.keep(enter);
  }

  /**
   * What has the arguments of a call: what was kept of its entry, else the call itself. What was
   * kept is given once, and is valid until the next record is kept or asked for.
   */
  RecordReader first(RecordReader call) {
    return entries.take(call);
  }

  /**
   * The call's line.
   *
   * @param first from {@link #first}
   * @param start where the line begins in {@code text}, its prefix included
   */
  void write(RecordReader first, RecordReader call, int start, TextBuffer text) {
    lines.call(first, call, start, text);
  }

  /** What is known of a call that has not returned, as a line to be continued. */
  void writeHead(RecordReader call, TextBuffer text) {
    lines.head(call, call, text);
  }

  /**
   * The rest of a call whose line was cut off.
   *
   * @param start where the line begins in {@code text}, its prefix included
   */
  void writeRest(RecordReader first, RecordReader call, int start, TextBuffer text) {
    lines.resumed(first, call, start, text);
  }

  /** Below the line of a call: the bytes that it moved. */
  void writeData(DataDump dump, RecordReader first, RecordReader call, TextBuffer text) {
    lines.data(dump, first, call, text);
  }

  boolean isExec(RecordReader call) {
    return lines.isExec(call);
  }

  /** The name that the call gives its task, if that is what it does. */
  Optional<String> newName(RecordReader call) {
    return lines.newName(call);
  }

  /** The line of a call during which the task was left. */
  void writeDetached(RecordReader first, RecordReader call, TextBuffer text) {
    lines.detached(first, call, text);
  }

  void writeSignal(RecordReader signal, TextBuffer text) {
    lines.signal(signal, text);
  }

  void writeStopped(int signal, TextBuffer text) {
    lines.stopped(signal, text);
  }

  void writeExit(RecordReader exit, TextBuffer text) {
    lines.exit(exit, text);
  }

  /** A thread that executes takes the place of its process's leader. */
  void renamed(int oldTid, int tid) {
    entries.rename(oldTid, tid);
  }

  void forget(int tid) {
    entries.forget(tid);
  }
}
