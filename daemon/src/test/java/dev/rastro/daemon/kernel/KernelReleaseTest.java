package dev.rastro.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class KernelReleaseTest {
  @Test
  void readsTheNumbersOfDistributions() {
    assertEquals(new KernelRelease(5, 10), KernelRelease.parse("5.10.0-32-amd64"));
    assertEquals(new KernelRelease(7, 3), KernelRelease.parse("7.3.4+deb13-amd64"));
    assertEquals(new KernelRelease(7, 0), KernelRelease.parse("7.0-rc4"));
    assertEquals(new KernelRelease(6, 18), KernelRelease.parse("6.18"));
    assertEquals(KernelRelease.OLDEST, KernelRelease.parse("custom"));
    assertTrue(new KernelRelease(5, 10).isBefore(KernelRelease.OLDEST));
    assertFalse(new KernelRelease(6, 1).isBefore(KernelRelease.OLDEST));
  }

  @Test
  void wantsProgramsThatAreNotPreempted() {
    assertEquals(
        List.of(AttachType.TP_BTF, AttachType.RAW_TP),
        KernelRelease.parse("7.1.13").waysIntoSyscalls());
    assertEquals(
        List.of(AttachType.TRACEPOINT, AttachType.TP_BTF, AttachType.RAW_TP),
        KernelRelease.parse("7.2.13").waysIntoSyscalls());
  }
}
