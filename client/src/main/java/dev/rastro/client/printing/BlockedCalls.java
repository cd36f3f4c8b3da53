package dev.rastro.client.printing;

import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.text.TextBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Calls that were told while they block. The head of the last one may stand on a line that has not
 * ended: either its call's return completes that line, or somebody else's line cuts it off and the
 * return is told on a line of its own, as strace does. One thread.
 */
final class BlockedCalls {
  private static final int NO_LINE = 0;
  private static final String CUT_OFF = " <unfinished ...>";

  /**
   * @param prefix what stood before the call on its line
   * @param head the whole of the open line
   */
  private record Told(int number, TextBuffer prefix, TextBuffer head) {}

  private final CallText calls;
  private final Map<Integer, Told> told = new HashMap<>();
  private final TextBuffer whole = new TextBuffer();
  private int openTid = NO_LINE;

  BlockedCalls(CallText calls) {
    this.calls = calls;
  }

  /** Whether the thread is already told to be in this call. */
  boolean isTold(RecordReader blocked) {
    Told before = told.get(blocked.tid());
    return before != null && before.number() == blocked.number();
  }

  /**
   * Begins a line that stays open.
   *
   * @param start where the line begins in {@code text}, its prefix included
   */
  void begin(RecordReader blocked, int start, TextBuffer text) {
    TextBuffer prefix = copy(text, start);
    calls.writeHead(blocked, text);
    told.put(blocked.tid(), new Told(blocked.number(), prefix, copy(text, start)));
    openTid = blocked.tid();
  }

  /** Ends the open line, if there is one, as another is to begin. */
  void cutOff(TextBuffer text) {
    if (openTid != NO_LINE) {
      openTid = NO_LINE;
      text.append(CUT_OFF).append('\n');
    }
  }

  /**
   * Completes the open line by the return of its call.
   *
   * @return false when it is not this call's line that is open, or what it says has changed
   */
  boolean complete(RecordReader call, TextBuffer text) {
    Told before = told.get(call.tid());
    if (openTid != call.tid() || before == null || before.number() != call.number()) {
      return false;
    }
    whole.clear();
    whole.append(before.prefix());
    calls.write(call, 0, whole);
    int headLength = before.head().length();
    if (whole.length() < headLength
        || !Arrays.equals(whole.array(), 0, headLength, before.head().array(), 0, headLength)) {
      return false;
    }
    text.append(whole.substring(headLength, whole.length())).append('\n');
    openTid = NO_LINE;
    told.remove(call.tid());
    return true;
  }

  /** Whether the call was told, so that its return is told as such; it is forgotten. */
  boolean resumes(RecordReader call) {
    Told before = told.remove(call.tid());
    return before != null && before.number() == call.number();
  }

  /** The thread has ended, and no record told how its call did: that was lost. */
  void end(int tid, TextBuffer text) {
    told.remove(tid);
    if (openTid == tid) {
      openTid = NO_LINE;
      text.append(CUT_OFF).append(") = ?\n");
    }
  }

  /** Nobody watches any more: ends the open line. */
  void detach(TextBuffer text) {
    if (openTid != NO_LINE) {
      openTid = NO_LINE;
      text.append(" <detached ...>\n");
    }
    told.clear();
  }

  private static TextBuffer copy(TextBuffer text, int start) {
    return new TextBuffer().append(text.substring(start, text.length()));
  }
}
