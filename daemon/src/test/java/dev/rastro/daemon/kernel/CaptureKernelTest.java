package dev.rastro.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.bpf.CaptureObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("kernel")
final class CaptureKernelTest {
  @Test
  void loadsWithoutAttaching() throws Exception {
    try (Capture capture = open(CaptureOptions.defaults())) {
      assertFalse(capture.attached());
      assertEquals(List.of(), capture.degradations());
      assertTrue(capture.mapMemoryBytes() > CaptureOptions.DEFAULT_RING_BYTES);
      assertEquals(CaptureOptions.DEFAULT_RING_BYTES, capture.ring().capacityBytes());
      for (ProgramStatus program : capture.programs()) {
        assertEquals("", program.attachType());
      }
      capture.attach();
      assertTrue(capture.attached());
      for (ProgramStatus program : capture.programs()) {
        boolean onRequest = Set.of("call_blocked", "choose_existing").contains(program.name());
        String expected = onRequest ? "" : "tp_btf";
        assertEquals(expected, program.attachType(), program.name());
      }
      capture.detach();
      assertFalse(capture.attached());
    }
  }

  @Test
  void attachesToTaskSwitchesOnlyOnRequest() throws Exception {
    try (Capture capture = open(CaptureOptions.defaults())) {
      capture.attach();
      capture.attachBlocked();
      capture.attachBlocked();
      assertEquals(List.of(), capture.degradations());
      assertEquals("tp_btf", attachType(capture, "call_blocked"));
      capture.detachBlocked();
      assertEquals("", attachType(capture, "call_blocked"));
      assertEquals("tp_btf", attachType(capture, "sys_exit_btf"));
      capture.attachBlocked();
      capture.detach();
      assertEquals("", attachType(capture, "call_blocked"));
    }
  }

  private static String attachType(Capture capture, String program) {
    return capture.programs().stream()
        .filter(status -> status.name().equals(program))
        .findFirst()
        .orElseThrow()
        .attachType();
  }

  @Test
  void fallsBackToRawTracepointsWithoutBtfOfTheKernelsOwn(@TempDir Path directory)
      throws Exception {
    Path copy = directory.resolve("vmlinux.btf");
    Files.write(copy, Files.readAllBytes(CaptureOptions.DEFAULT_BTF_PATH));
    try (Capture capture = open(CaptureOptions.defaults().withBtfPath(copy))) {
      assertEquals(
          List.of("sys_enter_raw", "sys_exit_raw"),
          capture.programs().stream().map(ProgramStatus::name).toList());
      assertFalse(capture.degradations().isEmpty());
      for (Degradation degradation : capture.degradations()) {
        assertFalse(degradation.remedy().isEmpty());
      }
      capture.attach();
      assertTrue(capture.attached());
    }
  }

  @Test
  void namesTheMissingBtfAndTheRemedy() {
    CaptureException refusal =
        assertThrows(
            CaptureException.class,
            () -> open(CaptureOptions.defaults().withBtfPath(Path.of("/no/such/btf"))));
    assertEquals(CaptureException.Reason.UNSUPPORTED, refusal.reason());
    assertEquals("BTF: /no/such/btf: no such file", refusal.getMessage());
    assertTrue(refusal.remedy().contains("CONFIG_DEBUG_INFO_BTF=y"));
  }

  @Test
  void namesAnObjectThatIsNone() {
    CaptureException refusal =
        assertThrows(
            CaptureException.class,
            () -> Capture.open(new byte[] {1, 2, 3, 4}, CaptureOptions.defaults()));
    assertTrue(refusal.getMessage().startsWith("open: "), refusal.getMessage());
  }

  private static Capture open(CaptureOptions options) throws CaptureException {
    return Capture.open(CaptureObject.read(), options);
  }
}
