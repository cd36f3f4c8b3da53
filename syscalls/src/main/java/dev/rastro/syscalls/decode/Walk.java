package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.record.RecordReader.Phase;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.Syscall.Direction;
import dev.rastro.syscalls.table.Syscall.Length;
import dev.rastro.syscalls.table.SyscallTable;
import java.nio.ByteBuffer;

/** The state of one walk, and what decoders of special kinds may ask and tell. */
final class Walk {
  private final CallOptions choices;
  private final Specials specials;
  private final Vocabulary vocabulary;
  private final StringBuilder words = new StringBuilder();
  private final Structs structs = new Structs(this);
  private final Pointers pointers = new Pointers(this);
  private final Netlink netlink = new Netlink(this);

  private Syscall call = CallDecoder.UNKNOWN;
  private DecodeOptions options;
  private RecordReader memory = new RecordReader();
  private long result;
  private boolean failed;
  private Sink target = SilentSink.INSTANCE;
  private Sink sink = SilentSink.INSTANCE;
  private CallDecoder.Part part = CallDecoder.Part.ALL;
  private boolean pastEntry;
  private boolean cutOff;
  private boolean anyTold;
  private int index;
  private CaptureStatus status = CaptureStatus.NONE;
  private Phase phase = Phase.IN;

  Walk(SyscallTable table, Specials specials, CallOptions choices) {
    this.vocabulary = new Vocabulary(table);
    this.specials = specials;
    this.choices = choices;
    this.options = choices.of(CallDecoder.UNKNOWN.number());
  }

  // ---- what CallDecoder drives ----

  void begin(Syscall call, RecordReader memory, long result, boolean failed, Sink sink) {
    this.call = call;
    this.options = choices.of(call.number());
    this.memory = memory;
    this.result = result;
    this.failed = failed;
    this.target = sink;
    this.sink = sink;
    structs.reset();
  }

  /**
   * Tells the arguments, or those of one part.
   *
   * @return whether arguments are left for the other part, and some were told
   */
  boolean arguments(CallDecoder.Part part) {
    this.part = part;
    pastEntry = false;
    cutOff = false;
    anyTold = false;
    if (call.name().equals("clone")) {
      Processes.cloneArguments(this);
    } else {
      int count = Math.min(call.arguments().size(), RecordLayout.ARGS);
      for (int i = 0; i < count; i++) {
        argument(i, "");
      }
    }
    sink = target;
    return cutOff && anyTold;
  }

  /** Tells argument {@code i}; with a label, as {@code label=value}. */
  void argument(int i, String label) {
    Syscall.Argument argument = call.arguments().get(i);
    index = i;
    phase = isLookedAtAfterwards(argument) ? Phase.OUT : Phase.IN;
    if (argument.kind() instanceof Kind.Special kind && specials.find(kind).omitted(this)) {
      return;
    }
    pastEntry |=
        (argument.direction() != Direction.IN && !toldAtEntry(argument))
            || (!label.isEmpty() && i > 1);
    boolean silent =
        part == CallDecoder.Part.HEAD ? pastEntry : part == CallDecoder.Part.TAIL && !pastEntry;
    sink = silent ? SilentSink.INSTANCE : target;
    cutOff |= silent;
    anyTold |= !silent;
    status = CaptureStatus.NONE;
    sink.beginArgument(
        label.isEmpty() ? argument.name() : label, argument.kind(), !label.isEmpty());
    tellArgument(argument);
    sink.endArgument(status);
  }

  /** A call that failed has changed nothing that was given to it. */
  private boolean isLookedAtAfterwards(Syscall.Argument argument) {
    return argument.direction() == Direction.OUT
        || (argument.direction() == Direction.IN
            && argument.moment() == Syscall.Moment.EXIT
            && !failed);
  }

  /** What select and poll change is told beside the result; the arguments are as given. */
  boolean toldAtEntry(Syscall.Argument argument) {
    return argument.direction() == Direction.INOUT && specials.tellsChanges(call.result());
  }

  void result() {
    sink = target;
    status = CaptureStatus.NONE;
    index = -1;
    sink.beginResult(call.result());
    tellNumber(call.result(), result);
    sink.endResult();
  }

  private void tellArgument(Syscall.Argument argument) {
    long register = register(index);
    Kind kind = argument.kind();
    if (kind instanceof Kind.Scalar || kind instanceof Kind.Named) {
      tellNumber(kind, register);
    } else if (isUnread(argument)) {
      sink.address(register);
    } else if (kind instanceof Kind.Change change) {
      pointers.change(change, register);
    } else if (kind instanceof Kind.Special special) {
      specials.find(special).tell(this, register);
    } else {
      pointers.byDirection(kind, register, argument);
    }
  }

  /** Whether the argument is not worth following: its moment never came, or there is too much. */
  private boolean isUnread(Syscall.Argument argument) {
    if ((failed && argument.moment() == Syscall.Moment.SUCCESS)
        || (result == 0 && argument.moment() == Syscall.Moment.RESULT)) {
      return true;
    }
    return argument.most() < Integer.MAX_VALUE
        && argument.length() instanceof Length.OfArgument count
        && Long.compareUnsigned(register(count.index()) & mask(countBytes(count)), argument.most())
            > 0;
  }

  private int countBytes(Length.OfArgument count) {
    return call.arguments().get(count.index()).kind().sizeBytes();
  }

  private void tellNumber(Kind kind, long value) {
    if (kind instanceof Kind.Scalar scalar) {
      number(scalar, value);
    } else if (kind instanceof Kind.Named named) {
      named(named, value & mask(named.sizeBytes()));
    } else if (kind instanceof Kind.Special special) {
      specials.find(special).tell(this, value);
    } else {
      sink.address(value);
    }
  }

  private void named(Kind.Named named, long value) {
    Special own = specials.named(named.name());
    if (own.equals(Specials.PLAIN)) {
      sink.named(value, named.names());
    } else {
      own.tell(this, value);
    }
  }

  private void number(Kind.Scalar scalar, long value) {
    int unused = 64 - 8 * scalar.sizeBytes();
    long extended = value << unused;
    sink.number(
        scalar.signed() ? extended >> unused : extended >>> unused,
        scalar.format(),
        scalar.signed());
  }

  static long mask(int sizeBytes) {
    return -1L >>> (64 - 8 * sizeBytes);
  }

  // ---- for special kinds ----

  Sink sink() {
    return sink;
  }

  DecodeOptions options() {
    return options;
  }

  Specials specials() {
    return specials;
  }

  Structs structs() {
    return structs;
  }

  /** Tells what lies at an address, in the current phase. */
  void pointed(Kind kind, long address) {
    pointers.pointed(kind, address);
  }

  /** As {@link #pointed(Kind, long)} for a special; output of a failed call is not looked at. */
  void pointed(long address, Special.InMemory special) {
    pointers.pointed(address, special);
  }

  Pointers pointers() {
    return pointers;
  }

  Netlink netlink() {
    return netlink;
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  RecordReader memory() {
    return memory;
  }

  /** The index of the argument that is told; −1 for the result. */
  int index() {
    return index;
  }

  /** For notes beside the result: memory that argument {@code argument} points to. */
  void lookAt(int argument, Phase phase) {
    this.index = argument;
    this.phase = phase;
  }

  Phase phase() {
    return phase;
  }

  long register(int argument) {
    return memory.argument(argument);
  }

  long returned() {
    return result;
  }

  boolean failed() {
    return failed;
  }

  Syscall call() {
    return call;
  }

  /** Whether this is what a call that failed would have written. */
  boolean failedAsOut() {
    return failed && phase == Phase.OUT;
  }

  /** A segment in the current phase, noted for the argument's status. */
  int find(long address) {
    if (!options.followed()) {
      return RecordReader.NO_SEGMENT;
    }
    int segment = memory.find(address, index, phase);
    if (segment != RecordReader.NO_SEGMENT) {
      note(segment);
    } else if (address != 0) {
      noteAbsence();
    }
    return segment;
  }

  /** Whether some of a segment's bytes could not be read. */
  boolean isFaulted(int segment) {
    return (memory.segmentStatus(segment) & RecordLayout.FAULT) != 0;
  }

  /** The first segment that the stack pointer led to. */
  int findOnStack() {
    int segment = memory.findByArgument(RecordLayout.BASE_STACK);
    if (segment != RecordReader.NO_SEGMENT) {
      note(segment);
    }
    return segment;
  }

  /** A pointer whose memory is not in the record. */
  void missing(long address) {
    status = status.worse(CaptureStatus.MISSING);
    noteAbsence();
    if (memory.has(RecordLayout.REDACTED)) {
      sink.redacted(address);
    } else {
      sink.unreadable(address);
    }
  }

  /** Why memory is not in a record from which the daemon has taken some away. */
  private void noteAbsence() {
    if (memory.has(RecordLayout.REDACTED)) {
      status = CaptureStatus.REDACTED;
    } else if (memory.has(RecordLayout.REDUCED)) {
      status = status.worse(CaptureStatus.REDUCED);
    }
  }

  /** A pointer whose memory could not be read. */
  void unreadable(long address) {
    status = status.worse(CaptureStatus.FAULT);
    sink.unreadable(address);
  }

  /** Notes how a segment was captured for the argument's status. */
  void note(int segment) {
    int bits = memory.segmentStatus(segment);
    CaptureStatus of = CaptureStatus.EXIT;
    if ((bits & RecordLayout.CUT_SECRET) != 0) {
      of = CaptureStatus.REDACTED;
    } else if ((bits & RecordLayout.FAULT) != 0) {
      of = CaptureStatus.FAULT;
    } else if ((bits & RecordLayout.TRUNCATED) != 0) {
      of = CaptureStatus.TRUNCATED;
    } else if ((bits & RecordLayout.LATE) != 0) {
      of = CaptureStatus.LATE;
    } else if ((bits & RecordLayout.AT_ENTRY) != 0) {
      of = CaptureStatus.ENTRY;
    }
    status = status.worse(of);
  }

  /** How many elements or bytes the argument says it has; −1 when its length says nothing. */
  long elementCount() {
    Length length = call.arguments().get(index).length();
    if (length instanceof Length.Constant constant) {
      return constant.count();
    }
    if (length instanceof Length.OfArgument argument) {
      return register(argument.index());
    }
    if (length instanceof Length.Pages pages) {
      return pages.of(register(pages.index()));
    }
    if (length instanceof Length.OfResult of) {
      return of.most() < 0 ? result : Math.min(result, register(of.most()));
    }
    return -1;
  }

  Names names(String name) {
    return vocabulary.names(name);
  }

  Kind kind(String name) {
    return vocabulary.kind(name);
  }

  /** The symbolic text of argument {@code argument}; empty when it has none. */
  String choice(int argument) {
    if (argument < call.arguments().size()
        && call.arguments().get(argument).kind() instanceof Kind.Named named) {
      return choice(named.names(), register(argument) & mask(named.sizeBytes()));
    }
    return "";
  }

  static String choice(Names names, long value) {
    return names.find(value).text();
  }

  /**
   * Whether all bits of the flag are set in {@code value}; false when the flag has no name here.
   */
  static boolean hasFlag(Names names, long value, String flag) {
    Names.Entry entry = names.find(flag);
    return !entry.isNone() && (value & entry.mask()) == entry.value();
  }

  /** Empty, to put words together for {@link Sink#phrase} or {@link Sink#comment}. */
  StringBuilder words() {
    words.setLength(0);
    return words;
  }

  static void hex(StringBuilder to, long value) {
    if (value == 0) {
      to.append('0');
      return;
    }
    to.append("0x");
    for (int shift = (63 - Long.numberOfLeadingZeros(value)) & ~3; shift >= 0; shift -= 4) {
      to.append(Character.forDigit((int) (value >>> shift) & 0xf, 16));
    }
  }

  // ---- bytes of the record ----

  long unsigned(int at, int sizeBytes) {
    ByteBuffer buffer = memory.buffer();
    return switch (sizeBytes) {
      case 1 -> buffer.get(at) & 0xffL;
      case 2 -> buffer.getShort(at) & 0xffffL;
      case 4 -> buffer.getInt(at) & 0xffffffffL;
      case 8 -> buffer.getLong(at);
      default -> throw new IllegalArgumentException("no number has " + sizeBytes + " bytes");
    };
  }

  /** A number of any length up to 8 bytes. */
  long little(int at, int length) {
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << Byte.SIZE | unsigned(at + i, 1);
    }
    return value;
  }

  /** The low half, sign-extended. */
  static long extended(long value) {
    return value << Integer.SIZE >> Integer.SIZE;
  }

  int signed32(int at) {
    return memory.buffer().getInt(at);
  }

  /** In network order. */
  int bigEndian16(int at) {
    return Short.toUnsignedInt(Short.reverseBytes(memory.buffer().getShort(at)));
  }
}
