package dev.rastro.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ProgramChoiceTest {
  private static final KernelRelease COMMON = new KernelRelease(6, 1);
  private static final KernelRelease PREEMPTING = new KernelRelease(7, 3);

  private static List<ProgramName> syscalls(ProgramChoice choice) {
    return Arrays.stream(ProgramName.values())
        .filter(program -> program.ofSyscalls() && choice.takes(program))
        .toList();
  }

  @Test
  void goesDownTheWaysAsTheyAreRefused() throws Exception {
    ProgramChoice choice = new ProgramChoice(Optional.empty(), PREEMPTING);
    assertEquals(
        List.of(ProgramName.SYS_ENTER_CLASSIC, ProgramName.SYS_EXIT_CLASSIC), syscalls(choice));
    assertEquals(List.of(), choice.degradations());

    choice.refuse(ProgramName.SYS_EXIT_CLASSIC, "Permission denied");
    assertEquals(List.of(ProgramName.SYS_ENTER_BTF, ProgramName.SYS_EXIT_BTF), syscalls(choice));
    Degradation missed = choice.degradations().get(0);
    assertEquals("sys_exit_classic: Permission denied", missed.cause());
    assertTrue(missed.remedy().contains("perf_event_paranoid"), missed.remedy());

    choice.refuse(ProgramName.SYS_ENTER_BTF, "no BTF");
    assertEquals(List.of(ProgramName.SYS_ENTER_RAW, ProgramName.SYS_EXIT_RAW), syscalls(choice));
    assertFalse(choice.canDoWithout(ProgramName.SYS_ENTER_RAW));
    CaptureException refusal =
        assertThrows(
            CaptureException.class, () -> choice.refuse(ProgramName.SYS_ENTER_RAW, "no luck"));
    assertEquals("no way into system calls: sys_enter_raw: no luck", refusal.getMessage());
  }

  @Test
  void keepsAwayFromTheDearWayWhereThereIsNoNeed() throws Exception {
    ProgramChoice choice = new ProgramChoice(Optional.empty(), COMMON);
    assertEquals(List.of(ProgramName.SYS_ENTER_BTF, ProgramName.SYS_EXIT_BTF), syscalls(choice));
    choice.refuse(ProgramName.SYS_ENTER_BTF, "no BTF");
    choice.refuse(ProgramName.SYS_EXIT_BTF, "no BTF");
    assertEquals(List.of(ProgramName.SYS_ENTER_RAW, ProgramName.SYS_EXIT_RAW), syscalls(choice));
    assertEquals(1, choice.degradations().size(), "both are one way");
  }

  @Test
  void takesTheWayThatIsDemandedAndNoOther() throws Exception {
    ProgramChoice choice = new ProgramChoice(Optional.of(AttachType.TRACEPOINT), COMMON);
    assertEquals(
        List.of(ProgramName.SYS_ENTER_CLASSIC, ProgramName.SYS_EXIT_CLASSIC), syscalls(choice));
    assertThrows(
        CaptureException.class,
        () -> choice.refuse(ProgramName.SYS_ENTER_CLASSIC, "Permission denied"));
    choice.refuse(ProgramName.SYS_ENTER_BTF, "not asked for, so nobody misses it");
    assertEquals(List.of(), choice.degradations());
  }

  @Test
  void saysWhatTheDemandedWayMisses() {
    assertEquals(
        1, new ProgramChoice(Optional.of(AttachType.TP_BTF), PREEMPTING).degradations().size());
    assertEquals(
        List.of(), new ProgramChoice(Optional.of(AttachType.TP_BTF), COMMON).degradations());
  }

  @Test
  void leavesOutWhatIsRefusedAlone() throws Exception {
    ProgramChoice choice = new ProgramChoice(Optional.empty(), COMMON);
    choice.refuse(ProgramName.SIGNAL_DELIVER, "not found");
    assertFalse(choice.takes(ProgramName.SIGNAL_DELIVER));
    assertTrue(choice.takes(ProgramName.SIGNAL_GENERATE));
    assertEquals("signals", choice.degradations().get(0).what());
  }
}
