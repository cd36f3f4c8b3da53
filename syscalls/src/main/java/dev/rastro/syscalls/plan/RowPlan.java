package dev.rastro.syscalls.plan;

import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.Syscall.Argument;
import dev.rastro.syscalls.table.Syscall.Direction;
import dev.rastro.syscalls.table.Syscall.Length;
import dev.rastro.syscalls.table.Syscall.Moment;
import dev.rastro.syscalls.table.Variants;
import java.util.ArrayList;
import java.util.List;

/**
 * The operations of one row.
 *
 * <p>What the caller wrote is read at exit, where it costs least and pages are resident, unless the
 * call may have overwritten it by then: inout arguments, and in arguments beside an out argument of
 * the same extent, for which callers like to pass the same memory. Operations at entry come first,
 * because a length that is pointed to is compared with what it was.
 */
final class RowPlan {
  /** Of an array of numbers or structs. */
  private static final int ARRAY_BYTES = 8192;

  /** Of the largest socket address, sockaddr_storage. */
  private static final int SOCKADDR_BYTES = 128;

  /** Of struct timespec. */
  private static final int TIME_BYTES = 16;

  /** Of a sigset, fd_set, cpu_set or node_set. */
  private static final int BITMAP_BYTES = 8192;

  /** Of what an ioctl points to, when the command does not say: struct loop_config. */
  private static final int PLAIN_IOCTL_BYTES = 304;

  /** Of the largest struct that io_uring_register is given: struct io_uring_params. */
  private static final int RING_STRUCT_BYTES = 120;

  /** Where union bpf_attr has addresses of strings: pathname or name, license, log_buf. */
  private static final List<Integer> BPF_STRING_OFFSETS = List.of(0, 16, 32);

  private static final int LARGEST_ELEMENT_BYTES = 0xffff;
  private static final int LOWER_HALF = 0xffff;
  private static final int MESSAGE_TYPE_BYTES = 8;
  private static final int IOVEC_BYTES = 16;
  private static final int MMSGHDR_BYTES = 64;

  /** Of one recvmmsg whose heads are read at entry. */
  private static final int MESSAGES = 16;

  private static final int MSGHDR_BYTES = 56;

  private final Syscall syscall;
  private final Variants variants;
  private final boolean everythingAtEntry;
  private final int stringBytes;
  private final boolean environment;
  private final List<CaptureOp> entryOps = new ArrayList<>();
  private final List<CaptureOp> exitOps = new ArrayList<>();

  RowPlan(Syscall syscall, Variants variants, CaptureLimits limits, boolean everythingAtEntry) {
    this.syscall = syscall;
    this.variants = variants;
    this.everythingAtEntry = everythingAtEntry;
    // One byte more than is shown says whether there was more.
    this.stringBytes = Math.min(limits.stringBytes() + 1, PlanLayout.SEGMENT_BYTES);
    this.environment = limits.environment();
  }

  List<CaptureOp> ops() {
    for (int i = 0; i < syscall.arguments().size(); i++) {
      plan(i, syscall.arguments().get(i));
    }
    List<CaptureOp> ops = new ArrayList<>(entryOps);
    int shift = entryOps.size();
    for (CaptureOp op : exitOps) {
      // Until now a nested operation at exit counts its parent among those at exit.
      ops.add(op.shifted(shift));
    }
    return List.copyOf(ops);
  }

  private void plan(int index, Argument argument) {
    Kind kind = argument.kind();
    if (kind instanceof Kind.Text text) {
      int limit =
          text.path() ? PlanLayout.PATH_BYTES : Math.min(stringBytes, PlanLayout.PATH_BYTES);
      add(argument, CaptureOp.of(PlanLayout.READ_STRING, 0, index, limit));
    } else if (kind instanceof Kind.Bytes) {
      add(argument, counted(index, argument.length(), 1, stringBytes));
    } else if (kind instanceof Kind.Struct struct) {
      // A struct that carries its own size is counted in bytes.
      boolean sized = argument.length() instanceof Length.OfArgument;
      int limit =
          Math.min(struct.sizeBytes() + (sized ? stringBytes : 0), PlanLayout.SEGMENT_BYTES);
      add(argument, counted(index, argument.length(), sized ? 1 : struct.sizeBytes(), limit));
      planPointers(struct);
    } else if (kind instanceof Kind.Array array) {
      add(argument, planArray(index, argument, array));
    } else if (kind instanceof Kind.Special special && special.inMemory()) {
      planSpecial(index, argument, special);
    }
  }

  private CaptureOp planArray(int index, Argument argument, Kind.Array array) {
    int elementBytes = array.element().sizeBytes();
    if (array.count() > 0) {
      int bytes = array.count() * elementBytes;
      return CaptureOp.of(PlanLayout.READ_BYTES, 0, index, bytes)
          .withLength(PlanLayout.LENGTH_CONSTANT, 0, bytes);
    }
    int limit =
        Math.max(ARRAY_BYTES, Math.min(PlanLayout.SEGMENT_BYTES, stringBytes * elementBytes));
    return counted(index, argument.length(), elementBytes, limit);
  }

  /**
   * What the pointers of a struct lead to: numbers that the kernel writes (clone3's parent_tid).
   */
  private void planPointers(Kind.Struct struct) {
    int parent = PlanLayout.BASE_SEGMENT + exitOps.size() - 1;
    for (Kind.Field field : struct.fields()) {
      int bytes = field.kind().sizeBytes();
      if (field.pointer() && bytes > 0) {
        exitOps.add(
            CaptureOp.of(PlanLayout.READ_BYTES, PlanLayout.WHEN_EXIT, parent, bytes)
                .withLength(PlanLayout.LENGTH_CONSTANT, 0, bytes)
                .withPointerAt(field.offset()));
      }
    }
  }

  private void planSpecial(int index, Argument argument, Kind.Special special) {
    boolean out = argument.direction() != Direction.IN;
    Length length = argument.length();
    if (length instanceof Length.Terminated || length instanceof Length.TerminatedOr) {
      planString(index, argument);
      return;
    }
    switch (special.name()) {
      case "argv" -> add(argument, strings(index, Math.min(stringBytes, PlanLayout.PATH_BYTES)));
      case "envp" ->
          add(
              argument,
              strings(index, environment ? Math.min(stringBytes, PlanLayout.PATH_BYTES) : 0));
      case "iovec" ->
          // The array itself is the caller's even where its buffers are filled by the kernel.
          addAt(
              everythingAtEntry ? PlanLayout.WHEN_ENTRY : PlanLayout.WHEN_EXIT,
              vector(PlanLayout.READ_IOVEC, index, length, IOVEC_BYTES)
                  .withFlags(out ? PlanLayout.LIMIT_BY_RESULT : 0));
      case "pselect_sigmask" -> {
        int parent = PlanLayout.BASE_SEGMENT + exitOps.size();
        addAt(PlanLayout.WHEN_EXIT, counted(index, length, TIME_BYTES, TIME_BYTES));
        addAt(
            PlanLayout.WHEN_EXIT,
            CaptureOp.of(PlanLayout.READ_BYTES, 0, parent, Long.BYTES)
                .withLength(PlanLayout.LENGTH_CONSTANT, 0, Long.BYTES));
      }
      case "msghdr" -> planMessage(index, argument, out);
      case "mmsghdr" -> {
        if (out) {
          CaptureOp heads = counted(index, length, MMSGHDR_BYTES, MMSGHDR_BYTES * MESSAGES);
          addAt(PlanLayout.WHEN_ENTRY, heads);
        }
        // Of the messages that were to be received, those that were.
        addAt(
            out ? PlanLayout.WHEN_SUCCESS : PlanLayout.WHEN_EXIT,
            vector(
                    PlanLayout.READ_MMSGHDR,
                    index,
                    out ? Length.OfResult.TRUSTED : length,
                    MMSGHDR_BYTES)
                .withFlags(out ? PlanLayout.LIMIT_BY_RESULT : 0));
      }
      case "msgbuf" -> {
        int bytes = Math.min(MESSAGE_TYPE_BYTES + stringBytes, PlanLayout.SEGMENT_BYTES);
        add(
            argument,
            CaptureOp.of(PlanLayout.READ_BYTES, 0, index, bytes)
                .withLength(PlanLayout.LENGTH_CONSTANT, 0, bytes));
      }
      case "file_handle" -> {
        // Also a call that fails says how large the handle would be.
        CaptureOp op = counted(index, length, 1, BITMAP_BYTES);
        addAt(PlanLayout.WHEN_ENTRY, op);
        if (out) {
          addAt(PlanLayout.WHEN_EXIT, op);
        }
      }
      case "bpf_attr" -> planAttributes(index, length);
      case "ioctl_arg" -> planCommands(index, counted(index, length, 1, BITMAP_BYTES));
      case "io_uring_register_arg" ->
          planCommands(
              index, counted(index, length, IOVEC_BYTES, ARRAY_BYTES).withLeast(RING_STRUCT_BYTES));
      case "iocbs" -> add(argument, vector(PlanLayout.READ_IOCBS, index, length, Long.BYTES));
      // An interrupted sleep fails, and this is where it says how much was left.
      case "remaining_time" -> addAt(PlanLayout.WHEN_EXIT, counted(index, length, 1, TIME_BYTES));
      case "sockaddr" -> add(argument, counted(index, length, 1, SOCKADDR_BYTES));
      case "linux_dirent", "linux_dirent64" ->
          add(argument, counted(index, length, 1, PlanLayout.SEGMENT_BYTES));
      case "sockopt_value" -> add(argument, counted(index, length, 1, Math.max(stringBytes, 1024)));
      default -> {
        int limit = special.sizeBytes() > 0 ? ARRAY_BYTES : BITMAP_BYTES;
        add(argument, counted(index, length, Math.max(special.sizeBytes(), 1), limit));
      }
    }
  }

  /**
   * Attributes as they were and as they are, and the strings that some commands have there: a path
   * or a name first, a licence, what the verifier said.
   */
  private void planAttributes(int index, Length length) {
    CaptureOp op = counted(index, length, 1, BITMAP_BYTES);
    addAt(PlanLayout.WHEN_ENTRY, op);
    addAt(PlanLayout.WHEN_EXIT, op);
    int parent = PlanLayout.BASE_SEGMENT + exitOps.size() - 1;
    int limit = Math.min(stringBytes, PlanLayout.PATH_BYTES);
    for (int offset : BPF_STRING_OFFSETS) {
      exitOps.add(
          CaptureOp.of(PlanLayout.READ_STRING, PlanLayout.WHEN_EXIT, parent, limit)
              .withPointerAt(offset));
    }
  }

  /**
   * What a command changes is read before and after; the kernel side knows which commands do. What
   * it points to is then the buffer whose bytes a field counts.
   */
  private void planCommands(int index, CaptureOp op) {
    addAt(PlanLayout.WHEN_ENTRY, op);
    addAt(PlanLayout.WHEN_EXIT, op);
    int parent = exitOps.size() - 1;
    variants
        .all()
        .forEach(
            (command, variant) -> {
              if (index < variant.arguments().size()
                  && variant.arguments().get(index).kind() instanceof Kind.Struct struct) {
                planBuffers(struct, parent, variant, command.intValue() & LOWER_HALF);
              }
            });
  }

  private void planBuffers(Kind.Struct struct, int parent, Syscall variant, int command) {
    for (Kind.Field field : struct.fields()) {
      if (field.pointer() && field.kind() instanceof Kind.Counted counted) {
        int when =
            field.told() == Kind.Told.AS_ANSWER ? PlanLayout.WHEN_SUCCESS : PlanLayout.WHEN_EXIT;
        int base = PlanLayout.BASE_SEGMENT + parent;
        CaptureOp op =
            CaptureOp.of(PlanLayout.READ_BYTES, when, base, ARRAY_BYTES)
                .withPointerAt(field.offset())
                .withCommand(command);
        int bytes = counted.inBytes() ? 1 : counted.element().sizeBytes();
        int offset = offsetOf(struct, counted.count());
        exitOps.add(
            offset < 0
                ? op.withLength(PlanLayout.LENGTH_ARG, indexOf(variant, counted.count()), bytes)
                : op.withLengthIn(parent, offset, bytes));
      }
    }
  }

  /** −1 when the struct has no such field. */
  private static int offsetOf(Kind.Struct struct, String name) {
    for (Kind.Field field : struct.fields()) {
      if (field.name().equals(name)) {
        return field.offset();
      }
    }
    return -1;
  }

  private static int indexOf(Syscall call, String name) {
    for (int i = 0; i < call.arguments().size(); i++) {
      if (call.arguments().get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalStateException(call.name() + " has no argument " + name);
  }

  /** A string for some commands, for others also bytes. */
  private void planString(int index, Argument argument) {
    int limit =
        mayBePath(index) ? PlanLayout.PATH_BYTES : Math.min(stringBytes, PlanLayout.PATH_BYTES);
    add(argument, CaptureOp.of(PlanLayout.READ_STRING, 0, index, limit));
    if (argument.length() instanceof Length.TerminatedOr or) {
      int most = or.bytes() instanceof Length.Constant constant ? constant.count() : stringBytes;
      add(argument, counted(index, or.bytes(), 1, most));
    }
  }

  private boolean mayBePath(int index) {
    return variants.all().values().stream()
        .filter(variant -> index < variant.arguments().size())
        .anyMatch(
            variant ->
                variant.arguments().get(index).kind() instanceof Kind.Text text && text.path());
  }

  /** The head of an inout message at entry; all of it afterwards, its buffers as far as filled. */
  private void planMessage(int index, Argument argument, boolean out) {
    CaptureOp op =
        CaptureOp.of(PlanLayout.READ_MSGHDR, 0, index, stringBytes)
            .withLength(PlanLayout.LENGTH_CONSTANT, 0, MSGHDR_BYTES);
    if (out) {
      addAt(PlanLayout.WHEN_ENTRY, op.withFlags(PlanLayout.HEAD_ONLY));
      addAt(PlanLayout.WHEN_SUCCESS, op.withFlags(PlanLayout.LIMIT_BY_RESULT));
    } else {
      add(argument, op);
    }
  }

  private static CaptureOp strings(int index, int limit) {
    return CaptureOp.of(PlanLayout.READ_STRINGS, 0, index, limit);
  }

  private CaptureOp vector(int what, int index, Length length, int elementBytes) {
    CaptureOp op = counted(index, length, elementBytes, stringBytes);
    return CaptureOp.of(what, 0, index, stringBytes)
        .withLength(op.lengthFrom(), op.lengthArg(), op.element());
  }

  /** Memory of as many elements as the length says; one when it says nothing. */
  private static CaptureOp counted(int index, Length length, int elementBytes, int limit) {
    CaptureOp op = CaptureOp.of(PlanLayout.READ_BYTES, 0, index, limit);
    if (length instanceof Length.OnStack stack) {
      return CaptureOp.of(PlanLayout.READ_BYTES, 0, PlanLayout.BASE_STACK, stack.sizeBytes())
          .withLength(PlanLayout.LENGTH_CONSTANT, 0, stack.sizeBytes())
          .withPointerAt(stack.offset());
    } else if (length instanceof Length.OfArgument argument) {
      return op.withLength(PlanLayout.LENGTH_ARG, argument.index(), elementBytes);
    } else if (length instanceof Length.OfResult) {
      return op.withLength(PlanLayout.LENGTH_RESULT, 0, elementBytes);
    } else if (length instanceof Length.Pointed pointed) {
      return op.withLength(PlanLayout.LENGTH_POINTED, pointed.index(), 1);
    } else if (length instanceof Length.OfIoctl command) {
      return op.withLength(PlanLayout.LENGTH_IOCTL, command.index(), PLAIN_IOCTL_BYTES);
    } else if (length instanceof Length.Bits bits) {
      return op.withLength(PlanLayout.LENGTH_BITS, bits.index(), 0);
    } else if (length instanceof Length.Pages pages) {
      return op.withLength(PlanLayout.LENGTH_PAGES, pages.index(), Length.Pages.SHIFT);
    }
    int count = length instanceof Length.Constant constant ? constant.count() : 1;
    return op.withLength(
        PlanLayout.LENGTH_CONSTANT, 0, Math.min(count * elementBytes, LARGEST_ELEMENT_BYTES));
  }

  private void add(Argument argument, CaptureOp op) {
    if (everythingAtEntry
        || op.base() == PlanLayout.BASE_STACK
        || argument.moment() == Moment.ENTRY) {
      addAt(PlanLayout.WHEN_ENTRY, op);
      return;
    }
    switch (argument.direction()) {
      case IN -> addAt(whenGiven(argument), op);
      case OUT -> addAt(PlanLayout.WHEN_SUCCESS, op);
      case INOUT -> {
        addAt(PlanLayout.WHEN_ENTRY, op);
        boolean always = argument.moment() == Moment.EXIT;
        addAt(always ? PlanLayout.WHEN_EXIT : PlanLayout.WHEN_SUCCESS, op);
      }
    }
  }

  private void addAt(int when, CaptureOp op) {
    (when == PlanLayout.WHEN_ENTRY ? entryOps : exitOps).add(op.withWhen(when));
  }

  private int whenGiven(Argument in) {
    if (in.moment() == Moment.SUCCESS) {
      return PlanLayout.WHEN_SUCCESS;
    }
    return mayBeOverwritten(in) ? PlanLayout.WHEN_ENTRY : PlanLayout.WHEN_EXIT;
  }

  private boolean mayBeOverwritten(Argument in) {
    for (Argument other : syscall.arguments()) {
      if (other.direction() != Direction.IN && sameExtent(in, other)) {
        return true;
      }
    }
    return false;
  }

  private static boolean sameExtent(Argument a, Argument b) {
    if (a.kind().name().equals(b.kind().name())) {
      return true;
    }
    int bytes = extentBytes(a);
    return bytes > 0 && bytes == extentBytes(b);
  }

  private static int extentBytes(Argument argument) {
    int bytes = argument.kind().sizeBytes();
    if (argument.length() instanceof Length.Constant constant
        && argument.kind() instanceof Kind.Special) {
      return Math.max(bytes, 1) * constant.count();
    }
    return bytes;
  }
}
