package dev.rastro.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.daemon.Tracefs;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("kernel")
final class CaptureKernelTest {
  @BeforeAll
  static void mountTracefs() throws Exception {
    Tracefs.mount();
  }

  @Test
  void loadsWithoutAttaching() throws Exception {
    try (Capture capture = open(CaptureOptions.defaults())) {
      assertFalse(capture.attached());
      assertEquals(List.of(), capture.degradations());
      assertTrue(capture.mapMemoryBytes() > CaptureOptions.DEFAULT_RING_BYTES);
      assertEquals(CaptureOptions.DEFAULT_RING_BYTES, capture.rings().capacityBytes());
      for (ProgramStatus program : capture.programs()) {
        assertEquals("", program.attachType());
      }
      capture.attach();
      assertTrue(capture.attached());
      for (ProgramStatus program : capture.programs()) {
        boolean onRequest =
            Set.of("call_blocked", "choose_existing", "list_tasks").contains(program.name());
        String expected = onRequest ? "" : expectedType(program.name());
        assertEquals(expected, program.attachType(), program.name());
      }
      capture.detach();
      assertFalse(capture.attached());
    }
  }

  /** Where tp_btf programs of system calls can be preempted, their ways are other ones. */
  private static String expectedType(String program) {
    boolean classic = program.startsWith("sys_") && KernelRelease.running().preemptsPrograms();
    return (classic ? AttachType.TRACEPOINT : AttachType.TP_BTF).text();
  }

  @ParameterizedTest
  @EnumSource(
      value = AttachType.class,
      names = {"TP_BTF", "RAW_TP", "TRACEPOINT"})
  void seesCallsByTheWayThatIsDemanded(AttachType type) throws Exception {
    SyscallTable table = SyscallTable.load(Architecture.current());
    try (Capture capture = open(CaptureOptions.defaults().withAttachType(Optional.of(type)))) {
      SelfTest.run(capture, table.find("getppid").orElseThrow().number());
      capture.attach();
      Set<String> types =
          capture.programs().stream()
              .filter(program -> program.name().startsWith("sys_"))
              .map(ProgramStatus::attachType)
              .collect(Collectors.toSet());
      assertEquals(Set.of(type.text()), types);
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
      assertEquals("tp_btf", attachType(capture, "process_exit"));
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
  void seesCallsAloneWithoutBtfOfTheKernelsOwn(@TempDir Path directory) throws Exception {
    Path copy = directory.resolve("vmlinux.btf");
    Files.write(copy, Files.readAllBytes(CaptureOptions.DEFAULT_BTF_PATH));
    try (Capture capture = open(CaptureOptions.defaults().withBtfPath(copy))) {
      Optional<AttachType> left =
          KernelRelease.running().waysIntoSyscalls().stream()
              .filter(way -> way != AttachType.TP_BTF)
              .findFirst();
      for (ProgramStatus program : capture.programs()) {
        assertTrue(program.name().startsWith("sys_"), program.name());
      }
      assertFalse(capture.degradations().isEmpty());
      for (Degradation degradation : capture.degradations()) {
        assertFalse(degradation.remedy().isEmpty());
      }
      capture.attach();
      for (ProgramStatus program : capture.programs()) {
        assertEquals(left.map(AttachType::text), Optional.of(program.attachType()));
      }
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
    return Capture.open(options);
  }
}
