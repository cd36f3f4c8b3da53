// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.session;

import dev.rastro.syscalls.decode.CallDecoder;
import dev.rastro.syscalls.record.RecordLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Events of which a stream learns only how many there were. Calls are told apart by their slot, as
 * the kernel counts them. One thread at a time; adding allocates nothing.
 */
public final class Counts {
  private final long[] calls = new long[RecordLayout.SYSCALL_SLOTS];
  private final long[] errors = new long[RecordLayout.SYSCALL_SLOTS];
  private long others;
  private long total;
  private long fromNanos;
  private long toNanos;

  Counts() {}

  void add(ByteBuffer record, int offset) {
    if (record.get(offset + RecordLayout.HEAD_KIND_OFFSET) == RecordLayout.CALL) {
      int slot = slot(record, offset);
      calls[slot]++;
      if (CallDecoder.isError(record.getLong(offset + RecordLayout.CALL_RESULT_OFFSET))) {
        errors[slot]++;
      }
    } else {
      others++;
    }
    long nanos = record.getLong(offset + RecordLayout.HEAD_TIME_OFFSET);
    note(1, nanos, nanos);
  }

  private static int slot(ByteBuffer record, int offset) {
    if (record.get(offset + RecordLayout.HEAD_ABI_OFFSET) != RecordLayout.ABI_NATIVE) {
      return RecordLayout.SLOT_FOREIGN;
    }
    int number = record.getInt(offset + RecordLayout.HEAD_NR_OFFSET);
    return number >= 0 && number < RecordLayout.SLOT_UNKNOWN ? number : RecordLayout.SLOT_UNKNOWN;
  }

  void add(Counts later) {
    for (int slot = 0; slot < calls.length; slot++) {
      calls[slot] += later.calls[slot];
      errors[slot] += later.errors[slot];
    }
    others += later.others;
    note(later.total, later.fromNanos, later.toNanos);
  }

  void clear() {
    Arrays.fill(calls, 0);
    Arrays.fill(errors, 0);
    others = 0;
    total = 0;
    fromNanos = 0;
    toNanos = 0;
  }

  private void note(long events, long from, long to) {
    fromNanos = total == 0 ? from : Math.min(fromNanos, from);
    toNanos = Math.max(toNanos, to);
    total += events;
  }

  /** Of all kinds. */
  public long total() {
    return total;
  }

  public long calls(int slot) {
    return calls[slot];
  }

  /** Of the calls those that failed. */
  public long errors(int slot) {
    return errors[slot];
  }

  /** Signals, forks, executions and exits. */
  public long others() {
    return others;
  }

  /** CLOCK_MONOTONIC, no earlier than. */
  public long fromNanos() {
    return fromNanos;
  }

  /** No later than. */
  public long toNanos() {
    return toNanos;
  }
}
