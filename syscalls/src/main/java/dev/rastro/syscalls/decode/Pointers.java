package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.Syscall.Direction;
import dev.rastro.syscalls.table.Syscall.Length;
import java.nio.ByteBuffer;

/** Follows pointers: tells what was captured at an address, before or after the call or both. */
final class Pointers {
  /** linux/limits.h: a path that the kernel takes ends with a NUL within so many bytes. */
  private static final int PATH_MAX = 4096;

  /** The kind of what sockets send and receive. */
  private static final String PACKET = "packet";

  private final Walk walk;

  Pointers(Walk walk) {
    this.walk = walk;
  }

  private RecordReader memory() {
    return walk.memory();
  }

  void byDirection(Kind kind, long address, Syscall.Argument argument) {
    if (address == 0
        || (walk.failed() && argument.direction() == Direction.OUT)
        || (!walk.options().followed() && isStructured(kind))) {
      walk.sink().address(address);
      return;
    }
    if (argument.direction() == Direction.INOUT && !walk.failed() && !walk.toldAtEntry(argument)) {
      changed(kind, address);
      return;
    }
    pointed(kind, address);
  }

  private static boolean isStructured(Kind kind) {
    return !(kind instanceof Kind.Text || kind instanceof Kind.Bytes);
  }

  /** What was given and, unless the call failed, what it has become. */
  void change(Kind.Change kind, long address) {
    if (address == 0 || walk.failed() || !walk.options().followed()) {
      byDirection(kind.before(), address, walk.call().arguments().get(walk.index()));
      return;
    }
    walk.lookAt(walk.index(), Phase.IN);
    if (walk.memory().find(address, walk.index(), Phase.IN) == RecordReader.NO_SEGMENT) {
      walk.missing(address);
      return;
    }
    walk.sink().beginChange();
    pointed(kind.before(), address);
    walk.sink().becomes();
    walk.lookAt(walk.index(), Phase.OUT);
    pointed(kind.after(), address);
    walk.sink().endChange();
  }

  private void changed(Kind kind, long address) {
    int before = memory().find(address, walk.index(), Phase.IN);
    int after = memory().find(address, walk.index(), Phase.OUT);
    if (before == RecordReader.NO_SEGMENT
        || after == RecordReader.NO_SEGMENT
        || before == after
        || sameBytes(before, after)) {
      pointed(kind, address);
      return;
    }
    walk.lookAt(walk.index(), Phase.OUT);
    if (kind instanceof Kind.Array array && array.count() == 1 && isLength(array.element())) {
      changedLength(array.element(), before, after, address);
      return;
    }
    walk.sink().beginChange();
    walk.lookAt(walk.index(), Phase.IN);
    tellSegment(kind, before, address);
    walk.sink().becomes();
    walk.lookAt(walk.index(), Phase.OUT);
    tellSegment(kind, after, address);
    walk.sink().endChange();
  }

  /** Lengths are written {@code [110 => 16]}, other numbers {@code [3] => [5]}. */
  private static boolean isLength(Kind kind) {
    return kind instanceof Kind.Scalar scalar && scalar.sizeBytes() == 4;
  }

  private void changedLength(Kind element, int before, int after, long address) {
    int size = Structs.sizeOf(element);
    if (memory().segmentLength(before) < size || memory().segmentLength(after) < size) {
      walk.unreadable(address);
      return;
    }
    walk.note(before);
    walk.note(after);
    walk.sink().beginArray();
    walk.sink().element();
    walk.sink().beginChange();
    walk.structs().inline(element, memory().segmentData(before));
    walk.sink().becomes();
    walk.structs().inline(element, memory().segmentData(after));
    walk.sink().endChange();
    walk.sink().endArray(true);
  }

  private boolean sameBytes(int a, int b) {
    int length = memory().segmentLength(a);
    if (length != memory().segmentLength(b)) {
      return false;
    }
    ByteBuffer buffer = memory().buffer();
    int atA = memory().segmentData(a);
    int atB = memory().segmentData(b);
    for (int i = 0; i < length; i++) {
      if (buffer.get(atA + i) != buffer.get(atB + i)) {
        return false;
      }
    }
    return true;
  }

  /** Tells what lies at an address, in the current phase. */
  void pointed(Kind kind, long address) {
    if (address == 0) {
      walk.sink().address(0);
      return;
    }
    if (kind instanceof Kind.Special special) {
      walk.specials().find(special).tell(walk, address);
      return;
    }
    if (isEmpty(kind)) {
      tellEmpty(kind);
      return;
    }
    int segment = memory().find(address, walk.index(), walk.phase());
    if (segment == RecordReader.NO_SEGMENT) {
      walk.missing(address);
    } else {
      boolean string = kind instanceof Kind.Text;
      tellSegment(kind, string ? segment : bytesAt(address, segment), address);
    }
  }

  /**
   * Where a call's commands take a string or bytes, both have been captured, the string first.
   *
   * @param found at the address
   * @return the bytes if there are, else what was found
   */
  int bytesAt(long address, int found) {
    if (memory().segmentKind(found) != RecordLayout.STRING) {
      return found;
    }
    for (int i = found + 1; i < memory().segmentCount(); i++) {
      if (memory().segmentAddress(i) == address
          && memory().segmentArgument(i) == walk.index()
          && memory().segmentKind(i) == RecordLayout.BYTES) {
        return i;
      }
    }
    return found;
  }

  /** As {@link #pointed(Kind, long)} for a special; output of a failed call is not looked at. */
  void pointed(long address, Special.InMemory special) {
    if (address == 0 || walk.failedAsOut()) {
      walk.sink().address(address);
      return;
    }
    int segment = walk.find(address);
    if (segment == RecordReader.NO_SEGMENT) {
      walk.missing(address);
    } else if (!special.tellBytes(
        walk, memory().segmentData(segment), memory().segmentLength(segment))) {
      walk.unreadable(address);
    }
  }

  private boolean isEmpty(Kind kind) {
    return (kind instanceof Kind.Bytes || (kind instanceof Kind.Array array && array.count() == 0))
        && walk.elementCount() == 0;
  }

  private void tellEmpty(Kind kind) {
    if (kind instanceof Kind.Bytes) {
      walk.sink().string(memory().buffer(), memory().offset(), 0, false, Quote.BYTES);
    } else {
      walk.sink().beginArray();
      walk.sink().endArray(true);
    }
  }

  private void tellSegment(Kind kind, int segment, long address) {
    walk.note(segment);
    int at = memory().segmentData(segment);
    int length = memory().segmentLength(segment);
    boolean faulted = (memory().segmentStatus(segment) & RecordLayout.FAULT) != 0;
    long elements = walk.elementCount();
    long most = Long.MAX_VALUE;
    if (kind instanceof Kind.Array array && array.count() == 0 && elements >= 0) {
      // A command may read less of what is captured for the sake of others.
      int elementBytes = Structs.sizeOf(array.element());
      most = Math.min(elements, Integer.MAX_VALUE) * elementBytes;
      length = (int) Math.min(length, most);
    }
    if (kind instanceof Kind.Struct struct) {
      boolean sized = saysItsSize();
      length = sized ? (int) Math.min(length, Math.max(elements, 0)) : length;
      if (length < (sized ? struct.leastBytes() : struct.sizeBytes())) {
        walk.unreadable(address);
      } else {
        walk.structs().struct(struct, at, length, sized ? memory().segmentWanted(segment) : 0);
      }
    } else if (kind instanceof Kind.Array array) {
      walk.structs()
          .array(
              array.element(),
              at,
              length,
              array.count(),
              arrayEnd(segment, faulted, array, most),
              address);
    } else if (kind instanceof Kind.Text text) {
      if (faulted) {
        walk.unreadable(address);
      } else {
        text(segment, text.path() ? Quote.PATH : Quote.TEXT);
      }
    } else if (!isMessage(kind, segment, elements)) {
      bytes(segment, elements, kind instanceof Kind.Bytes bytes ? quote(bytes) : Quote.BYTES);
    }
  }

  private static Quote quote(Kind.Bytes bytes) {
    return switch (bytes.form()) {
      case BUFFER -> Quote.BYTES;
      case HEX -> Quote.HEX;
      case TRIMMED -> Quote.TRIMMED;
    };
  }

  /** Tells what a netlink socket sends or receives; false where it is just bytes. */
  private boolean isMessage(Kind kind, int segment, long elements) {
    String protocol = kind.name().equals(PACKET) ? walk.netlink().protocol() : "";
    return !protocol.isEmpty() && messages(protocol, segment, elements);
  }

  /**
   * Tells netlink messages.
   *
   * @param bytes of the buffer that mean anything; negative: all
   * @return false when they could not be read
   */
  boolean messages(String protocol, int segment, long bytes) {
    long most = bytes < 0 ? Long.MAX_VALUE : bytes;
    int length = (int) Math.min(memory().segmentLength(segment), most);
    long wanted = Math.min(memory().segmentWanted(segment), most);
    if (walk.isFaulted(segment) && length < wanted) {
      return false;
    }
    walk.netlink().messages(protocol, memory().segmentData(segment), length, length < wanted);
    return true;
  }

  private Structs.End arrayEnd(int segment, boolean faulted, Kind.Array array, long most) {
    long wanted = Math.min(memory().segmentWanted(segment), most);
    int length = memory().segmentLength(segment);
    if (faulted && length < wanted) {
      return Structs.End.UNREADABLE;
    }
    return array.count() == 0 && length < wanted ? Structs.End.CUT : Structs.End.WHOLE;
  }

  /** A buffer; its address when fewer bytes could be read than would be shown. */
  void bytes(int segment, Quote quote) {
    bytes(segment, Long.MAX_VALUE, quote);
  }

  /**
   * @param bytes of the buffer that mean anything; negative: all
   */
  void bytes(int segment, long bytes, Quote quote) {
    long most = bytes < 0 ? Long.MAX_VALUE : bytes;
    int length = (int) Math.min(memory().segmentLength(segment), most);
    long wanted = Math.min(Math.max(memory().segmentWanted(segment), length), most);
    boolean faulted = (memory().segmentStatus(segment) & RecordLayout.FAULT) != 0;
    if (faulted && length < Math.min(wanted, walk.options().elementLimit())) {
      walk.unreadable(memory().segmentAddress(segment));
    } else {
      walk.sink()
          .string(memory().buffer(), memory().segmentData(segment), length, length < wanted, quote);
    }
  }

  /** A string up to its NUL. */
  void text(int segment, Quote quote) {
    int at = memory().segmentData(segment);
    int length = memory().segmentLength(segment);
    boolean secret = (memory().segmentStatus(segment) & RecordLayout.CUT_SECRET) != 0;
    if (secret && length == 0) {
      walk.sink().redacted(memory().segmentAddress(segment));
      return;
    }
    int end = terminated(at, length);
    boolean cut =
        !secret && end == length && (memory().segmentStatus(segment) & RecordLayout.TRUNCATED) != 0;
    if (quote == Quote.PATH && end >= PATH_MAX) {
      end = PATH_MAX - 1;
      cut = true;
    }
    walk.sink().string(memory().buffer(), at, end, cut, quote);
    if (secret) {
      walk.sink().redactedRest();
    }
  }

  int terminated(int at, int length) {
    ByteBuffer buffer = memory().buffer();
    int end = 0;
    while (length - end >= Long.BYTES && !hasZero(buffer.getLong(at + end))) {
      end += Long.BYTES;
    }
    while (end < length && buffer.get(at + end) != 0) {
      end++;
    }
    return end;
  }

  /**
   * Whether one of the bytes is 0: only that borrows into its highest bit, which it has not set.
   */
  private static boolean hasZero(long bytes) {
    return (bytes - 0x0101010101010101L & ~bytes & 0x8080808080808080L) != 0;
  }

  /** Whether it is the caller who says how large the struct is. */
  private boolean saysItsSize() {
    return walk.call().arguments().get(walk.index()).length() instanceof Length.OfArgument;
  }
}
