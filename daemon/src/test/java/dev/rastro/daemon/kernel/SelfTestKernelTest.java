package dev.rastro.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.bpf.CaptureObject;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
class SelfTestKernelTest {
  private static final SyscallTable TABLE = SyscallTable.load(Architecture.current());

  private static int number(String name) {
    return TABLE.find(name).orElseThrow().number();
  }

  @Test
  void seesItsOwnCallAndLeavesNothing() throws Exception {
    try (Capture capture = Capture.open(CaptureObject.read(), CaptureOptions.defaults())) {
      SelfTest.run(capture, number("getppid"));
      SelfTest.run(capture, number("getppid"));
      assertFalse(capture.attached());
      assertEquals(0, capture.targets().forEach((tgid, wanted) -> {}));
      assertTrue(capture.rings().isEmpty());
    }
  }

  @Test
  void saysSoWhenTheCallIsNotSeen() throws Exception {
    try (Capture capture = Capture.open(CaptureObject.read(), CaptureOptions.defaults())) {
      CaptureException failure =
          assertThrows(CaptureException.class, () -> SelfTest.run(capture, number("reboot")));
      assertTrue(failure.getMessage().startsWith("self-test: "), failure.getMessage());
      assertTrue(failure.remedy().contains("hostPID"), failure.remedy());
      assertFalse(capture.attached());
    }
  }
}
