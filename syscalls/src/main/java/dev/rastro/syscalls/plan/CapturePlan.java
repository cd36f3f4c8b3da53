package dev.rastro.syscalls.plan;

import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import dev.rastro.syscalls.table.Waits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the capture program does for each syscall slot: one {@code struct rastro_plan} for the map
 * "plans" and the bits of {@code rastro_control.capture}. Immutable.
 */
public final class CapturePlan {
  /** The calls that return twice. */
  private static final Set<String> FORKS = Set.of("clone", "clone3", "fork", "vfork");

  /** The calls after which the caller's memory and registers are no more what they were. */
  private static final Set<String> EXECS = Set.of("execve", "execveat");

  private final List<List<CaptureOp>> plans = new ArrayList<>(PlanLayout.SYSCALL_SLOTS);
  private final int[] flags = new int[PlanLayout.SYSCALL_SLOTS];
  private final List<DescriptorPlan> descriptors = new ArrayList<>(PlanLayout.SYSCALL_SLOTS);

  private CapturePlan() {}

  /**
   * @throws IllegalStateException if a row needs more operations than a plan has
   */
  public static CapturePlan compile(SyscallTable table, CaptureLimits limits) {
    CapturePlan plan = new CapturePlan();
    Waits waits = Waits.load();
    for (int slot = 0; slot < PlanLayout.SYSCALL_SLOTS; slot++) {
      plan.plans.add(List.of());
      plan.descriptors.add(DescriptorPlan.NONE);
    }
    for (Syscall syscall : table.all()) {
      boolean ends = syscall.result().name().equals("never");
      boolean atEntry = ends || EXECS.contains(syscall.name());
      List<CaptureOp> ops = new RowPlan(syscall, table.variants(syscall), limits, atEntry).ops();
      if (ops.size() > PlanLayout.OPS) {
        throw new IllegalStateException(
            syscall.name()
                + " needs "
                + ops.size()
                + " capture operations; at most "
                + PlanLayout.OPS
                + " fit in a plan: make an argument of its row a plain ptr");
      }
      plan.plans.set(syscall.number(), ops);
      plan.flags[syscall.number()] = flags(syscall, ops, ends) | kind(waits, syscall);
      plan.descriptors.set(syscall.number(), DescriptorPlan.of(table, syscall, ops));
    }
    return plan;
  }

  /** Bits of {@code enum rastro_capture_flag} for this slot. */
  public int captureFlags(int slot) {
    return flags[slot];
  }

  /**
   * Writes one {@code struct rastro_plan} of {@link PlanLayout#PLAN_SIZE_BYTES} at the buffer's
   * position and moves it past.
   */
  public void encode(int slot, ByteBuffer into) {
    ByteOrder order = into.order();
    into.order(ByteOrder.LITTLE_ENDIAN);
    int start = into.position();
    for (int i = 0; i < PlanLayout.PLAN_SIZE_BYTES; i += Long.BYTES) {
      into.putLong(0);
    }
    List<CaptureOp> ops = plans.get(slot);
    into.putInt(start + PlanLayout.PLAN_OPS, ops.size());
    descriptors.get(slot).encode(into, start);
    for (int i = 0; i < ops.size(); i++) {
      ops.get(i).encode(into, start + PlanLayout.PLAN_OP + i * PlanLayout.OP_SIZE_BYTES);
    }
    into.order(order);
  }

  List<CaptureOp> ops(int slot) {
    return plans.get(slot);
  }

  DescriptorPlan descriptors(int slot) {
    return descriptors.get(slot);
  }

  private static int flags(Syscall syscall, List<CaptureOp> ops, boolean ends) {
    int flags = 0;
    for (CaptureOp op : ops) {
      flags |=
          op.when() == PlanLayout.WHEN_ENTRY ? PlanLayout.CAPTURE_ENTRY : PlanLayout.CAPTURE_EXIT;
      if (op.base() == PlanLayout.BASE_STACK) {
        flags |= PlanLayout.CAPTURE_ARGS_AT_ENTRY;
      }
    }
    if (ends) {
      flags |= PlanLayout.CAPTURE_NO_RETURN;
    }
    if (EXECS.contains(syscall.name())) {
      flags |= PlanLayout.CAPTURE_ENTER_RECORD | PlanLayout.CAPTURE_ARGS_AT_ENTRY;
    }
    if (FORKS.contains(syscall.name())) {
      flags |= PlanLayout.CAPTURE_FORKS;
    }
    if (Pieces.movesFileData(syscall)) {
      flags |= PlanLayout.CAPTURE_FILE_DATA;
    }
    for (Syscall.Argument argument : syscall.arguments()) {
      flags |=
          switch (argument.kind().name()) {
            case "ioctl_arg" -> PlanLayout.CAPTURE_IOCTL;
            case "packet", "msghdr", "mmsghdr" -> PlanLayout.CAPTURE_NETLINK;
            default -> 0;
          };
    }
    return flags;
  }

  /** What the counters have to know of it. */
  private static int kind(Waits waits, Syscall syscall) {
    return waits
        .find(syscall.name())
        .map(
            wait ->
                switch (wait.kind()) {
                  case INPUT -> wait.object() == 0 ? PlanLayout.CAPTURE_TAKES : 0;
                  case ACCEPT -> PlanLayout.CAPTURE_ACCEPTS;
                  case DESCRIPTORS, SETS, EPOLL -> PlanLayout.CAPTURE_POLLS;
                  default -> 0;
                })
        .orElse(0);
  }
}
