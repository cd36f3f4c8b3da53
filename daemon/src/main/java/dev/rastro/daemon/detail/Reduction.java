// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.detail;

import dev.rastro.syscalls.plan.Pieces;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Copies records with less in them. The one way in which anything is taken out of a record: because
 * a stream is overloaded, because its reader may not see more, because a rule says that it is
 * secret. A record from which something was taken says so, and for which of these reasons.
 *
 * <p>A copy is never longer than what it is made of, so that records can be rewritten in their own
 * place. Allocates nothing per record. One thread.
 */
public final class Reduction {
  /** In siginfo_t; what is behind pid and uid was chosen by whoever sent the signal by hand. */
  private static final int CODE_OFFSET = RecordLayout.SIGNAL_SIGINFO_OFFSET + 8;

  private static final int VALUE_OFFSET = RecordLayout.SIGNAL_SIGINFO_OFFSET + 24;

  private final Omission omission;
  private final int flag;
  private final boolean hidesWords;
  private final Optional<StartedWith> startedWith;
  private int[] keep = new int[16];

  /**
   * @param flag set in records from which something was taken
   * @param hidesWords whether the words of other records than calls are taken too
   * @param startedWith what is taken of a program's arguments in the record of its exec
   */
  private Reduction(
      Omission omission, int flag, boolean hidesWords, Optional<StartedWith> startedWith) {
    this.omission = omission;
    this.flag = flag;
    this.hidesWords = hidesWords;
    this.startedWith = startedWith;
  }

  /**
   * For a stream that is overloaded.
   *
   * @param asked what it gets else
   */
  public static Reduction under(Detail detail, Reduction asked, Pieces pieces) {
    return new Reduction(
        both(asked.omission, below(detail, pieces)), RecordLayout.REDUCED, false, Optional.empty());
  }

  /**
   * To what one session has asked for, where others have asked for more.
   *
   * @param stringBytes of each string or buffer
   */
  public static Reduction asked(
      int stringBytes, boolean environment, boolean descriptors, Pieces pieces) {
    return new Reduction(
        new Excess(stringBytes, environment, descriptors, pieces), 0, false, Optional.empty());
  }

  /** For a reader who may not see more than this. */
  public static Reduction to(Detail detail, Pieces pieces) {
    boolean hidesWords = detail.isLessThan(Detail.NO_BUFFERS);
    return new Reduction(
        below(detail, pieces), RecordLayout.REDACTED, hidesWords, Optional.empty());
  }

  /** Of what the rules say is secret, for every reader. */
  public static Reduction hiding(Secrets secrets, Pieces pieces) {
    return new Reduction(
        new SecretBytes(secrets, pieces),
        RecordLayout.REDACTED,
        false,
        Optional.of(new StartedWith(secrets)));
  }

  private static Omission below(Detail detail, Pieces pieces) {
    return new Omission() {
      @Override
      public boolean begin(RecordReader call) {
        return detail != Detail.FULL && call.segmentCount() > 0;
      }

      @Override
      public int keep(RecordReader call, int segment) {
        boolean stays = detail == Detail.NO_BUFFERS && !pieces.isData(call, segment);
        return stays ? call.segmentLength(segment) : DROP;
      }
    };
  }

  /**
   * @param less leaves out whole segments
   */
  private static Omission both(Omission asked, Omission less) {
    return new Omission() {
      @Override
      public boolean begin(RecordReader call) {
        boolean exceeds = asked.begin(call);
        return less.begin(call) || exceeds;
      }

      @Override
      public int keep(RecordReader call, int segment) {
        int kept = asked.keep(call, segment);
        return kept != OWN && less.keep(call, segment) == DROP ? DROP : kept;
      }

      @Override
      public int cut() {
        return asked.cut();
      }
    };
  }

  /**
   * Writes a copy, which may begin in the record's own place or before it.
   *
   * @param record of any kind
   * @param into little-endian
   * @return the copy's length
   */
  public int copy(RecordReader record, ByteBuffer into, int at) {
    if (record.isCall() && omission.begin(record)) {
      return copyPieces(record, into, at);
    }
    int length = record.length();
    boolean words = hidesWords && !record.isCall();
    boolean executed = record.kind() == RecordLayout.EXEC;
    move(record.buffer(), record.offset(), into, at, length);
    if (words) {
      hideWords(record.kind(), into, at);
    }
    if (executed && startedWith.isPresent() && startedWith.get().hide(into, at)) {
      Bytes.set(into, at + RecordLayout.HEAD_FLAGS_OFFSET, flag);
    }
    return length;
  }

  private int copyPieces(RecordReader call, ByteBuffer into, int at) {
    int segments = call.segmentCount();
    if (keep.length < segments) {
      keep = new int[2 * segments];
    }
    // Asked first and copied then: a copy in the record's own place writes over what is asked
    // about.
    for (int i = 0; i < segments; i++) {
      keep[i] = omission.keep(call, i);
    }
    ByteBuffer from = call.buffer();
    move(from, call.offset(), into, at, RecordLayout.CALL_BYTES);
    int end = at + RecordLayout.CALL_BYTES;
    boolean less = false;
    for (int i = 0; i < segments; i++) {
      int length = call.segmentLength(i);
      int head = call.segmentData(i) - RecordLayout.SEGMENT_HEAD_BYTES;
      boolean string = call.segmentKind(i) == RecordLayout.STRING;
      boolean cut = keep[i] < length;
      less |= cut && keep[i] != Omission.OWN;
      if (keep[i] < 0) {
        continue;
      }
      int bytes = RecordLayout.SEGMENT_HEAD_BYTES + keep[i];
      move(from, head, into, end, bytes);
      if (cut) {
        into.putInt(end + RecordLayout.SEGMENT_LENGTH_OFFSET, keep[i]);
        Bytes.set(into, end + RecordLayout.SEGMENT_STATUS_OFFSET, omission.cut());
        // How long a secret is nobody has to know; how long another string is nobody has looked.
        if (string) {
          Bytes.clear(
              into,
              end + RecordLayout.SEGMENT_WANTED_OFFSET,
              end + RecordLayout.SEGMENT_LENGTH_OFFSET);
        }
      }
      int padded = (int) RecordLayout.padded(bytes);
      Bytes.clear(into, end + bytes, end + padded);
      end += padded;
    }
    if (less) {
      Bytes.set(into, at + RecordLayout.HEAD_FLAGS_OFFSET, flag);
    }
    return end - at;
  }

  /** An executed file's name, and what a signal's sender wrote. */
  private void hideWords(int kind, ByteBuffer into, int at) {
    if (kind == RecordLayout.EXEC) {
      int name = at + RecordLayout.EXEC_FILENAME_OFFSET;
      Bytes.clear(into, name, name + RecordLayout.FILENAME_BYTES);
      StartedWith.clear(into, at);
    } else if ((kind == RecordLayout.SIGNAL_DELIVER || kind == RecordLayout.SIGNAL_GENERATE)
        && into.getInt(at + CODE_OFFSET) < 0) {
      Bytes.clear(into, at + VALUE_OFFSET, at + RecordLayout.SIGNAL_BYTES);
    } else {
      return;
    }
    Bytes.set(into, at + RecordLayout.HEAD_FLAGS_OFFSET, flag);
  }

  @SuppressWarnings("ReferenceEquality") // whether it is the same memory
  private static void move(ByteBuffer from, int offset, ByteBuffer into, int at, int length) {
    if (from != into || offset != at) {
      into.put(at, from, offset, length);
    }
  }
}
