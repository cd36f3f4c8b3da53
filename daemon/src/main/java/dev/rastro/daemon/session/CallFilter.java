// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rastro.syscalls.decode.TouchFilter;
import dev.rastro.syscalls.record.PendingEntries;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.text.DescriptorChoice;
import dev.rastro.syscalls.text.LineWriter;
import dev.rastro.syscalls.text.TextBuffer;
import dev.rastro.syscalls.text.TextOptions;
import dev.rastro.syscalls.text.TextStyle;
import java.util.List;
import java.util.Optional;

/**
 * Decides which calls a session wants, by what the kernel cannot look at. The record of an entry
 * passes: whether its call is wanted is known when that returns. One thread.
 */
final class CallFilter {
  private final long maxDurationNanos;
  private final FilterPart touchPart;
  private final Optional<TouchFilter> touch;
  private final List<byte[]> texts;
  private final LineWriter lines;
  private final TextBuffer line = new TextBuffer();
  private final PendingEntries entries = new PendingEntries();

  private CallFilter(Screen screen, SyscallTable table, TextOptions options) {
    maxDurationNanos = screen.maxDurationNanos();
    touchPart = screen.paths().isEmpty() ? FilterPart.DESCRIPTOR : FilterPart.PATH;
    touch =
        screen.paths().isEmpty() && screen.descriptors().isEmpty()
            ? Optional.empty()
            : Optional.of(new TouchFilter(table, screen.paths(), screen.descriptors()));
    texts = screen.texts().stream().map(text -> text.getBytes(UTF_8)).toList();
    lines = new LineWriter(table, options);
  }

  /**
   * @param stringLimit of the lines in which texts are looked for
   * @param verbose whether nothing is abbreviated there
   */
  static CallFilter of(Screen screen, int stringLimit, boolean verbose, SyscallTable table) {
    DescriptorChoice told = screen.described() ? DescriptorChoice.ALL : DescriptorChoice.NONE;
    TextOptions options =
        new TextOptions(
            stringLimit,
            verbose,
            TextOptions.DEFAULT.resultColumn(),
            TextStyle.DEFAULT.withDescriptors(told));
    return new CallFilter(screen, table, options);
  }

  /** Which part takes the record away; empty when it passes. */
  Optional<FilterPart> refuses(RecordReader record) {
    switch (record.kind()) {
      case RecordLayout.CALL -> {
        return judge(entries.take(record), record);
      }
      case RecordLayout.CALL_BLOCKED -> {
        return judge(record, record);
      }
      case RecordLayout.CALL_ENTER -> entries.keep(record);
      case RecordLayout.EXEC -> entries.rename(record.oldTid(), record.tid());
      case RecordLayout.EXIT -> entries.forget(record.tid());
      default -> {}
    }
    return Optional.empty();
  }

  private Optional<FilterPart> judge(RecordReader enter, RecordReader call) {
    if (maxDurationNanos > 0 && lasts(call)) {
      return Optional.of(FilterPart.MAX_DURATION);
    }
    if (touch.isPresent() && !touch.get().wants(enter, call)) {
      return Optional.of(touchPart);
    }
    return texts.isEmpty() || hasText(enter, call)
        ? Optional.empty()
        : Optional.of(FilterPart.TEXT);
  }

  /** A call whose entry was not seen has lasted for longer than anybody watched. */
  private boolean lasts(RecordReader call) {
    return call.has(RecordLayout.NO_DURATION | RecordLayout.NO_RETURN)
        || call.durationNanos() > maxDurationNanos;
  }

  private boolean hasText(RecordReader enter, RecordReader call) {
    line.clear();
    if (call.kind() == RecordLayout.CALL_BLOCKED) {
      lines.head(enter, call, line);
    } else {
      lines.call(enter, call, line);
    }
    for (byte[] text : texts) {
      if (contains(text)) {
        return true;
      }
    }
    return false;
  }

  private boolean contains(byte[] text) {
    byte[] in = line.array();
    for (int at = 0; at + text.length <= line.length(); at++) {
      int i = 0;
      while (i < text.length && in[at + i] == text[i]) {
        i++;
      }
      if (i == text.length) {
        return true;
      }
    }
    return false;
  }
}
