package dev.rastro.syscalls.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.syscalls.plan.DescriptorPlan.Place;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CapturePlanTest {
  private final SyscallTable table = SyscallTable.load(Architecture.X86_64);
  private final CapturePlan plan = CapturePlan.compile(table, CaptureLimits.DEFAULT);

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void everyRowFitsIntoAPlan(Architecture architecture) {
    SyscallTable table = SyscallTable.load(architecture);
    CapturePlan plan =
        CapturePlan.compile(table, new CaptureLimits(PlanLayout.SEGMENT_BYTES, true));
    for (Syscall syscall : table.all()) {
      List<CaptureOp> ops = plan.ops(syscall.number());
      assertTrue(ops.size() <= PlanLayout.OPS, syscall.name());
      for (int i = 0; i < ops.size(); i++) {
        CaptureOp op = ops.get(i);
        String where = syscall.name() + " op " + i + ": " + op;
        assertTrue(op.limit() <= PlanLayout.SEGMENT_BYTES, where);
        assertTrue(op.limit() > 0 || op.what() == PlanLayout.READ_STRINGS, where);
        assertTrue(op.base() < PlanLayout.BASE_SEGMENT + i, where);
        assertTrue(op.element() <= 0xffff && op.pointerAt() <= 0xffff, where);
        assertTrue(
            op.lengthFrom() != PlanLayout.LENGTH_RESULT || op.when() != PlanLayout.WHEN_ENTRY,
            where);
        assertTrue(
            op.what() != PlanLayout.READ_BYTES
                || op.element() > 0
                || op.lengthFrom() == PlanLayout.LENGTH_BITS,
            where);
      }
    }
  }

  @Test
  void aBufferThatTheKernelFillsIsReadAfterSuccessAsFarAsFilled() {
    CaptureOp op = only("read");
    assertEquals(PlanLayout.READ_BYTES, op.what());
    assertEquals(PlanLayout.WHEN_SUCCESS, op.when());
    assertEquals(1, op.base());
    assertEquals(PlanLayout.LENGTH_RESULT, op.lengthFrom());
    assertEquals(1, op.element());
    assertEquals(33, op.limit());
  }

  @Test
  void whatTheCallerWroteIsReadAtExit() {
    CaptureOp op = only("write");
    assertEquals(PlanLayout.WHEN_EXIT, op.when());
    assertEquals(PlanLayout.LENGTH_ARG, op.lengthFrom());
    assertEquals(2, op.lengthArg());
    CaptureOp path = only("openat");
    assertEquals(PlanLayout.READ_STRING, path.what());
    assertEquals(PlanLayout.PATH_BYTES, path.limit());
  }

  @Test
  void whatTheKernelMayHaveOverwrittenIsReadAtEntry() {
    assertEquals(PlanLayout.WHEN_ENTRY, ops("nanosleep").get(0).when());
    assertEquals(PlanLayout.WHEN_ENTRY, ops("rt_sigprocmask").get(0).when());
    assertEquals(PlanLayout.WHEN_ENTRY, ops("rt_sigaction").get(0).when());
    assertEquals(PlanLayout.WHEN_SUCCESS, ops("epoll_pwait2").get(1).when());
    assertEquals(
        List.of(PlanLayout.WHEN_ENTRY, PlanLayout.WHEN_SUCCESS),
        ops("poll").stream().map(CaptureOp::when).toList());
  }

  @Test
  void aPointedLengthIsReadAtEntryBeforeWhatItMeasures() {
    List<CaptureOp> ops = ops("accept4");
    assertEquals(3, ops.size());
    assertEquals(2, ops.get(0).base());
    assertEquals(PlanLayout.WHEN_ENTRY, ops.get(0).when());
    assertEquals(PlanLayout.LENGTH_POINTED, ops.get(1).lengthFrom());
    assertEquals(2, ops.get(1).lengthArg());
    assertEquals(2, ops.get(2).base());
    assertEquals(PlanLayout.WHEN_SUCCESS, ops.get(2).when());
  }

  @Test
  void execIsReadAtEntryInARecordOfItsOwn() {
    assertTrue(ops("execve").stream().allMatch(op -> op.when() == PlanLayout.WHEN_ENTRY));
    assertEquals(0, ops("execve").get(2).limit());
    assertEquals(
        PlanLayout.CAPTURE_ENTRY
            | PlanLayout.CAPTURE_ENTER_RECORD
            | PlanLayout.CAPTURE_ARGS_AT_ENTRY,
        flags("execve"));
    CapturePlan verbose = CapturePlan.compile(table, new CaptureLimits(32, true));
    assertEquals(33, verbose.ops(number("execve")).get(2).limit());
  }

  @Test
  void callsThatNeverReturnAreTold() {
    assertEquals(PlanLayout.CAPTURE_NO_RETURN, flags("exit_group"));
    assertEquals(PlanLayout.CAPTURE_NO_RETURN, flags("exit"));
    assertEquals(0, flags("getppid"));
    for (String fork : List.of("fork", "vfork", "clone", "clone3")) {
      assertEquals(PlanLayout.CAPTURE_FORKS, flags(fork) & PlanLayout.CAPTURE_FORKS);
    }
  }

  @Test
  void theFrameOfASignalHandlerIsOnTheStack() {
    CaptureOp op = only("rt_sigreturn");
    assertEquals(PlanLayout.BASE_STACK, op.base());
    assertEquals(296, op.pointerAt());
    assertEquals(8, op.element());
    assertEquals(
        PlanLayout.CAPTURE_ENTRY | PlanLayout.CAPTURE_ARGS_AT_ENTRY, flags("rt_sigreturn"));
    SyscallTable arm = SyscallTable.load(Architecture.AARCH64);
    assertEquals(
        168,
        CapturePlan.compile(arm, CaptureLimits.DEFAULT)
            .ops(arm.find("rt_sigreturn").orElseThrow().number())
            .get(0)
            .pointerAt());
  }

  @Test
  void pointersInsideAStructAreFollowed() {
    List<CaptureOp> ops = ops("clone3");
    assertEquals(4, ops.size());
    assertEquals(PlanLayout.LENGTH_ARG, ops.get(0).lengthFrom());
    assertEquals(1, ops.get(0).element());
    assertEquals(8, ops.get(1).pointerAt());
    assertEquals(PlanLayout.BASE_SEGMENT, ops.get(2).base());
    assertEquals(24, ops.get(2).pointerAt());
    assertEquals(4, ops.get(2).element());
    assertEquals(128, ops.get(3).element());
  }

  @Test
  void arraysAreMeasuredInElements() {
    CaptureOp events = ops("epoll_wait").get(0);
    assertEquals(PlanLayout.LENGTH_RESULT, events.lengthFrom());
    assertEquals(12, events.element());
    assertEquals(8, only("pipe2").element());
    assertEquals(PlanLayout.LENGTH_BITS, ops("select").get(0).lengthFrom());
    assertEquals(PlanLayout.LENGTH_IOCTL, ops("ioctl").get(0).lengthFrom());
    assertEquals(144, only("fstat").element());
  }

  @Test
  void aBufferOfACommandIsReadOnlyWithThatCommand() {
    List<CaptureOp> ops = ops("ioctl");
    assertEquals(PlanLayout.WHEN_ENTRY, ops.get(0).when());
    assertEquals(PlanLayout.WHEN_EXIT, ops.get(1).when());
    CaptureOp interfaces = ops.get(2);
    assertEquals(0x8912, interfaces.command());
    assertEquals(PlanLayout.BASE_SEGMENT + 1, interfaces.base());
    assertEquals(8, interfaces.pointerAt());
    assertEquals(PlanLayout.LENGTH_FIELD32, interfaces.lengthFrom());
  }

  @Test
  void messagesKeepTheirHeadFromEntry() {
    List<CaptureOp> ops = ops("recvmsg");
    assertEquals(PlanLayout.HEAD_ONLY, ops.get(0).flags());
    assertEquals(PlanLayout.WHEN_ENTRY, ops.get(0).when());
    assertEquals(PlanLayout.LIMIT_BY_RESULT, ops.get(1).flags());
    assertEquals(PlanLayout.WHEN_SUCCESS, ops.get(1).when());
    assertEquals(PlanLayout.LIMIT_BY_RESULT, only("readv").flags());
    assertEquals(PlanLayout.WHEN_EXIT, only("readv").when());
    assertEquals(0, only("writev").flags());
  }

  @Test
  void isEncodedAsRecordHLaysItOut() {
    ByteBuffer buffer = ByteBuffer.allocate(2 * PlanLayout.PLAN_SIZE_BYTES);
    buffer.position(8);
    plan.encode(number("write"), buffer);
    assertEquals(8 + PlanLayout.PLAN_SIZE_BYTES, buffer.position());
    buffer.order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(1, buffer.getInt(8));
    assertEquals(1, buffer.getInt(12));
    assertEquals(PlanLayout.READ_BYTES, buffer.get(16));
    assertEquals(PlanLayout.WHEN_EXIT, buffer.get(17));
    assertEquals(1, buffer.get(18));
    assertEquals(PlanLayout.LENGTH_ARG, buffer.get(19));
    assertEquals(2, buffer.get(20));
    assertEquals(1, buffer.getShort(22));
    assertEquals(33, buffer.getInt(28));
    assertEquals(0, buffer.getLong(32));
  }

  @Test
  void numbersWithoutARowCaptureNothing() {
    assertEquals(List.of(), plan.ops(PlanLayout.SYSCALL_SLOTS - 1));
    assertEquals(0, plan.captureFlags(PlanLayout.SYSCALL_SLOTS - 1));
    assertFalse(table.find(PlanLayout.SYSCALL_SLOTS - 1).isPresent());
    assertEquals(SyscallTable.SLOTS, PlanLayout.SYSCALL_SLOTS);
  }

  @Test
  void limitsAreBounded() {
    assertThrows(IllegalArgumentException.class, () -> new CaptureLimits(-1, false));
    assertThrows(
        IllegalArgumentException.class,
        () -> new CaptureLimits(PlanLayout.SEGMENT_BYTES + 1, false));
  }

  private CaptureOp only(String name) {
    assertEquals(1, ops(name).size(), name);
    return ops(name).get(0);
  }

  private List<CaptureOp> ops(String name) {
    return plan.ops(number(name));
  }

  private int flags(String name) {
    return plan.captureFlags(number(name));
  }

  private int number(String name) {
    return table.find(name).orElseThrow().number();
  }

  @Test
  void aPlanSaysWhereTheDescriptorsAre() {
    assertEquals(new DescriptorPlan(1, List.of()), descriptors("write"));
    assertEquals(
        new DescriptorPlan(0b11 | PlanLayout.DESCRIBE_RESULT, List.of()), descriptors("dup2"));
    assertEquals(DescriptorPlan.NONE, descriptors("getpid"));
    assertEquals(
        new DescriptorPlan(0, List.of(new Place(0, Integer.BYTES, 0))), descriptors("pipe2"));
    assertEquals(new DescriptorPlan(0, List.of(new Place(0, 8, 0))), descriptors("poll"));
    assertEquals(
        List.of(PlanLayout.STRIDE_BITS, PlanLayout.STRIDE_BITS, PlanLayout.STRIDE_BITS),
        descriptors("select").places().stream().map(Place::stride).toList());
    // Only some commands have them there.
    assertEquals(1 | PlanLayout.DESCRIBE_RESULT, descriptors("fcntl").where());
    assertTrue(descriptors("bpf").places().contains(new Place(0, PlanLayout.STRIDE_NONE, 20)));
  }

  private DescriptorPlan descriptors(String name) {
    return plan.descriptors(number(name));
  }
}
