package dev.rastro.syscalls.text;

import static dev.rastro.syscalls.record.RecordBuilder.ints;
import static dev.rastro.syscalls.record.RecordBuilder.longs;
import static dev.rastro.syscalls.text.GoldenLine.A;
import static dev.rastro.syscalls.text.GoldenLine.B;
import static dev.rastro.syscalls.text.GoldenLine.C;
import static dev.rastro.syscalls.text.GoldenLine.call;
import static dev.rastro.syscalls.text.GoldenLine.check;

import org.junit.jupiter.api.Test;

/** Expected lines were printed by strace 6.1. */
final class SchedulingLineTest {
  @Test
  void writesPoliciesAndPriorities() {
    check("sched_getscheduler(0) = 1 (SCHED_FIFO)", call("sched_getscheduler", 1, 0));
    check(
        "sched_setscheduler(0, SCHED_FIFO, [1]) = 0",
        call("sched_setscheduler", 0, 0, 1, A).memory(2, A, ints(1)));
    check(
        "ioprio_set(IOPRIO_WHO_PROCESS, 0, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 4)) = 0",
        call("ioprio_set", 0, 1, 0, 0x4004));
    check(
        "ioprio_get(IOPRIO_WHO_PROCESS, 0) = 16388 (IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 4))",
        call("ioprio_get", 0x4004, 1, 0));
    check(
        "sched_setattr(-1, {size=48, sched_policy=SCHED_DEADLINE,"
            + " sched_flags=SCHED_FLAG_RESET_ON_FORK, sched_nice=0, sched_priority=0,"
            + " sched_runtime=10, sched_deadline=0, sched_period=0}, 0) = -1 EINVAL (Invalid"
            + " argument)",
        call("sched_setattr", -22, -1, A, 0)
            .memory(1, A, longs((6L << 32) | 48, 1, 0, 10, 0, 0, 0)));
  }

  @Test
  void writesMemoryPlaces() {
    check(
        "set_mempolicy(MPOL_INTERLEAVE, [0x00000000000001], 64) = 0",
        call("set_mempolicy", 0, 3, A, 64).memory(1, A, longs(1)));
    check(
        "move_pages(0, 2, [0x1000, 0x2000], NULL, [0, -ENOENT], 0) = 0",
        call("move_pages", 0, 0, 2, A, 0, B, 0)
            .memory(2, A, longs(0x1000, 0x2000))
            .memory(4, B, ints(0, -2)));
  }

  @Test
  void writesCapabilitiesAsTheVersionSays() {
    check(
        "capget({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, {effective=1<<CAP_CHOWN|1<<CAP_MAC_OVERRIDE,"
            + " permitted=0, inheritable=0}) = 0",
        call("capget", 0, A, B)
            .atEntry(0, A, ints(0x20080522, 0))
            .memory(1, B, ints(1, 0, 0, 1, 0, 0)));
    check(
        "capget({version=_LINUX_CAPABILITY_VERSION_1, pid=0}, {effective=1<<CAP_CHOWN,"
            + " permitted=0, inheritable=0}) = 0",
        call("capget", 0, A, B)
            .atEntry(0, A, ints(0x19980330, 0))
            .memory(1, B, ints(1, 0, 0, 1, 0, 0)));
    check(
        "capset(NULL, 0x7ffc0b813000) = -1 EFAULT (Bad address)",
        call("capset", -14, 0, B).memory(1, B, ints(1, 0, 0, 1, 0, 0)));
  }

  @Test
  void writesTheMaskOfPselect() {
    check(
        "pselect6(10, NULL, [3 4], NULL, NULL, {sigmask=[INT], sigsetsize=8}) = 1 (out [4])",
        call("pselect6", 1, 10, 0, B, 0, 0, A)
            .atEntry(2, B, longs(3 << 3))
            .memory(2, B, longs(1 << 4))
            .memory(5, A, longs(C, 8))
            .memory(5, C, longs(2)));
    check(
        "pselect6(10, NULL, NULL, NULL, NULL, {sigmask=NULL, sigsetsize=8}) = 0 (Timeout)",
        call("pselect6", 0, 10, 0, 0, 0, 0, A).memory(5, A, longs(0, 8)));
  }

  @Test
  void writesBarriersAndWakeOperations() {
    check(
        "membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0) = -1 EPERM (Operation not permitted)",
        call("membarrier", -1, 8, 0, 0));
    check(
        "futex(0x7ffc0b812508, FUTEX_WAKE_OP_PRIVATE, 1, 2, 0x7ffc0b812508,"
            + " FUTEX_OP_OPARG_SHIFT<<28|FUTEX_OP_OR<<28|0x1<<12|FUTEX_OP_CMP_LE<<24|0x3) = 0",
        call("futex", 0, A, 0x85, 1, 2, A, 0xa3001003L));
    check(
        "wait4(-1, 0x7ffc0b812508, WNOHANG, NULL) = 0",
        call("wait4", 0, 0xffffffffL, A, 1, 0).memory(1, A, ints(0)));
    check("personality(0xffffffff) = 0 (PER_LINUX)", call("personality", 0, 0xffffffffL));
    check("kcmp(1, 2, KCMP_VM) = 0", call("kcmp", 0, 1, 2, 1, 0, 0));
  }
}
