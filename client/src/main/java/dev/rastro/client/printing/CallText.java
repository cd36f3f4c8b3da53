package dev.rastro.client.printing;

import dev.rastro.syscalls.decode.TouchFilter;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.text.DescriptorChoice;
import dev.rastro.syscalls.text.LineWriter;
import dev.rastro.syscalls.text.TextBuffer;
import dev.rastro.syscalls.text.TextOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The text of single records, the two halves of a call brought together. */
public final class CallText {
  private final LineWriter lines;
  private final Optional<TouchFilter> filter;
  private final Map<Integer, ByteBuffer> entries = new HashMap<>();
  private final RecordReader entry = new RecordReader();

  public CallText(SyscallTable table, TextOptions options) {
    this(table, options, DescriptorChoice.NONE);
  }

  public CallText(SyscallTable table, TextOptions options, DescriptorChoice descriptors) {
    this(table, options, descriptors, Optional.empty());
  }

  /**
   * @param filter which calls are of interest; empty: all
   */
  public CallText(
      SyscallTable table,
      TextOptions options,
      DescriptorChoice descriptors,
      Optional<TouchFilter> filter) {
    this.filter = filter;
    lines = new LineWriter(table, options, descriptors);
  }

  /** Keeps what was captured at entry until the call returns: at most one a task. */
  void keep(RecordReader enter) {
    byte[] copy = new byte[enter.length()];
    enter.buffer().get(enter.offset(), copy);
    entries.put(enter.tid(), ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN));
  }

  /** Whether the call is to be told; if not, what was kept of it is forgotten. */
  boolean wants(RecordReader call) {
    if (filter.isEmpty()) {
      return true;
    }
    ByteBuffer kept = call.has(RecordLayout.HAS_ENTER) ? entries.get(call.tid()) : null;
    RecordReader first = kept == null ? call : entry.wrap(kept, 0, kept.limit());
    boolean wanted = filter.get().wants(first, call);
    if (!wanted) {
      entries.remove(call.tid());
    }
    return wanted;
  }

  /**
   * The call's line.
   *
   * @param start where the line begins in {@code text}, its prefix included
   */
  void write(RecordReader call, int start, TextBuffer text) {
    if (call.has(RecordLayout.HAS_ENTER)) {
      ByteBuffer kept = entries.remove(call.tid());
      if (kept != null) {
        lines.call(entry.wrap(kept, 0, kept.limit()), call, start, text);
        return;
      }
    }
    lines.call(call, call, start, text);
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
    ByteBuffer kept = entries.remove(oldTid);
    if (kept != null) {
      entries.put(tid, kept);
    }
  }

  void forget(int tid) {
    entries.remove(tid);
  }
}
