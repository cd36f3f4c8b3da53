package dev.rastro.daemon.drain;

import dev.rastro.daemon.kernel.Capture;
import dev.rastro.syscalls.plan.CaptureLimits;
import dev.rastro.syscalls.plan.CapturePlan;
import dev.rastro.syscalls.plan.PlanLayout;
import dev.rastro.syscalls.table.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The capture plan that holds for all sessions at once: as much of each argument as the most
 * demanding of them wants. Written anew only when a session that opens changes that, before it is
 * let in. Drain thread only.
 */
final class Plans {
  private final Capture capture;
  private final SyscallTable table;
  private final Wish[] wishes = new Wish[Drain.MAX_SESSIONS];
  private final ByteBuffer plan =
      ByteBuffer.allocate(PlanLayout.PLAN_SIZE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private Optional<CaptureLimits> written = Optional.empty();

  Plans(Capture capture, SyscallTable table) {
    this.capture = capture;
    this.table = table;
  }

  void admit(int bit, Wish wish) {
    wishes[bit] = wish;
    Optional<CaptureLimits> needed = Optional.of(strongest());
    if (!needed.equals(written)) {
      write(CapturePlan.compile(table, needed.get()));
      written = needed;
    }
  }

  /** Whether records bring more than this wish asks for, as others ask for more. */
  boolean exceeds(Wish wish) {
    boolean longer =
        written
            .filter(
                now ->
                    now.stringBytes() > wish.stringBytes()
                        || (now.environment() && !wish.environment()))
            .isPresent();
    return longer || (!wish.descriptors() && describes());
  }

  private boolean describes() {
    for (Wish wish : wishes) {
      if (wish != null && wish.descriptors()) {
        return true;
      }
    }
    return false;
  }

  /** Less is written only when the next session opens. */
  void dismiss(int bit) {
    wishes[bit] = null;
  }

  private CaptureLimits strongest() {
    int stringBytes = 0;
    boolean environment = false;
    for (Wish wish : wishes) {
      if (wish != null) {
        stringBytes = Math.max(stringBytes, wish.stringBytes());
        environment |= wish.environment();
      }
    }
    return new CaptureLimits(stringBytes, environment);
  }

  private void write(CapturePlan compiled) {
    for (int slot = 0; slot < SyscallTable.SLOTS; slot++) {
      plan.clear();
      compiled.encode(slot, plan);
      plan.flip();
      capture.setPlan(slot, compiled.captureFlags(slot), plan);
    }
  }
}
