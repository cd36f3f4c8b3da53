package dev.rastro.client.printing;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.text.TextBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Calls that were told while they block. The head of such a call stands on a line that is left
 * open: either its return completes that line, or another line cuts it off and the return is told
 * on a line of its own, as strace does. One thread.
 */
final class BlockedCalls {
  /**
   * @param prefix what stood before the call on its line
   * @param head the whole of the line as it was left open
   */
  private record Told(int number, TextBuffer prefix, TextBuffer head) {}

  private final CallText calls;
  private final Lines lines;
  private final Map<Integer, Told> told = new HashMap<>();
  private final TextBuffer whole = new TextBuffer();

  BlockedCalls(CallText calls, Lines lines) {
    this.calls = calls;
    this.lines = lines;
  }

  /** Whether the thread is already told to be in this call. */
  boolean isTold(RecordReader blocked) {
    Told before = told.get(blocked.tid());
    return before != null && before.number() == blocked.number();
  }

  /** Begins a line that stays open. */
  void begin(RecordReader blocked) {
    int tid = blocked.tid();
    int start = lines.begin(tid, blocked.timeNanos());
    TextBuffer prefix = copy(start);
    calls.writeHead(blocked, lines.text());
    told.put(tid, new Told(blocked.number(), prefix, copy(start)));
    lines.leaveOpen(tid);
  }

  /**
   * Writes the return of a call that was told, or the whole of one that was not, and does not end
   * the line.
   *
   * @param first has the arguments
   */
  void finish(RecordReader first, RecordReader call) {
    int tid = call.tid();
    Told before = told.remove(tid);
    if (before == null || before.number() != call.number()) {
      calls.write(first, call, lines.begin(tid, call.timeNanos()), lines.text());
    } else if (!lines.isOpen(tid) || !complete(before, first, call)) {
      calls.writeRest(first, call, lines.begin(tid, call.endNanos()), lines.text());
    }
  }

  /** Returns false when what the open line says has changed meanwhile. */
  private boolean complete(Told before, RecordReader first, RecordReader call) {
    whole.clear();
    whole.append(before.prefix());
    calls.write(first, call, 0, whole);
    int headLength = before.head().length();
    if (whole.length() < headLength
        || !Arrays.equals(whole.array(), 0, headLength, before.head().array(), 0, headLength)) {
      return false;
    }
    lines.goOn(call.tid());
    lines.text().append(whole.substring(headLength, whole.length()));
    return true;
  }

  /** The thread has ended; if no record told how its call did, that was lost. */
  void end(int tid) {
    told.remove(tid);
    lines.breakOff(tid);
  }

  private TextBuffer copy(int start) {
    TextBuffer text = lines.text();
    return new TextBuffer().append(text.substring(start, text.length()));
  }
}
