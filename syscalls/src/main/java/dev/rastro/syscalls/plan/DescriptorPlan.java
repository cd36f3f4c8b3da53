package dev.rastro.syscalls.plan;

import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.Syscall.Direction;
import java.util.List;

/**
 * Where a call has descriptors, as bits of {@code enum rastro_describe}. What they stand for is
 * read only for sessions that ask.
 */
final class DescriptorPlan {
  private static final int POLLFD_BYTES = 8;

  private DescriptorPlan() {}

  static int of(Syscall syscall, List<CaptureOp> ops) {
    int where = isDescriptor(syscall.result()) ? PlanLayout.DESCRIBE_RESULT : 0;
    List<Syscall.Argument> arguments = syscall.arguments();
    for (int i = 0; i < arguments.size(); i++) {
      Syscall.Argument argument = arguments.get(i);
      if (isDescriptor(argument.kind())) {
        where |= 1 << i;
      }
      if (argument.kind().name().equals("fd_set") && op(ops, i, argument.direction()) >= 0) {
        where |= 1 << (PlanLayout.DESCRIBE_SETS_SHIFT + op(ops, i, argument.direction()));
      }
      int stride = stride(argument.kind());
      int op = op(ops, i, argument.direction());
      if (stride > 0 && op >= 0) {
        where |=
            PlanLayout.DESCRIBE_ARRAY
                | op << PlanLayout.DESCRIBE_ARRAY_OP_SHIFT
                | stride << PlanLayout.DESCRIBE_STRIDE_SHIFT;
      }
    }
    return where;
  }

  private static boolean isDescriptor(Kind kind) {
    return kind.name().equals("fcntl_result")
        || (kind instanceof Kind.Scalar scalar
            && (scalar.format() == Kind.Format.DESCRIPTOR
                || scalar.format() == Kind.Format.DIRECTORY_DESCRIPTOR));
  }

  /** Bytes from one descriptor to the next; 0 when this is no array of them. */
  private static int stride(Kind kind) {
    if (kind.name().contains("pollfd")) {
      return POLLFD_BYTES;
    }
    return kind instanceof Kind.Array array && isDescriptor(array.element()) ? Integer.BYTES : 0;
  }

  private static int op(List<CaptureOp> ops, int argument, Direction direction) {
    for (int i = 0; i < ops.size(); i++) {
      boolean entry = ops.get(i).when() == PlanLayout.WHEN_ENTRY;
      if (ops.get(i).base() == argument && entry == (direction != Direction.OUT)) {
        return i;
      }
    }
    return -1;
  }
}
