// SPDX-License-Identifier: Apache-2.0
package dev.rastro.syscalls.plan;

import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;
import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the pieces of memory in a call's record are to the call, for whoever copies a record without
 * some of them. Immutable; allocates nothing when asked.
 */
public final class Pieces {

  /** What an argument leads to. */
  private enum Role {
    OTHER,
    PATH,
    /** Bytes that the call moves for its caller. */
    DATA,
    /** The same behind a number: struct msgbuf. */
    MSGBUF,
    /** An iovec array, and the data behind it. */
    VECTOR,
    /** A msghdr with what it leads to. */
    MESSAGE,
    MESSAGES,
    /** Of a program that is executed. */
    ARGUMENTS,
    VARIABLES
  }

  private static final Set<Role> MOVED =
      EnumSet.of(Role.DATA, Role.VECTOR, Role.MESSAGE, Role.MESSAGES);

  // struct msghdr
  private static final int NAME_AT = 0;
  private static final int VECTOR_AT = 16;
  private static final int CONTROL_AT = 32;
  private static final int MSGHDR_BYTES = 56;
  private static final int MMSGHDR_BYTES = 64;

  private final Role[] roles = new Role[RecordLayout.SYSCALL_SLOTS * RecordLayout.ARGS];

  /** Calls by what they do. */
  private final BitSet movesDescriptorData = new BitSet(RecordLayout.SYSCALL_SLOTS);

  private final BitSet movesFileData = new BitSet(RecordLayout.SYSCALL_SLOTS);
  private final BitSet executes = new BitSet(RecordLayout.SYSCALL_SLOTS);

  public Pieces(SyscallTable table) {
    Arrays.fill(roles, Role.OTHER);
    for (Syscall row : table.all()) {
      int number = row.number();
      for (int i = 0; i < row.arguments().size(); i++) {
        Role role = role(row.arguments().get(i).kind());
        roles[number * RecordLayout.ARGS + i] = role;
        executes.set(number, executes.get(number) || role == Role.ARGUMENTS);
      }
      movesDescriptorData.set(number, movesDescriptorData(row));
      movesFileData.set(number, movesFileData(row));
    }
  }

  private static Role role(Kind kind) {
    if (kind instanceof Kind.Bytes) {
      return Role.DATA;
    }
    if (kind instanceof Kind.Text text) {
      return text.path() ? Role.PATH : Role.OTHER;
    }
    return switch (kind.name()) {
      case "msgbuf" -> Role.MSGBUF;
      case "iovec" -> Role.VECTOR;
      case "msghdr" -> Role.MESSAGE;
      case "mmsghdr" -> Role.MESSAGES;
      case "argv" -> Role.ARGUMENTS;
      case "envp" -> Role.VARIABLES;
      default -> Role.OTHER;
    };
  }

  /** Whether it moves data of the file that its first argument is a descriptor of. */
  static boolean movesFileData(Syscall row) {
    return movesDescriptorData(row) && !row.classes().contains("network");
  }

  private static boolean movesDescriptorData(Syscall row) {
    List<Syscall.Argument> arguments = row.arguments();
    return !arguments.isEmpty()
        && arguments.get(0).kind() instanceof Kind.Scalar scalar
        && scalar.format() == Kind.Format.DESCRIPTOR
        && arguments.stream().map(argument -> role(argument.kind())).anyMatch(MOVED::contains);
  }

  /** Whether the call moves data from or to its first argument, a descriptor of any kind. */
  public boolean movesDescriptorData(RecordReader call) {
    return isKnown(call) && movesDescriptorData.get(call.number());
  }

  /** The same of a descriptor that may be a file's: it is no call for sockets. */
  public boolean movesFileData(RecordReader call) {
    return isKnown(call) && movesFileData.get(call.number());
  }

  /** Whether the call executes a program. */
  public boolean executes(RecordReader call) {
    return isKnown(call) && executes.get(call.number());
  }

  /** Whether a segment holds data that the call moves, and not what says where such data are. */
  public boolean isData(RecordReader call, int segment) {
    if (call.segmentKind(segment) != RecordLayout.BYTES) {
      return false;
    }
    int argument = call.segmentArgument(segment);
    return switch (role(call, segment)) {
      case DATA, MSGBUF -> true;
      case VECTOR -> call.segmentAddress(segment) != call.argument(argument);
      case MESSAGE -> !belongsToHead(call, segment, argument, MSGHDR_BYTES);
      case MESSAGES -> !belongsToHead(call, segment, argument, MMSGHDR_BYTES);
      default -> false;
    };
  }

  /** Whether no more of a segment is captured than the longest string that is asked for. */
  public boolean isLimited(RecordReader call, int segment) {
    return call.segmentKind(segment) == RecordLayout.STRING
        ? role(call, segment) != Role.PATH
        : role(call, segment) != Role.MSGBUF && isData(call, segment);
  }

  /** A path that the call was given. */
  public boolean isPath(RecordReader call, int segment) {
    return call.segmentKind(segment) == RecordLayout.STRING && role(call, segment) == Role.PATH;
  }

  /** Text that is neither a path nor a program's: the options of mount, say. */
  public boolean isText(RecordReader call, int segment) {
    return call.segmentKind(segment) == RecordLayout.STRING && role(call, segment) == Role.OTHER;
  }

  /** An argument of a program that is executed. */
  public boolean isProgramArgument(RecordReader call, int segment) {
    return call.segmentKind(segment) == RecordLayout.STRING
        && role(call, segment) == Role.ARGUMENTS;
  }

  /** An environment variable of a program that is executed: its name, = and its value. */
  public boolean isVariable(RecordReader call, int segment) {
    return call.segmentKind(segment) == RecordLayout.STRING
        && role(call, segment) == Role.VARIABLES;
  }

  private Role role(RecordReader call, int segment) {
    int argument = call.segmentArgument(segment);
    return isKnown(call) && argument < RecordLayout.ARGS
        ? roles[call.number() * RecordLayout.ARGS + argument]
        : Role.OTHER;
  }

  private static boolean isKnown(RecordReader call) {
    return call.abi() == RecordLayout.ABI_NATIVE
        && call.number() >= 0
        && call.number() < RecordLayout.SYSCALL_SLOTS;
  }

  /** Whether it is a head, or one of the three that a head leads to besides its data. */
  private static boolean belongsToHead(RecordReader call, int segment, int argument, int step) {
    long address = call.segmentAddress(segment);
    long heads = call.argument(argument);
    if (address == heads) {
      return true;
    }
    ByteBuffer buffer = call.buffer();
    for (int i = 0; i < segment; i++) {
      if (call.segmentAddress(i) != heads || call.segmentArgument(i) != argument) {
        continue;
      }
      int end = call.segmentData(i) + call.segmentLength(i);
      for (int at = call.segmentData(i); at + MSGHDR_BYTES <= end; at += step) {
        if (address == buffer.getLong(at + NAME_AT)
            || address == buffer.getLong(at + VECTOR_AT)
            || address == buffer.getLong(at + CONTROL_AT)) {
          return true;
        }
      }
    }
    return false;
  }
}
