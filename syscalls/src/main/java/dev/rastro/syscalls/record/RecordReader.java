package dev.rastro.syscalls.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A flyweight over one record. {@link #wrap} checks every length once; after that no accessor can
 * leave the record. Not thread-safe; allocates nothing but its index of segments, which is bounded
 * by {@link RecordLayout#PAYLOAD_BYTES}.
 */
public final class RecordReader {

  /** The answer of {@link #find} when there is none. */
  public static final int NO_SEGMENT = -1;

  /** Which capture of an address is asked for. */
  public enum Phase {
    /** What the call was given: bytes due at entry if there are any, else whatever there is. */
    IN,
    /** What the call left: bytes read at exit. */
    OUT
  }

  private static final int SEGMENTS_MAX =
      RecordLayout.PAYLOAD_BYTES / RecordLayout.SEGMENT_HEAD_BYTES;
  private static final int DUE_AT_ENTRY = RecordLayout.AT_ENTRY | RecordLayout.LATE;

  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private int start;
  private int length;
  private int kind;
  private int[] segments = new int[16];
  private int segmentCount;
  private int cursor;

  /**
   * Looks at the record of {@code length} bytes at {@code offset}; the buffer is not copied and
   * must not change while it is read.
   *
   * @param buffer little-endian
   * @return this
   * @throws MalformedRecord when the bytes are no record of a known kind
   */
  public RecordReader wrap(ByteBuffer buffer, int offset, int length) {
    if (buffer.order() != ByteOrder.LITTLE_ENDIAN) {
      throw new IllegalArgumentException("records are little-endian, the buffer is not");
    }
    if (offset < 0 || length < RecordLayout.HEAD_BYTES || length > buffer.limit() - offset) {
      throw new MalformedRecord("length does not fit the buffer", length, offset);
    }
    this.buffer = buffer;
    this.start = offset;
    this.length = length;
    kind = buffer.get(offset + RecordLayout.HEAD_KIND_OFFSET) & 0xff;
    segmentCount = 0;
    cursor = 0;
    if (length < leastBytes()) {
      throw new MalformedRecord("record is too short", length, offset);
    }
    if (isCall()) {
      indexSegments();
    }
    return this;
  }

  private int leastBytes() {
    return switch (kind) {
      case RecordLayout.CALL, RecordLayout.CALL_ENTER, RecordLayout.CALL_BLOCKED ->
          RecordLayout.CALL_BYTES;
      case RecordLayout.FORK -> RecordLayout.FORK_BYTES;
      case RecordLayout.EXEC -> RecordLayout.EXEC_BYTES;
      case RecordLayout.EXIT -> RecordLayout.EXIT_BYTES;
      case RecordLayout.SIGNAL_GENERATE, RecordLayout.SIGNAL_DELIVER -> RecordLayout.SIGNAL_BYTES;
      default -> throw new MalformedRecord("unknown kind of record", kind, start);
    };
  }

  private void indexSegments() {
    int end = start + length;
    int at = start + RecordLayout.CALL_BYTES;
    while (end - at >= RecordLayout.SEGMENT_HEAD_BYTES) {
      long bytes = buffer.getInt(at + RecordLayout.SEGMENT_LENGTH_OFFSET) & 0xffffffffL;
      if (bytes > end - at - RecordLayout.SEGMENT_HEAD_BYTES) {
        throw new MalformedRecord("segment is longer than what is left", bytes, start);
      }
      if (segmentCount == SEGMENTS_MAX) {
        throw new MalformedRecord("too many segments", segmentCount, start);
      }
      if (segmentCount == segments.length) {
        segments = Arrays.copyOf(segments, 2 * segments.length);
      }
      segments[segmentCount++] = at;
      at += (int) Math.min(RecordLayout.SEGMENT_HEAD_BYTES + RecordLayout.padded(bytes), end - at);
    }
    if (at != end) {
      throw new MalformedRecord("bytes are left over after the last segment", end - at, start);
    }
  }

  // ---- every record ----

  /** One of {@link RecordLayout}'s record kinds. */
  public int kind() {
    return kind;
  }

  /** Of kind CALL, CALL_ENTER or CALL_BLOCKED. */
  public boolean isCall() {
    return kind == RecordLayout.CALL
        || kind == RecordLayout.CALL_ENTER
        || kind == RecordLayout.CALL_BLOCKED;
  }

  /** Of kind SIGNAL_GENERATE or SIGNAL_DELIVER. */
  public boolean isSignal() {
    return kind == RecordLayout.SIGNAL_GENERATE || kind == RecordLayout.SIGNAL_DELIVER;
  }

  /** The buffer that {@link #wrap} was given; segment data are read from it by offset. */
  public ByteBuffer buffer() {
    return buffer;
  }

  public int offset() {
    return start;
  }

  public int length() {
    return length;
  }

  public long sessions() {
    return buffer.getLong(start + RecordLayout.HEAD_SESSIONS_OFFSET);
  }

  /** CLOCK_MONOTONIC; of the entry for calls, else of the event. */
  public long timeNanos() {
    return buffer.getLong(start + RecordLayout.HEAD_TIME_OFFSET);
  }

  public int tgid() {
    return buffer.getInt(start + RecordLayout.HEAD_TGID_OFFSET);
  }

  public int tid() {
    return buffer.getInt(start + RecordLayout.HEAD_TID_OFFSET);
  }

  /** Of the syscall or of the signal. */
  public int number() {
    return buffer.getInt(start + RecordLayout.HEAD_NR_OFFSET);
  }

  public int abi() {
    return buffer.get(start + RecordLayout.HEAD_ABI_OFFSET) & 0xff;
  }

  public int flags() {
    return buffer.getShort(start + RecordLayout.HEAD_FLAGS_OFFSET) & 0xffff;
  }

  public boolean has(int flag) {
    return (flags() & flag) != 0;
  }

  // ---- calls ----

  public long result() {
    return buffer.getLong(at(isCall(), RecordLayout.CALL_RESULT_OFFSET));
  }

  /** Meaningless with {@link RecordLayout#NO_DURATION}. */
  public long durationNanos() {
    return buffer.getLong(at(isCall(), RecordLayout.CALL_DURATION_OFFSET));
  }

  /** When the call returned; when it was entered, if its duration is not known. */
  public long endNanos() {
    return has(RecordLayout.NO_DURATION) ? timeNanos() : timeNanos() + durationNanos();
  }

  /** The register of argument {@code index}, from 0 to 5. */
  public long argument(int index) {
    if (index < 0 || index >= RecordLayout.ARGS) {
      throw new IndexOutOfBoundsException(index);
    }
    return buffer.getLong(at(isCall(), RecordLayout.CALL_ARGS_OFFSET + 8 * index));
  }

  /** How many pieces of memory the record holds; 0 when it is no call. */
  public int segmentCount() {
    return segmentCount;
  }

  public long segmentAddress(int segment) {
    return buffer.getLong(segmentAt(segment) + RecordLayout.SEGMENT_ADDRESS_OFFSET);
  }

  /** Bytes that the plan asked for before any limit; 0 when not known (strings). */
  public long segmentWanted(int segment) {
    return buffer.getLong(segmentAt(segment) + RecordLayout.SEGMENT_WANTED_OFFSET);
  }

  public int segmentLength(int segment) {
    return buffer.getInt(segmentAt(segment) + RecordLayout.SEGMENT_LENGTH_OFFSET);
  }

  /** The argument register that led to it, or {@link RecordLayout#BASE_STACK}. */
  public int segmentArgument(int segment) {
    return buffer.get(segmentAt(segment) + RecordLayout.SEGMENT_ARG_OFFSET) & 0xff;
  }

  public int segmentKind(int segment) {
    return buffer.get(segmentAt(segment) + RecordLayout.SEGMENT_KIND_OFFSET) & 0xff;
  }

  /** Bits of {@code enum rastro_segment_status}. */
  public int segmentStatus(int segment) {
    return buffer.get(segmentAt(segment) + RecordLayout.SEGMENT_STATUS_OFFSET) & 0xff;
  }

  /** Where in {@link #buffer} the segment's bytes begin. */
  public int segmentData(int segment) {
    return segmentAt(segment) + RecordLayout.SEGMENT_HEAD_BYTES;
  }

  /**
   * The segment that was read at {@code address} on behalf of argument {@code argument}, or {@link
   * #NO_SEGMENT}. Segments stand in the order in which a decoder asks for them, so the search goes
   * on where the last one ended and a list of strings costs one step each.
   */
  public int find(long address, int argument, Phase phase) {
    int found = scan(address, argument, phase);
    if (found == NO_SEGMENT && phase == Phase.IN) {
      found = scanAny(address, argument);
    }
    if (found != NO_SEGMENT) {
      cursor = found + 1;
    }
    return found;
  }

  /** The first segment that argument {@code argument} led to, or {@link #NO_SEGMENT}. */
  public int findByArgument(int argument) {
    for (int segment = 0; segment < segmentCount; segment++) {
      if (segmentArgument(segment) == argument) {
        return segment;
      }
    }
    return NO_SEGMENT;
  }

  /**
   * What descriptor {@code descriptor} stood for, or {@link #NO_SEGMENT}.
   *
   * @param result as the call's result, not as what it was given or wrote to memory: the result of
   *     dup2 is another file than its argument was
   */
  public int findDescriptor(int descriptor, boolean result) {
    for (int segment = 0; segment < segmentCount; segment++) {
      if (segmentKind(segment) == RecordLayout.DESCRIPTOR
          && (int) segmentAddress(segment) == descriptor
          && (segmentArgument(segment) == RecordLayout.ARGS) == result
          && segmentLength(segment) >= RecordLayout.FILE_BYTES) {
        return segment;
      }
    }
    return NO_SEGMENT;
  }

  private int scan(long address, int argument, Phase phase) {
    for (int step = 0; step < segmentCount; step++) {
      int segment = (cursor + step) % segmentCount;
      if (matches(segment, address, argument)
          && (segmentStatus(segment) & DUE_AT_ENTRY) != 0 == (phase == Phase.IN)) {
        return segment;
      }
    }
    return NO_SEGMENT;
  }

  private int scanAny(long address, int argument) {
    for (int step = 0; step < segmentCount; step++) {
      int segment = (cursor + step) % segmentCount;
      if (matches(segment, address, argument)) {
        return segment;
      }
    }
    return NO_SEGMENT;
  }

  private boolean matches(int segment, long address, int argument) {
    int at = segments[segment];
    return buffer.getLong(at + RecordLayout.SEGMENT_ADDRESS_OFFSET) == address
        && buffer.get(at + RecordLayout.SEGMENT_KIND_OFFSET) < RecordLayout.DESCRIPTOR
        && (buffer.get(at + RecordLayout.SEGMENT_ARG_OFFSET) & 0xff) == argument;
  }

  // ---- lifecycle and signals ----

  /** CLOCK_BOOTTIME start of the process: of the child for a fork. */
  public long startNanos() {
    return buffer.getLong(at(isLifecycle(), RecordLayout.FORK_CHILD_START_OFFSET));
  }

  public int childTgid() {
    return buffer.getInt(at(kind == RecordLayout.FORK, RecordLayout.FORK_CHILD_TGID_OFFSET));
  }

  public int childTid() {
    return buffer.getInt(at(kind == RecordLayout.FORK, RecordLayout.FORK_CHILD_TID_OFFSET));
  }

  public int childNamespaceTgid() {
    return buffer.getInt(at(kind == RecordLayout.FORK, RecordLayout.FORK_CHILD_NS_TGID_OFFSET));
  }

  public int childNamespaceTid() {
    return buffer.getInt(at(kind == RecordLayout.FORK, RecordLayout.FORK_CHILD_NS_TID_OFFSET));
  }

  /** The thread that called execve; the record's tid is the one it has now. */
  public int oldTid() {
    return buffer.getInt(at(kind == RecordLayout.EXEC, RecordLayout.EXEC_OLD_TID_OFFSET));
  }

  public int uid() {
    return buffer.getInt(at(kind == RecordLayout.EXEC, RecordLayout.EXEC_UID_OFFSET));
  }

  /** How the child was made, in the bits of clone(2): see record.h for which of them show. */
  public long cloneFlags() {
    return buffer.getLong(at(kind == RecordLayout.FORK, RecordLayout.FORK_CLONE_FLAGS_OFFSET));
  }

  /** What the program of an exec was started with, cut at {@link RecordLayout#ARGUMENT_BYTES}. */
  public List<String> arguments() {
    int at = at(kind == RecordLayout.EXEC, RecordLayout.EXEC_ARGUMENTS_OFFSET);
    long wanted = Integer.toUnsignedLong(argumentBytes());
    int end = at + (int) Math.min(wanted, RecordLayout.ARGUMENT_BYTES);
    List<String> arguments = new ArrayList<>();
    while (at < end) {
      arguments.add(text(at, end - at));
      at = next(at, end);
    }
    return arguments;
  }

  /** Of all arguments with their NULs, whether the record has them or not. */
  public int argumentBytes() {
    return buffer.getInt(at(kind == RecordLayout.EXEC, RecordLayout.EXEC_ARGUMENT_BYTES_OFFSET));
  }

  /** Of an exec, cut at {@link RecordLayout#FILENAME_BYTES}. */
  public String filename() {
    return text(
        at(kind == RecordLayout.EXEC, RecordLayout.EXEC_FILENAME_OFFSET),
        RecordLayout.FILENAME_BYTES);
  }

  /** Of an exec or exit. */
  public String comm() {
    int at =
        kind == RecordLayout.EXEC
            ? start + RecordLayout.EXEC_COMM_OFFSET
            : at(kind == RecordLayout.EXIT, RecordLayout.EXIT_COMM_OFFSET);
    return text(at, RecordLayout.COMM_BYTES);
  }

  /** As wait(2) reports it. */
  public int exitStatus() {
    return buffer.getInt(at(kind == RecordLayout.EXIT, RecordLayout.EXIT_STATUS_OFFSET));
  }

  /** Whether the thread that exited was the last of its process. */
  public boolean processEnded() {
    return buffer.getInt(at(kind == RecordLayout.EXIT, RecordLayout.EXIT_PROCESS_ENDED_OFFSET))
        != 0;
  }

  /** SIG_DFL 0, SIG_IGN 1, else the handler's address. */
  public long signalHandler() {
    return buffer.getLong(at(isSignal(), RecordLayout.SIGNAL_HANDLER_OFFSET));
  }

  /** Where in {@link #buffer} the {@link RecordLayout#SIGINFO_BYTES} of siginfo_t begin. */
  public int signalInfo() {
    return at(isSignal(), RecordLayout.SIGNAL_SIGINFO_OFFSET);
  }

  private boolean isLifecycle() {
    return kind == RecordLayout.FORK || kind == RecordLayout.EXEC || kind == RecordLayout.EXIT;
  }

  /** The absolute place of a field that only some kinds of record have. */
  private int at(boolean present, int fieldOffset) {
    if (!present) {
      throw new IllegalStateException("a record of kind " + kind + " has no such field");
    }
    return start + fieldOffset;
  }

  private int segmentAt(int segment) {
    if (segment < 0 || segment >= segmentCount) {
      throw new IndexOutOfBoundsException(segment);
    }
    return segments[segment];
  }

  /** Behind the string at this place. */
  private int next(int at, int end) {
    int next = at;
    while (next < end && buffer.get(next) != 0) {
      next++;
    }
    return next + 1;
  }

  private String text(int at, int capacity) {
    int bytes = 0;
    while (bytes < capacity && buffer.get(at + bytes) != 0) {
      bytes++;
    }
    byte[] copy = new byte[bytes];
    buffer.get(at, copy);
    return new String(copy, UTF_8);
  }
}
